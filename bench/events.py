"""What Slack sends: mentions in many channels by many people, signed, as whole requests that only need to be written."""

import hashlib
import hmac
import itertools
import time
from dataclasses import dataclass

from pydantic_core import to_json

TEAM, BOT_USER, SECRET = "T0BENCH", "U0BENCHBOT", "signing-secret-of-the-benchmark"
PATH = "/slack/events"
SAID = "echo weather in London, UK"
PEOPLE = 600  # who may ask 120 times a minute each
CHANNELS = 2_000  # which get one post a second each, after a few at once
LIFE = 240  # seconds for which a signature is good, and some to spare
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Event:
    """`ts` is the message's name: what answers it names it as its thread."""

    ts: str
    request: bytes


def events(count: int) -> list[Event]:
    """Return so many events, each another message, good for LIFE seconds from now."""
    return [event(number) for number in itertools.islice(_numbers, count)]


def event(number: int) -> Event:
    """Return the event of one mention. What it holds is what Slack documents of an `app_mention`, profile included."""
    stamp = int(time.time())
    ts = f"{stamp}.{number % 1_000_000:06d}"
    body = to_json(_delivery(number, stamp, ts))
    signature = hmac.new(SECRET.encode(), b"v0:%d:%s" % (stamp, body), hashlib.sha256).hexdigest()
    lines = (
        f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)", "Accept: */*",
        "Content-Type: application/json", f"X-Slack-Request-Timestamp: {stamp}", f"X-Slack-Signature: v0={signature}",
        f"Content-Length: {len(body)}", "", "",
    )  # fmt: skip
    return Event(ts, "\r\n".join(lines).encode() + body)


def _delivery(number: int, stamp: int, ts: str) -> dict[str, object]:
    authorization = {
        "enterprise_id": None,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "XXYYZZ",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": "A0BENCH",
        "event": _mention(number, ts),
        "type": "event_callback",
        "event_id": f"Ev{stamp}{number:08d}",
        "event_time": stamp,
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6ImFwcF9tZW50aW9uIiwidGlkIjoiVDBCRU5DSCIsImFpZCI6IkEwQkVOQ0giLCJjaWQiOiJDMEJFTkNIIn0",
    }


def _mention(number: int, ts: str) -> dict[str, object]:
    user, channel = f"U0{number % PEOPLE:06d}", f"C0{number % CHANNELS:06d}"
    elements = [{"type": "user", "user_id": BOT_USER}, {"type": "text", "text": f" {SAID}"}]
    profile = {
        "avatar_hash": "g1a2b3c4d5e6", "first_name": "Ada", "real_name": "Ada Lovelace", "display_name": "ada", "name": "ada",
        "image_72": "https://avatars.example/0123456789abcdef0123456789abcdef.jpg?s=72&d=https%3A%2F%2Fa.example%2Fava_0002-72.png",
        "team": TEAM, "is_restricted": False, "is_ultra_restricted": False,
    }  # fmt: skip
    return {
        "user": user,
        "type": "app_mention",
        "ts": ts,
        "client_msg_id": f"5a1f9cde-9a4b-4f6e-8d4e-{number:012d}",
        "text": f"<@{BOT_USER}> {SAID}",
        "team": TEAM,
        "blocks": [
            {"type": "rich_text", "block_id": f"b{number}", "elements": [{"type": "rich_text_section", "elements": elements}]}
        ],
        "user_profile": profile,
        "channel": channel,
        "event_ts": ts,
        "channel_type": "channel",
    }
