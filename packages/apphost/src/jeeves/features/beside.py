"""Run one action beside a running Jeeves, which hears of it at once: `make action NAME=dice`, for who writes one."""

import time
from collections.abc import Callable, Sequence

from jeeves import operator, registry
from jeeves.environment import Given
from jeeves.features.api import Features, Told
from jeeves.features.process import ActionProcess
from jeeves.registry import Declared
from jeeves.servers.processes import ServerError
from jeeves.stack.stack import tell
from jeeves_service.errors import JeevesError, SettingsError

LOOK = 0.3  # seconds between two looks at its source


def run(given: Given, name: str, command: Sequence[str] = ()) -> None:
    """Run it until told to stop, anew whenever its source changes; then Jeeves is as it was before.

    `command` starts an action that is none of this checkout's. Raises SettingsError, ServerError or JeevesError.
    """
    if not name:
        raise SettingsError([f"NAME is missing: make action NAME=weather. There are: {', '.join(sorted(_named()))}."])
    found = operator.found(given)
    if not found.keys:
        raise SettingsError(["It is not known whom the action may believe: set JEEVES_SERVICE_KEYS to all public keys."])
    process = ActionProcess(name, given, found.keys, None if command else _declared(name), command)
    features = Features(found)
    before = features.listed().get(name)
    try:
        process.start()
        try:
            features.put(name, process.url, enabled=True)
            tell(f"{name} answers now. Change it and ask again; Ctrl-C ends it.")
            _watch(process, features, name, lambda: operator.reached(given) == found)
        finally:
            _restore(features, name, before)
    finally:
        process.stop()


def _named() -> dict[str, Declared]:
    return {service.feature: service for service in registry.services() if service.feature}


def _declared(name: str) -> Declared:
    named = _named()
    if name not in named:
        raise SettingsError([f"No action here is called “{name}”. There are: {', '.join(sorted(named))}."])
    return named[name]


def _watch(process: ActionProcess, features: Features, name: str, still: Callable[[], bool]) -> None:
    """Start it anew whenever its source changes. Raises ServerError when it ends by itself, or Jeeves does."""
    seen, whole = process.source(), True
    while still():
        time.sleep(LOOK)
        if (now := process.source()) != seen:
            seen, whole = now, _again(process, features, name)
        elif whole and process.ended:
            raise ServerError(f"{name} has ended by itself.")
    raise ServerError("Jeeves has ended, or was started anew: run this once more.")


def _again(process: ActionProcess, features: Features, name: str) -> bool:
    """Start it anew, and tell whether it answers: a mistake in it waits for the next change."""
    process.stop()
    try:
        process.start()
        features.put(name, process.url, enabled=True)
    except (ServerError, JeevesError) as error:
        tell(f"{error}\n{name} waits for your next change.")
        return False
    tell(f"{name} is started anew.")
    return True


def _restore(features: Features, name: str, before: Told | None) -> None:
    """Give its place back to whoever had it, else to nobody."""
    try:
        if before is not None:
            features.put(name, before["url"], enabled=before["enabled"])
            return
    except JeevesError as error:
        tell(f"What answered for {name} before is away: {error}")
    try:
        features.remove(name)
        tell(f"{name} is out again.")
    except JeevesError as error:
        tell(f"{name} could not be taken out: {error}")
