"""What Slack sends: the events of a message, and the press of a button, in the shapes of recorded payloads."""

import secrets
import uuid

from jeeves_sandbox import people
from jeeves_sandbox.errors import Json, SlackError
from jeeves_sandbox.people import Person
from jeeves_sandbox.workspace import Post

SENT = ("type", "action_id", "text", "value", "style", "placeholder")  # of an element that was used
CHOSEN = ("static_select", "overflow")


def said(person: str, text: str, blocks: list[Json], *, team: str, ts: str, thread: str | None = None) -> Json:
    """Return what a person says, as Slack keeps it."""
    message = {"type": "message", "user": person, "team": team, "ts": ts, "client_msg_id": str(uuid.uuid4())}
    return {**message, "text": text, "blocks": blocks, **({"thread_ts": thread} if thread else {})}


def message_event(post: Post) -> Json:
    """Return the `message` event of a direct message, whoever posted it."""
    return {**post.message, "channel": post.channel, "event_ts": post.ts, "channel_type": "im"}


def mention_event(post: Post) -> Json:
    """Return the `app_mention` event of a post that speaks to Jeeves. It has no `channel_type`."""
    return {**post.message, "type": "app_mention", "channel": post.channel, "event_ts": post.ts}


def changed_event(post: Post, ts: str) -> Json:
    """Return the `message_changed` event of a post that has been changed at `ts`."""
    return {**_housekeeping(post, "message_changed", ts), "message": post.message}


def deleted_event(post: Post, ts: str) -> Json:
    """Return the `message_deleted` event of a post that is gone since `ts`."""
    return {**_housekeeping(post, "message_deleted", ts), "deleted_ts": post.ts, "previous_message": post.message}


def _housekeeping(post: Post, subtype: str, ts: str) -> Json:
    where = {"channel": post.channel, "channel_type": "im", "ts": ts, "event_ts": ts}
    return {"type": "message", "subtype": subtype, "hidden": True, **where}


def mentions(message: Json, user: str = people.BOT_USER) -> bool:
    """Tell whether rich text names somebody."""
    parts = [part for block in message.get("blocks", []) for part in block.get("elements", [])]
    named = (element.get("user_id") for part in parts for element in part.get("elements", []))
    return user in named


def envelope(event: Json, *, team: str, at: int, token: str) -> Json:
    """Return an event's delivery; `at` in seconds since 1970, `token` the old one, by which nothing is verified any more."""
    authorization = {
        "enterprise_id": None,
        "team_id": team,
        "user_id": people.BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": token,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": people.APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": at,
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_urlsafe(48)}",
    }


def pressed(post: Post, person: Person, action: Json, *, team: str, token: str, channel_name: str) -> Json:
    """Return the `block_actions` of a person who uses an element of a post. `action` is what `action_of` returns."""
    ephemeral = post.seen_by is not None
    container = {"type": "message", "message_ts": post.ts, "channel_id": post.channel, "is_ephemeral": ephemeral}
    threaded = {"thread_ts": post.thread} if post.thread else {}
    name = person.name.lower()
    return {
        "type": "block_actions",
        "user": {"id": person.id, "username": name, "name": name, "team_id": team},
        "api_app_id": people.APP,
        "token": token,
        "container": {**container, **threaded},
        "trigger_id": f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}",
        "team": {"id": team, "domain": people.DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": post.channel, "name": channel_name},
        **({} if ephemeral else {"message": post.message}),  # of an ephemeral message Slack tells the place only
        "state": {"values": {}},
        "actions": [action],
    }


def action_of(post: Post, block_id: str, action_id: str, value: str | None, *, at: str) -> Json:
    """Return what was used of a post: a button, or the option with `value` of a menu. Raises SlackError."""
    for block in post.message.get("blocks", []):
        elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        for element in elements:
            if block.get("block_id") == block_id and element.get("action_id") == action_id:
                return {**_used(element, value), "block_id": block_id, "action_ts": at}
    raise SlackError("action_not_found")


def _used(element: Json, value: str | None) -> Json:
    kept: Json = {name: element[name] for name in SENT if name in element}
    if element["type"] not in CHOSEN:
        return kept
    option = next((option for option in element["options"] if option["value"] == value), None)
    if option is None:
        raise SlackError("option_not_found")
    return {**kept, "selected_option": option}
