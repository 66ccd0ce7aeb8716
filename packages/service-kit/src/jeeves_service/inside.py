"""A call of an ASGI app in this process, as over a network: bytes in, bytes out, in a context of its own."""

import asyncio
import contextlib
import contextvars
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

Asgi = Callable[[Any, Any, Any], Awaitable[None]]
Answered = tuple[int, list[tuple[bytes, bytes]], bytes]  # status, headers, body
FAILED: Answered = (500, [], b"")  # what a server says for an app that raises


class TooMuchError(Exception):
    """The app's answer is longer than what is read."""


class _Exchange:
    """One request and what comes back for it."""

    def __init__(self, body: bytes, limit: int) -> None:
        self._requested, self._limit = [{"type": "http.request", "body": body, "more_body": False}], limit
        self._over = asyncio.Event()
        self.size, self.whole = 0, False
        self.status, self.headers, self.chunks = 0, list[tuple[bytes, bytes]](), list[bytes]()

    async def receive(self) -> dict[str, Any]:
        if self._requested:
            return self._requested.pop()
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, event: Mapping[str, Any]) -> None:
        if event["type"] == "http.response.start":
            self.status, self.headers = event["status"], list(event.get("headers", ()))
        elif event["type"] == "http.response.body":
            self.chunks.append(event.get("body", b""))
            self.size += len(self.chunks[-1])
            if self.size > self._limit:
                raise TooMuchError
            if not event.get("more_body", False):
                self._over.set()


async def call(app: Asgi, method: str, url: str, *, headers: Mapping[str, str], body: bytes, limit: int) -> Answered:
    """Ask an app; return its answer, FAILED when it raises. Raises TooMuchError beyond `limit` bytes."""
    exchange = _Exchange(body, limit)
    work = app(_scope(method, url, headers, body), exchange.receive, exchange.send)
    with contextlib.suppress(Exception):  # whatever it is: over a network it would be the server's to tell
        # A context of its own: what the caller bound is not the callee's, nor the other way round.
        await asyncio.create_task(work, context=contextvars.Context())  # type: ignore[arg-type]
        exchange.whole = True
    if exchange.size > limit:
        raise TooMuchError
    if not exchange.whole or not exchange.status:
        return FAILED
    return exchange.status, exchange.headers, b"".join(exchange.chunks)


def _scope(method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    parts = urlsplit(url)
    path = parts.path or "/"
    sent = [(b"host", parts.netloc.encode()), *((name.lower().encode(), value.encode()) for name, value in headers.items())]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [*sent, (b"content-length", str(len(body)).encode())],
        "client": ("127.0.0.1", 0),
        "server": (parts.hostname, parts.port or 80),
    }
