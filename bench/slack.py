"""The Slack that the benchmark's subjects post to: it only takes note of when which message was answered.

It runs in the load generator's process, so that both read one clock, and neither counts as a subject's work.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from httptools import HttpRequestParser
from pydantic_core import from_json, to_json

from bench.events import BOT_USER, TEAM

POSTS = {b"/api/chat.postMessage": b"ts", b"/api/chat.postEphemeral": b"message_ts"}
AUTH = {"ok": True, "team_id": TEAM, "user_id": BOT_USER, "bot_id": "B0BENCH", "is_enterprise_install": False}
SOMEBODY = {"ok": True, "user": {"id": "U0", "team_id": TEAM, "tz": "Europe/London", "locale": "en-GB"}}
CALMLY = {
    b"/api/auth.test": to_json(AUTH),
    b"/api/users.info": to_json(SOMEBODY),
    b"/api/assistant.threads.setStatus": b'{"ok":true}',
}
UNKNOWN = b'{"ok":false,"error":"unknown_method"}'


class Slack:
    """`doubled`: answers beyond the first to a message; `odd`: calls of methods that nothing here should need."""

    def __init__(self) -> None:
        self.port = 0
        self.doubled, self.odd = 0, 0
        self._waited: dict[str, asyncio.Future[float]] = {}

    @property
    def url(self) -> str:
        """What `SLACK_API_URL` is set to."""
        return f"http://127.0.0.1:{self.port}/api/"

    def expect(self, ts: str) -> "asyncio.Future[float]":
        """Return the time, in monotonic seconds, at which the answer to a message will have come."""
        self._waited[ts] = future = asyncio.get_running_loop().create_future()
        return future

    def answer(self, path: bytes, body: bytes) -> bytes:
        """Do what a call asks for; return the answer."""
        if path in POSTS:
            self._posted(str(from_json(body)["thread_ts"]))
            return b'{"ok":true,"channel":"C0","%s":"1503435956.000247"}' % POSTS[path]
        self.odd += path not in CALMLY
        return CALMLY.get(path, UNKNOWN)

    def _posted(self, ts: str) -> None:
        future = self._waited.get(ts)
        if future is None or future.done():
            self.doubled += future is not None and not future.cancelled()
        else:
            future.set_result(time.monotonic())

    def forget(self) -> None:
        """Expect nothing any more: what comes now was given up on."""
        for future in self._waited.values():
            future.cancel()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["Slack"]:
        """Listen while the body runs."""
        server = await asyncio.get_running_loop().create_server(lambda: _Call(self), "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()


class _Call(asyncio.Protocol):
    def __init__(self, slack: Slack) -> None:
        self._slack, self._parser = slack, HttpRequestParser(self)
        self._path, self._body = b"", b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path, self._body = url.partition(b"?")[0], b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        answer = self._slack.answer(self._path, self._body)
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(answer)
        self._transport.write(head + answer)
