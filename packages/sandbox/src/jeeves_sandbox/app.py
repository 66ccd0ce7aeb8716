"""The composition root of the sandbox: a workspace, its Web API, its deliveries, its page, behind one guard."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from jeeves_contracts.problem import MEDIA_TYPE, Problem
from jeeves_sandbox import views
from jeeves_sandbox.acts import Acts
from jeeves_sandbox.delivery import Deliveries
from jeeves_sandbox.guard import Guard
from jeeves_sandbox.people import PEOPLE, TEAM
from jeeves_sandbox.record import Entry, Record
from jeeves_sandbox.routes import acting_routes, page_routes, reading_routes
from jeeves_sandbox.stream import Stream
from jeeves_sandbox.troubles import Troubles
from jeeves_sandbox.web_api import WebApi
from jeeves_sandbox.words import say
from jeeves_sandbox.workspace import Change, Workspace
from jeeves_service.clock import Clock
from jeeves_service.http import Asgi, HttpClient
from jeeves_service.web import create_quart

PREFIX = "/sandbox"
API = f"{PREFIX}/api/"
EVENTS = "/slack/events"  # the address that Slack is given
#: What needs no session: the page that gives one, and its files, which anybody may know.
PUBLIC = (PREFIX, f"{PREFIX}/", f"{PREFIX}/protocol")
FILES = f"{PREFIX}/files/"
KEPT = 5000  # posts
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Credentials:
    """What Jeeves and the workspace know of each other, new in every run."""

    token: str = field(default_factory=lambda: f"xoxb-sandbox-{secrets.token_hex(24)}", repr=False)
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)

    def settings(self, origin: str) -> dict[str, str]:
        """Return the settings by which Jeeves takes the sandbox at `origin` for its Slack."""
        return {
            "SLACK_BOT_TOKEN": self.token,
            "SLACK_SIGNING_SECRET": self.signing_secret,
            "SLACK_API_URL": origin + API,
            "JEEVES_ADMINS": ",".join(f"{TEAM}:{person.id}" for person in PEOPLE if person.admin),
        }


@dataclass(frozen=True)
class Sandbox:
    """`app` answers below `/sandbox/`. `hush` before the server that it stands on ends, for streams have no end."""

    app: Asgi
    space: Workspace
    troubles: Troubles
    record: Record
    acts: Acts
    stream: Stream

    def start(self) -> None:
        """Ask Jeeves whether it is there."""
        self.acts.introduce()

    def hush(self) -> None:
        """End streams, and whatever hangs on purpose."""
        self.stream.close()
        self.troubles.over = True

    async def stop(self) -> None:
        """Give up deliveries that are under way."""
        await self.acts.deliveries.stop()


def create_sandbox(
    credentials: Credentials, origin: str, *, jeeves: str | None = None, http: HttpClient, clock: Clock
) -> Sandbox:
    """Build a sandbox that is reached at `origin`, on this machine; `jeeves` is the origin to deliver to, if another one."""
    port = urlsplit(origin).port or 80
    space, troubles, record = Workspace(clock, keep=KEPT), Troubles(), Record(clock)
    stream, guard = Stream(secrets.token_hex(4)), Guard(port)
    deliveries = Deliveries((jeeves or origin) + EVENTS, credentials.signing_secret, http, record, clock)
    acts = Acts(space, deliveries, clock, token=secrets.token_hex(12))
    _broadcast(space, record, deliveries, stream)
    pages = create_quart("sandbox")
    pages.register_blueprint(page_routes(guard), url_prefix=PREFIX)
    pages.register_blueprint(reading_routes(space, stream, record, troubles, guard), url_prefix=PREFIX)
    pages.register_blueprint(acting_routes(acts, troubles, stream), url_prefix=PREFIX)
    api = WebApi(space, troubles, record, clock, token=credentials.token)
    api.on_call = lambda call: stream.tell("trouble", views.trouble_of(troubles)) if call.befallen else None
    return Sandbox(guarded(guard, api, pages), space, troubles, record, acts, stream)


def guarded(guard: Guard, api: Asgi, pages: Asgi) -> Asgi:
    """Return an app that asks the guard first, whatever the path: default deny."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers, path = scope["headers"], scope["path"]
        if not guard.knows_host(headers):
            await _refuse(send, 421, "Misdirected", say("wrong_host", port=guard.port))
        elif path.startswith(API):
            await api(scope, receive, send)
        elif path in PUBLIC or path.startswith(FILES) or _may(guard, scope):
            await pages(scope, receive, _with_headers(send))
        else:
            await _refuse(send, 403, "Not allowed", say("no_session"))

    return app


def _may(guard: Guard, scope: Any) -> bool:
    return guard.reads(scope["headers"]) if scope["method"] in ("GET", "HEAD") else guard.changes(scope["headers"])


def _broadcast(space: Workspace, record: Record, deliveries: Deliveries, stream: Stream) -> None:
    """Tell the page what happens, each person only what they may see."""

    def changed(change: Change) -> None:
        if change.post is None:
            told = {"channel": change.channel, "thread": change.ts, "status": change.status or ""}
            stream.tell("status", told, _partner(space, change.channel))
            return
        post = change.post
        stream.tell(change.kind, views.post_of(post), lambda person: space.sees(person, post))

    def noted(entry: Entry) -> None:
        stream.tell("entry", entry.summary)

    space.listeners.append(changed)
    record.listeners.append(noted)
    deliveries.reached = lambda taken: stream.tell("reached", {"taken": taken})


def _partner(space: Workspace, channel: str) -> Callable[[str], bool]:
    partner = space.partner(channel)
    return lambda person: partner is None or partner.id == person


def _with_headers(send: Any) -> Any:
    added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
    ours = {name for name, _ in added}

    async def sent(event: Any) -> None:
        if event["type"] == "http.response.start":
            kept = [(name, value) for name, value in event.get("headers", ()) if name.lower() not in ours]
            event = {**event, "headers": [*kept, *added]}
        await send(event)

    return sent


async def _refuse(send: Any, status: int, title: str, detail: str) -> None:
    body = Problem(title=title, status=status, detail=detail).to_bytes()
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await _with_headers(send)({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
