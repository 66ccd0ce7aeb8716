"""The embedded form's edge: the gateway's table, body limit and headers as an ASGI app. What the table lacks is not there."""

import asyncio
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from jeeves.gateway import ALL, HEADERS, MAX_BODY, below
from jeeves_contracts.problem import MEDIA_TYPE, Problem
from jeeves_service.http import Asgi

PATIENCE = 10  # seconds that a body of unknown length may take
READ_AT_MOST = 16 * MAX_BODY  # bytes of a body that is too long
#: Bytes that may stand encoded in a path: none that two readers could take for a part of its shape, or that need not be.
SHAPED = b"./\\%;?#*-_~\x7f"
ENCODED = b"|".join(b"%02X" % byte for byte in range(0x20, 0x100) if not (bytes([byte]).isalnum() or byte in SHAPED))
#: What may stand below a prefix: nothing that a reader would fold or step up from.
PLAIN = re.compile(rb"(?:/(?!\.\.?(?:/|\Z))(?:[A-Za-z0-9._~:@'-]|%(?i:" + ENCODED + rb"))+)+/?")
ADDED = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


def create_edge(table: Mapping[tuple[str, str], str], apps: Mapping[str, Asgi], *, trusted: Collection[str] = ()) -> Asgi:
    """Return an app that lets through the methods and paths of `table`, to the public apps of its services.

    `trusted` are those whose pages need headers of their own: theirs stand.
    """
    find = _finder(table, apps)
    bare = [apps[name] for name in trusted]

    async def edge(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return

        async def protected(event: Any) -> None:
            if event["type"] == "http.response.start":
                kept = [(name, value) for name, value in event.get("headers", ()) if name.lower() not in OVERRIDDEN]
                event = {**event, "headers": kept + ADDED}
            await send(event)

        app = find(scope["method"], scope["raw_path"])
        if app is None:
            await _problem(protected, 404, "Not found")
            return
        length = dict(scope["headers"]).get(b"content-length")
        whole = receive if length and int(length) <= MAX_BODY else await _whole(receive)
        if whole is None:
            await _problem(protected, 413, "Too large", f"A body may have {MAX_BODY} bytes.")
            return
        kept = {**scope, "headers": [header for header in scope["headers"] if not _forged(header[0])]}
        await app(kept, whole, send if app in bare else protected)

    return edge


def _finder(table: Mapping[tuple[str, str], str], apps: Mapping[str, Asgi]) -> Callable[[str, bytes], Asgi | None]:
    """Return what finds the app for a method and a path, by its bytes as sent: no decoding, no normalising."""
    exact = {(method, path.encode()): apps[name] for (method, path), name in table.items() if not path.endswith(ALL)}
    prefixes = [(method, path, apps[name]) for (method, path), name in table.items() if path.endswith(ALL)]

    def find(method: str, raw: bytes) -> Asgi | None:
        if (app := exact.get((method, raw))) or not PLAIN.fullmatch(raw):
            return app
        path = raw.decode("ascii")
        return next((app for told, prefix, app in prefixes if told == method and below(prefix, path)), None)

    return find


OVERRIDDEN = {name for name, _ in ADDED} | {b"server"}


def _forged(name: bytes) -> bool:
    """Tell whether a header pretends to be another one, or to come from a proxy (this edge has none before it)."""
    return b"_" in name or b"." in name or name.startswith(b"x-forwarded-") or name == b"x-real-ip"


async def _whole(receive: Any) -> Any:
    """Read a body; return what hands it on, or None when it is too long or too slow.

    Of one that is too long the rest is read and thrown away, so that who sends it hears the answer and no reset.
    """
    body, size, more = b"", 0, True
    try:
        async with asyncio.timeout(PATIENCE):
            while more and size <= READ_AT_MOST:
                event = await receive()
                if event["type"] == "http.disconnect":
                    return None
                size += len(event.get("body", b""))
                body = body + event.get("body", b"") if size <= MAX_BODY else b""
                more = event.get("more_body", False)
    except TimeoutError:
        return None
    if size > MAX_BODY:
        return None
    events = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def again() -> Any:
        return next(events, None) or await receive()

    return again


async def _problem(send: Any, status: int, title: str, detail: str = "") -> None:
    body = Problem(title=title, status=status, detail=detail).to_bytes()
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
