"""The embedded form's edge: the gateway's table, body limit and headers as an ASGI app. What the table lacks is not there."""

import asyncio
from collections.abc import Mapping
from typing import Any

from jeeves.gateway import HEADERS, MAX_BODY
from jeeves_contracts.problem import MEDIA_TYPE, Problem
from jeeves_service.http import Asgi

PATIENCE = 10  # seconds that a body of unknown length may take
READ_AT_MOST = 16 * MAX_BODY  # bytes of a body that is too long
ADDED = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


def create_edge(table: Mapping[tuple[str, str], str], apps: Mapping[str, Asgi]) -> Asgi:
    """Return an app that lets through the methods and exact paths of `table`, to the public apps of its services."""
    routes = {(method, path.encode()): apps[service] for (method, path), service in table.items()}

    async def edge(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return

        async def protected(event: Any) -> None:
            if event["type"] == "http.response.start":
                kept = [(name, value) for name, value in event.get("headers", ()) if name.lower() not in OVERRIDDEN]
                event = {**event, "headers": kept + ADDED}
            await send(event)

        app = routes.get((scope["method"], scope["raw_path"]))  # the bytes as sent: no decoding, no normalising
        if app is None:
            await _problem(protected, 404, "Not found")
            return
        length = dict(scope["headers"]).get(b"content-length")
        whole = receive if length and int(length) <= MAX_BODY else await _whole(receive)
        if whole is None:
            await _problem(protected, 413, "Too large", f"A body may have {MAX_BODY} bytes.")
            return
        await app({**scope, "headers": [header for header in scope["headers"] if not _forged(header[0])]}, whole, protected)

    return edge


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
