"""A Slack Web API that keeps what people would see: a real server on a loopback port, in a thread of its own.

It is strict about its token, pages like Slack, and does wrong what it is told to (`fail`, `dark`, `without`).
"""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Json = dict[str, Any]
TEAM, USER, BOT, TOKEN = "T0JEEVES", "U0JEEVES", "B0JEEVES", "xoxb-stand-in"
PAGE = 15  # objects that Slack gives at a time, at the least


@dataclass
class Fault:
    """What goes wrong with the next call of `method`: `stored` tells whether it is done all the same."""

    method: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Json | bytes = b""
    stored: bool = False
    hang: bool = False
    channel: str | None = None


@dataclass
class Call:
    """A call as it came. `at` in monotonic seconds; `fault` when it was not answered as it should have been."""

    method: str
    args: Json
    at: float
    fault: Fault | None = None


class SlackStandIn:
    """`shown` is what counts: what people see now. `with SlackStandIn() as slack:` in tests of any kind."""

    def __init__(self, *, token: str = TOKEN, team: str = TEAM, host: str = "127.0.0.1", port: int = 0) -> None:
        self.token, self.team, self.user, self.bot = token, team, USER, BOT
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.statuses: dict[tuple[str, str], str] = {}
        self.dark = False  # every call hangs
        self.slow = 0.0  # seconds between what a call does and its answer
        self.without: set[str] = set()  # methods for which a scope is missing
        self._messages: dict[tuple[str, str], Json] = {}
        self._numbers = itertools.count(1)
        self._host, self.port = host, port
        self._loop = asyncio.new_event_loop()
        self._over: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    @property
    def url(self) -> str:
        """What `SLACK_API_URL` is set to."""
        return f"http://{self._host}:{self.port}/api/"

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
        if self._over and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def shown(self, *channels: str) -> list[Json]:
        """What people see in these channels (in all, when none is named), in order of posting."""
        return [dict(m) for (channel, _), m in list(self._messages.items()) if not channels or channel in channels]

    def called(self, method: str) -> list[Call]:
        """All calls of a method."""
        return [call for call in list(self.calls) if call.method == method]

    def fail(self, method: str, code: str = "", *, times: int = 1, **how: Any) -> None:
        """Let the next calls of a method go wrong: `ok: false` with `code`, or as `how` says (fields of Fault)."""
        body = {"ok": False, "error": code} if code else b""
        self.faults += [Fault(method, **{"body": body, **how}) for _ in range(times)]

    def limit(self, seconds: int, *, method: str = "chat.postMessage", channel: str | None = None) -> None:
        """Answer the next call 429, to be tried again after `seconds`."""
        self.fail(method, "ratelimited", status=429, headers={"Retry-After": str(seconds)}, channel=channel)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._over = asyncio.Event()
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._called)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, self._host, self.port)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._over.wait()
        await runner.cleanup()

    async def _called(self, request: web.Request) -> web.Response:
        method, args = request.match_info["method"], await self._args(request)
        call = Call(method, args, time.monotonic(), self._fault(method, args))
        self.calls.append(call)
        fault = call.fault
        if fault and not fault.stored:
            return await self._wrong(fault)
        if self.dark:
            while self.dark:  # noqa: ASYNC110 - set by another thread
                await asyncio.sleep(0.02)
            return web.Response(status=503)  # what hung was never done
        answer = self._answer(method, args, request.headers.get("Authorization", ""))
        await asyncio.sleep(self.slow)
        return await self._wrong(fault) if fault else web.json_response(answer)

    @staticmethod
    async def _args(request: web.Request) -> Json:
        body = await request.read()
        sent = json.loads(body) if request.content_type == "application/json" and body else dict(await request.post())
        return {**request.query, **sent}

    def _fault(self, method: str, args: Json) -> Fault | None:
        fits = (f for f in self.faults if f.method == method and f.channel in (None, args.get("channel")))
        fault = next(fits, None)
        if fault:
            self.faults.remove(fault)
        return fault

    @staticmethod
    async def _wrong(fault: Fault) -> web.Response:
        if fault.hang:
            await asyncio.sleep(3600)
        if isinstance(fault.body, bytes):
            return web.Response(status=fault.status, headers=fault.headers, body=fault.body, content_type="text/html")
        return web.json_response(fault.body, status=fault.status, headers=fault.headers)

    def _answer(self, method: str, args: Json, authorization: str) -> Json:
        if authorization != f"Bearer {self.token}":
            return _no("invalid_auth" if authorization else "not_authed")
        if method in self.without:
            return {**_no("missing_scope"), "needed": "some:scope", "provided": "chat:write"}
        answer: Callable[[Json], Json] | None = getattr(self, "_" + method.replace(".", "_").lower(), None)
        return answer(args) if answer else _no("unknown_method")

    def _auth_test(self, _: Json) -> Json:
        return {"ok": True, "team_id": self.team, "user_id": self.user, "bot_id": self.bot, "is_enterprise_install": False}

    def _users_info(self, args: Json) -> Json:
        profile = {"display_name": "", "real_name": "Some One"}
        return {"ok": True, "user": {"id": args["user"], "team_id": self.team, "tz": "Europe/London", "profile": profile}}

    def _conversations_open(self, args: Json) -> Json:
        return {"ok": True, "channel": {"id": _channel(str(args.get("users", "")))}}

    def _assistant_threads_setstatus(self, args: Json) -> Json:
        self.statuses[args["channel_id"], args["thread_ts"]] = args["status"]
        return {"ok": True}

    def _chat_postmessage(self, args: Json) -> Json:
        return self._post(args, ephemeral=False)

    def _chat_postephemeral(self, args: Json) -> Json:
        return self._post(args, ephemeral=True) if args.get("user") else _no("user_not_in_channel")

    def _post(self, args: Json, *, ephemeral: bool) -> Json:
        channel = _channel(str(args.get("channel", "")))
        if not channel:
            return _no("channel_not_found")
        if not args.get("text") and not args.get("blocks"):
            return _no("no_text")
        ts = f"{int(time.time())}.{next(self._numbers):06d}"
        own = {"type": "message", "user": self.user, "bot_id": self.bot, "ephemeral": ephemeral}
        self._messages[channel, ts] = {**args, **own, "channel": channel, "ts": ts}
        self.statuses.pop((channel, str(args.get("thread_ts"))), None)
        return {"ok": True, "channel": channel, **({"message_ts": ts} if ephemeral else {"ts": ts})}

    def _chat_update(self, args: Json) -> Json:
        key = (args["channel"], args["ts"])
        if key not in self._messages:
            return _no("message_not_found")
        self._messages[key] |= args
        return {"ok": True, "channel": key[0], "ts": key[1]}

    def _chat_delete(self, args: Json) -> Json:
        gone = self._messages.pop((args["channel"], args["ts"]), None)
        return {"ok": True} if gone else _no("message_not_found")

    def _conversations_history(self, args: Json) -> Json:
        return self._page(args, [m for m in self._kept(args) if "thread_ts" not in m][::-1])

    def _conversations_replies(self, args: Json) -> Json:
        return self._page(args, [m for m in self._kept(args) if args["ts"] in (m["ts"], m.get("thread_ts"))])

    def _kept(self, args: Json) -> list[Json]:
        oldest, told = float(args.get("oldest", 0)), str(args.get("include_all_metadata", "")) in ("1", "true", "True")
        found = [m for m in self.shown(args["channel"]) if not m["ephemeral"] and float(m["ts"]) > oldest]
        return found if told else [{k: v for k, v in m.items() if k != "metadata"} for m in found]

    @staticmethod
    def _page(args: Json, found: list[Json]) -> Json:
        start, size = int(args.get("cursor") or 0), min(int(args.get("limit", PAGE)), PAGE)
        more = {"next_cursor": str(start + size)} if start + size < len(found) else {}
        return {"ok": True, "messages": found[start : start + size], "has_more": bool(more), "response_metadata": more}


def _no(code: str) -> Json:
    return {"ok": False, "error": code}


def _channel(name: str) -> str:
    """A person's id stands for the direct conversation with that person."""
    return "D" + name[1:] if name.startswith(("U", "W")) else name
