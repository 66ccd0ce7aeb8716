"""A workspace, its Web API and its page, called as Jeeves and as a browser call them."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from quart import Quart, Response, request

from jeeves_sandbox.app import API, Credentials, Sandbox, create_sandbox
from jeeves_service.http import Asgi, HttpClient
from jeeves_service.http import Response as Answer
from support.asgi import Got, ask
from support.clock import FakeClock

ORIGIN = "http://127.0.0.1:8000"
Json = dict[str, Any]


class Jeeves:
    """The far end: what is delivered to it, byte by byte, and what it answers, one after the other and then 200."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []

    def app(self) -> Quart:
        """Return it as an app."""
        app = Quart("jeeves")

        @app.post("/slack/events")
        async def events() -> Response:
            self.got.append(({name.lower(): value for name, value in request.headers.items()}, await request.get_data()))
            status, headers = self.answers.pop(0) if self.answers else (200, {})
            return Response(b"", status, headers)

        return app

    @property
    def events(self) -> list[Json]:
        """The events that came, without their envelopes."""
        payloads = [json.loads(body) for headers, body in self.got if headers["content-type"] == "application/json"]
        return [payload["event"] for payload in payloads if "event" in payload]


@dataclass
class World:
    """`call` is Jeeves's way in, `page` a browser's; the session is that of the page once it was opened."""

    sandbox: Sandbox
    credentials: Credentials
    jeeves: Jeeves
    clock: FakeClock
    http: HttpClient
    cookie: str = ""
    token: str = ""

    async def call(self, method: str, args: Json | None = None, *, token: str | None = None, **headers: str) -> Json:
        """Call the Web API."""
        bearer = f"Bearer {self.credentials.token if token is None else token}"
        sent = {"host": "127.0.0.1:8000", "authorization": bearer, "content-type": "application/json", **headers}
        got = await self.request("POST", API + method, json.dumps(args or {}).encode(), sent)
        assert got.status == 200
        answer: Json = json.loads(got.body)
        return answer

    async def request(self, method: str, path: str, body: bytes = b"", headers: Json | None = None) -> Got:
        """Send bytes."""
        given = {"host": "127.0.0.1:8000", **(headers or {})}
        pairs = [(name.encode(), value.encode("latin-1")) for name, value in given.items() if value is not None]
        got = await ask(self.sandbox.app, method, path, pairs, [body])
        assert got
        return got

    async def open(self) -> "World":
        """Open the page, as a person who types its address does."""
        got = await self.request("GET", "/sandbox/", headers={"sec-fetch-site": "none"})
        assert got.status == 200
        self.cookie = got.headers["set-cookie"].partition(";")[0]
        self.token = (await self.read("/state"))["token"]
        return self

    async def read(self, path: str) -> Json:
        """Ask as the page does."""
        got = await self.get(path)
        assert got.status == 200, got.body
        answer: Json = json.loads(got.body)
        return answer

    async def get(self, path: str) -> Answer:
        """Ask as the page does, whatever comes."""
        headers = {"cookie": self.cookie, "sec-fetch-site": "same-origin"}
        return await self.http.request("GET", f"{ORIGIN}/sandbox{path}", headers=headers)

    def changing(self) -> Json:
        """Return the headers of a change that our page makes."""
        return {
            "cookie": self.cookie,
            "origin": ORIGIN,
            "sec-fetch-site": "same-origin",
            "content-type": "application/json",
            "x-sandbox-token": self.token,
        }

    async def do(self, path: str, **body: Any) -> Got:
        """Change something as the page does."""
        return await self.request("POST", "/sandbox" + path, json.dumps(body).encode(), self.changing())


@pytest.fixture
async def world() -> AsyncIterator[World]:
    jeeves, clock, credentials = Jeeves(), FakeClock(), Credentials()
    mounts: dict[str, Asgi] = {"jeeves": jeeves.app()}
    http = HttpClient(mounts=mounts)
    sandbox = create_sandbox(credentials, ORIGIN, jeeves="http://jeeves", http=http, clock=clock)
    mounts["127.0.0.1"] = sandbox.app
    yield World(sandbox, credentials, jeeves, clock, http)
    sandbox.hush()
    await sandbox.stop()
    await http.aclose()
