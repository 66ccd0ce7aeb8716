"""What Slack sends, made and signed as Slack does."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from jeeves_service.http import HttpClient, Response
from support.slack import TEAM, USER

Json = dict[str, Any]
SECRET = "signing-secret-of-the-tests"
PATH = "/slack/events"
_numbers = itertools.count(1)


def new_ts() -> str:
    """Return a timestamp as Slack gives each message, never the same."""
    return f"{int(time.time())}.{next(_numbers):06d}"


def rich(*elements: Json) -> list[Json]:
    """Return the blocks of a message with one line."""
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}]


def mention(words: str, *, user: str = "U0ANA", channel: str = "C0GENERAL", thread: str | None = None, **more: Any) -> Json:
    """Return an `app_mention`: somebody speaks to Jeeves in a channel."""
    ts = new_ts()
    blocks = rich({"type": "user", "user_id": USER}, {"type": "text", "text": f" {words}"})
    event = {"type": "app_mention", "user": user, "team": TEAM, "text": f"<@{USER}> {words}", "channel": channel}
    threaded = {"thread_ts": thread} if thread else {}
    return {**event, "ts": ts, "event_ts": ts, "blocks": blocks, **threaded, **more}


def direct(words: str, *, user: str = "U0ANA", **more: Any) -> Json:
    """Return a message in the direct conversation of a person and Jeeves."""
    said = {"type": "message", "channel_type": "im", "text": words, "blocks": rich({"type": "text", "text": words})}
    return {**mention(words, user=user, channel="D" + user[1:]), **said, **more}


def envelope(event: Json, *, team: str = TEAM, **more: Any) -> Json:
    """Return an event's delivery."""
    authorization = {"enterprise_id": None, "team_id": team, "user_id": USER, "is_bot": True, "is_enterprise_install": False}
    outer = {"type": "event_callback", "token": "t", "team_id": team, "api_app_id": "A0", "event": event}
    return {**outer, "event_id": f"Ev{next(_numbers)}", "event_time": 1, "authorizations": [authorization], **more}


def pressed(post: Json, action: Json, *, user: str = "U0ANA", team: str = TEAM) -> Json:
    """Return the `block_actions` of a person who presses a button (or chooses an option) of a post that is shown."""
    message = {key: post[key] for key in ("ts", "thread_ts", "bot_id", "user", "text") if key in post}
    container = {"type": "message", "message_ts": post["ts"], "channel_id": post["channel"]}
    container |= {"thread_ts": post["thread_ts"]} if "thread_ts" in post else {}
    container["is_ephemeral"] = bool(post.get("ephemeral"))
    who = {"user": {"id": user, "team_id": team}, "team": {"id": team}, "enterprise": None, "is_enterprise_install": False}
    place = {"container": container, "channel": {"id": post["channel"]}, "message": message, "trigger_id": "1.2.3"}
    return {"type": "block_actions", **who, **place, "actions": [{**action, "action_ts": new_ts()}]}


def json_body(payload: object) -> tuple[str, bytes]:
    """Return content type and body of an event."""
    return "application/json", json.dumps(payload).encode()


def form_body(fields: Mapping[str, str]) -> tuple[str, bytes]:
    """Return content type and body of a form."""
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def interaction_body(payload: Json) -> tuple[str, bytes]:
    """Return content type and body of an interaction."""
    return form_body({"payload": json.dumps(payload)})


def signed(content_type: str, body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Return the headers of a request that Slack has signed."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"Content-Type": content_type, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


async def deliver(http: HttpClient, origin: str, payload: Json, *, secret: str = SECRET, retry: int = 0) -> Response:
    """Send a delivery as Slack does: an event as JSON, an interaction as a form."""
    kind, body = interaction_body(payload) if payload.get("type") == "block_actions" else json_body(payload)
    again = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
    headers = {**signed(kind, body, secret=secret), **again}
    return await http.request("POST", origin + PATH, body=body, headers=headers)
