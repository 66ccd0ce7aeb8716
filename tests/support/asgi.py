"""One request put to an ASGI app byte by byte: header values and bodies that no HTTP client would send."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jeeves_service.http import Asgi


@dataclass(frozen=True)
class Got:
    """What came back; `read` counts the chunks of the body that were asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    read: int


async def ask(
    app: Asgi,
    method: str,
    path: str,
    headers: Iterable[tuple[bytes, bytes]] = (),
    chunks: Iterable[bytes] = (b"",),
) -> Got | None:
    """Send a request whose body arrives in `chunks`. None when the app answers nothing."""
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "raw_path": path.encode()}
    scope |= {"headers": list(headers), "scheme": "http", "http_version": "1.1", "root_path": "", "server": ("test", 80)}
    parts, sent, read = _parts(list(chunks)), [], 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 1
        return next(parts)

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    await app({**scope, "client": ("test", 1), "extensions": {}, "asgi": {"version": "3.0"}}, receive, send)
    if not sent:
        return None
    body = b"".join(event.get("body", b"") for event in sent[1:])
    return Got(sent[0]["status"], {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}, body, read)


def _parts(chunks: list[bytes]) -> Iterator[dict[str, Any]]:
    for number, chunk in enumerate(chunks, start=1):
        yield {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
    while True:
        yield {"type": "http.disconnect"}
