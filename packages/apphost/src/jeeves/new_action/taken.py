"""Which commands the actions of this checkout have: each is asked for its manifest, none is started."""

import asyncio
from collections.abc import Iterable

from jeeves.registry import Declared
from jeeves_contracts.actions import Manifest
from jeeves_service.clock import SystemClock
from jeeves_service.http import HttpClient
from jeeves_service.tokens import new_keys


def commands(declared: Iterable[Declared]) -> dict[str, str]:
    """Return each name and alias of a command with its service."""
    return asyncio.run(_commands([service for service in declared if service.feature]))


async def _commands(actions: list[Declared]) -> dict[str, str]:
    private, public = new_keys({action.name: () for action in actions})
    found = dict[str, str]()
    for action in actions:
        try:
            manifest = await _manifest(action, {"JEEVES_SERVICE_KEY": private[action.name], "JEEVES_SERVICE_KEYS": public})
        except Exception:  # noqa: BLE001, S112 - half written, or in need of more settings: a clash is told when it is registered
            continue
        found |= {name: action.name for command in manifest.commands for name in (command.name, *command.aliases)}
    return found


async def _manifest(action: Declared, environ: dict[str, str]) -> Manifest:
    outside = HttpClient()
    app = action.create_app(action.settings.load(environ), http=outside, clock=SystemClock()).public
    inside = HttpClient(mounts={action.name: app} if app else {})
    try:
        return Manifest.from_bytes((await inside.request("GET", f"http://{action.name}/v1/manifest")).body)
    finally:
        await inside.aclose()
        await outside.aclose()
