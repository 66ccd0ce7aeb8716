"""`POST /slack/events`, the only public route: a bare ASGI callable, for it is the hottest one; the rest is a Quart app's."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

from jeeves_service.http import Asgi
from slack_ingest.metrics import Metrics
from slack_ingest.receive import Answer, Receiver, refusal

PATH = "/slack/events"
MAX_BODY = 1024 * 1024  # bytes
PATIENCE = 10  # seconds that a body may take to arrive
ONCE = (b"x-slack-request-timestamp", b"x-slack-signature", b"content-type", b"content-length")
CLOSE = (b"connection", b"close")
NOT_POST = refusal(405, "Method Not Allowed", "Slack sends POST here.", (b"allow", b"POST"))
TOO_LONG = refusal(413, "Too Long", f"A body may have {MAX_BODY} bytes.", CLOSE)
TOO_SLOW = refusal(408, "Too Slow", f"A body must arrive within {PATIENCE} s.", CLOSE)
AMBIGUOUS = Answer(401)


class TooLongError(Exception):
    """The body is longer than MAX_BODY."""


class GoneError(Exception):
    """The client hung up before its body was here."""


@dataclass(frozen=True)
class SlackRoutes:
    """The public face. `others` answers for every other path."""

    receiver: Receiver
    metrics: Metrics
    others: Asgi

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.others(scope, receive, send)
            return
        try:
            answer = await self._answer(scope, receive)
        except GoneError:
            return
        headers = [(b"content-length", str(len(answer.body)).encode()), *answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Any, receive: Any) -> Answer:
        if scope["method"] != "POST":
            return self._refused(NOT_POST, "method")
        names = Counter(name for name, _ in scope["headers"])
        if any(names[name] > 1 for name in ONCE):  # which of the two was meant is not ours to guess
            return self._refused(AMBIGUOUS, "malformed")
        headers = dict(scope["headers"])
        try:
            async with asyncio.timeout(PATIENCE):
                body = await read(headers.get(b"content-length", b"0"), receive)
        except TooLongError:
            return self._refused(TOO_LONG, "too_long")
        except TimeoutError:
            return self._refused(TOO_SLOW, "too_slow")
        return await self.receiver.receive(headers, body)

    def _refused(self, answer: Answer, reason: str) -> Answer:
        self.metrics.delivered("refused", reason)
        return answer


async def read(length: bytes, receive: Any) -> bytes:
    """Return a request's body. `length` is what its header promises.

    Raises TooLongError as soon as it is clear, before all of it is read; GoneError when the client hangs up.
    """
    if length.isdigit() and (len(length) > 12 or int(length) > MAX_BODY):  # noqa: PLR2004
        raise TooLongError
    chunks, size, more = [], 0, True
    while more:
        part = await receive()
        if part["type"] == "http.disconnect":
            raise GoneError
        chunks.append(part.get("body", b""))
        size += len(chunks[-1])
        if size > MAX_BODY:
            raise TooLongError
        more = part.get("more_body", False)
    return b"".join(chunks)
