"""What Slack sends, made and signed by the sandbox, for conversations that a test makes up."""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from jeeves_sandbox import delivery, events
from jeeves_sandbox.people import Person, direct_id
from jeeves_sandbox.workspace import Post, Workspace
from jeeves_service.clock import SystemClock
from jeeves_service.http import HttpClient, Response
from support.slack import TEAM, USER

Json = dict[str, Any]
SECRET = "signing-secret-of-the-tests"
PATH = "/slack/events"
new_ts = Workspace(SystemClock()).new_ts
json_body, interaction_body = delivery.json_of, delivery.form_of


def rich(*elements: Json) -> list[Json]:
    """Return the blocks of a message with one line."""
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}]


def mention(words: str, *, user: str = "U0ANA", channel: str = "C0GENERAL", thread: str | None = None, **more: Any) -> Json:
    """Return an `app_mention`: somebody speaks to Jeeves in a channel."""
    blocks = rich({"type": "user", "user_id": USER}, {"type": "text", "text": f" {words}"})
    message = events.said(user, f"<@{USER}> {words}", blocks, team=TEAM, ts=new_ts(), thread=thread)
    return {**events.mention_event(Post(channel, message)), **more}


def direct(words: str, *, user: str = "U0ANA", **more: Any) -> Json:
    """Return a message in the direct conversation of a person and Jeeves."""
    message = events.said(user, words, rich({"type": "text", "text": words}), team=TEAM, ts=new_ts())
    return {**events.message_event(Post(direct_id(user), message)), **more}


def envelope(event: Json, *, team: str = TEAM, **more: Any) -> Json:
    """Return an event's delivery."""
    return {**events.envelope(event, team=team, at=1, token="t"), **more}


def pressed(post: Json, action: Json, *, user: str = "U0ANA", team: str = TEAM) -> Json:
    """Return the `block_actions` of a person who presses a button (or chooses an option) of a post that is shown."""
    message: Json = {key: post[key] for key in ("ts", "thread_ts", "bot_id", "user", "text") if key in post}
    seen = Post(post["channel"], message, seen_by=user if post.get("ephemeral") else None)
    person = Person(user, "", "Some One", "Europe/London", "en-GB")
    return events.pressed(seen, person, {**action, "action_ts": new_ts()}, team=team, token="t", channel_name="general")


def pressable(post: Json) -> Iterator[tuple[str, Json]]:
    """Yield each button, and each option of a menu, of a post: its words, and the action of who presses it."""
    for block in post.get("blocks") or []:
        for element in [*block.get("elements", []), *filter(None, [block.get("accessory")])]:
            for option in element.get("options", [None]) if "action_id" in element else []:
                chosen = {"selected_option": option} if option else {}
                yield (option or element)["text"]["text"], {**element, **chosen, "block_id": "b"}


def form_body(fields: Mapping[str, str]) -> tuple[str, bytes]:
    """Return content type and body of a form."""
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def signed(content_type: str, body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Return the headers of a request that Slack has signed."""
    return delivery.signed(secret, content_type, body, time.time() if at is None else at)


async def deliver(http: HttpClient, origin: str, payload: Json, *, secret: str = SECRET, retry: int = 0) -> Response:
    """Send a delivery as Slack does: an event as JSON, an interaction as a form."""
    kind, body = delivery.body_of(payload)
    again = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
    headers = {**signed(kind, body, secret=secret), **again}
    return await http.request("POST", origin + PATH, body=body, headers=headers)
