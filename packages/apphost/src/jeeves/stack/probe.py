"""Is a stack whole? Asked from outside, as an operator would."""

import json
import urllib.error
import urllib.request

from jeeves import gateway
from jeeves.registry import Declared
from jeeves.stack.state import GATEWAY, State, Unit

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
NOT_FOUND = 404
SERVER_ERROR = 500


def trouble(state: State, declared: tuple[Declared, ...], *, outside: bool = False) -> dict[str, str]:
    """Return what is wrong, by process; empty when all are ready and the edge lets through to each public service.

    What a service declares to be outside of Jeeves, such as Slack, counts only when `outside` is asked for.
    """
    ignored = {service.name: () if outside else service.needs.outside for service in declared}
    found: dict[str, str] = {}
    for unit in state.units:
        if not unit.alive:
            words = "the process has ended"
        elif unit.service == GATEWAY:
            words = _edge(state.url, declared)
        else:
            words = _readiness(unit, ignored.get(unit.service, ()))
        if words:
            found[unit.name] = words
    return found or ({} if state.units else {GATEWAY: "nothing is started"})


def _edge(url: str, declared: tuple[Declared, ...]) -> str:
    for service in declared:
        for route in service.routes[:1]:
            status, body = ask(route.methods[0], url + route.path.removesuffix(gateway.ALL))
            lost = status == NOT_FOUND and not body.startswith(b"{")  # what a service has not is a problem, in JSON
            if status == 0 or lost or status >= SERVER_ERROR:
                return f"{route.path} answers {status or 'nothing'}"
    return ""


def _readiness(unit: Unit, ignored: tuple[str, ...]) -> str:
    _, body = ask("GET", f"http://127.0.0.1:{unit.ops_port}/readyz")
    try:
        checks = json.loads(body)["checks"]
    except (ValueError, KeyError, TypeError):
        return "does not answer"
    return ", ".join(f"{name}: {words}" for name, words in checks.items() if words != "ok" and name not in ignored)


def ask(method: str, url: str) -> tuple[int, bytes]:
    """Send an empty request straight to this machine; status 0 when nobody answers."""
    request = urllib.request.Request(url, method=method, data=None if method == "GET" else b"")  # noqa: S310
    try:
        with _direct.open(request, timeout=5) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""
