"""The sandbox's Web API for tests and the demo: a real server on a loopback port, in a thread of its own.

Whoever and whatever is named exists in it. It is strict about its token, pages like Slack, and does wrong what it is told to
(`fail`, `limit`, `dark`, `slow`, `without`).
"""

import asyncio
import threading
from typing import Any, Self

import uvloop

from jeeves_sandbox.app import API
from jeeves_sandbox.people import BOT_USER
from jeeves_sandbox.record import Record
from jeeves_sandbox.troubles import Troubles
from jeeves_sandbox.web_api import Call, WebApi
from jeeves_sandbox.workspace import Post, Workspace
from jeeves_service import serve
from jeeves_service.clock import SystemClock

Json = dict[str, Any]
TEAM, USER, TOKEN = "T0JEEVES", BOT_USER, "xoxb-stand-in"


class SlackStandIn(Troubles):
    """`shown` is what counts: what people see now. `with SlackStandIn() as slack:` in tests of any kind."""

    def __init__(self, *, token: str = TOKEN, team: str = TEAM, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__()
        clock = SystemClock()
        self.calls: list[Call] = []
        self.space = Workspace(clock, team=team, open_world=True)
        self._api = WebApi(self.space, self, Record(clock), clock, token=token)
        self._api.on_call = self.calls.append
        self._host, self.port = host, port
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready, self._server = threading.Event(), serve.listener(self._api, host, port)

    @property
    def token(self) -> str:
        """The only token that it knows."""
        return self._api.token

    @token.setter
    def token(self, token: str) -> None:
        self._api.token = token

    @property
    def url(self) -> str:
        """What `SLACK_API_URL` is set to."""
        return f"http://{self._host}:{self.port}{API}"

    @property
    def statuses(self) -> dict[tuple[str, str], str]:
        """What Jeeves shows that it is doing, by channel and thread."""
        return self.space.statuses

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the Slack stand-in did not start")

    def stop(self) -> None:
        """End, whatever hangs."""
        self.over = self._server.should_exit = True
        self._thread.join(10)

    def shown(self, *channels: str) -> list[Json]:
        """What people see in these channels (in all, when none is named), in order of posting."""
        return [post.shown for post in list(self.space.posts.values()) if not channels or post.channel in channels]

    def called(self, method: str) -> list[Call]:
        """All calls of a method."""
        return [call for call in list(self.calls) if call.method == method]

    def post(self, channel: str, text: str, **parts: Any) -> None:
        """Show a post of Jeeves's that was made before; `parts` of the message may say that it is another app's."""
        message = {"type": "message", "user": USER, "bot_id": "B0JEEVES", "text": text, "ts": self.space.new_ts(), **parts}
        self.space.add(Post(channel, message))

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        socket = serve.bound(self._host, self.port)
        self.port = socket.getsockname()[1]
        serving = asyncio.create_task(self._server.serve([socket]))
        while not self._server.started:  # noqa: ASYNC110 - uvicorn tells in no other way
            await asyncio.sleep(0.002)
        self._ready.set()
        await serving
