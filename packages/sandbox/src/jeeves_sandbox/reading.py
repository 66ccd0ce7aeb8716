"""The methods by which Jeeves reads: who it is, who people are, what a conversation holds."""

from datetime import datetime
from zoneinfo import ZoneInfo

from jeeves_sandbox import people
from jeeves_sandbox.chat import text_of
from jeeves_sandbox.errors import Json, SlackError
from jeeves_sandbox.people import Person, direct_id
from jeeves_sandbox.workspace import Post, Workspace

PAGE = 15  # objects that Slack gives at a time, at the least
TRUE = ("1", "true", "True")


def auth_test(space: Workspace, _: Json) -> Json:
    """`auth.test`: whose token it is."""
    named = {"team": people.DOMAIN.title(), "user": people.BOT_NAME.lower(), "url": f"https://{people.DOMAIN}.slack.com/"}
    ids = {"team_id": space.team, "user_id": people.BOT_USER, "bot_id": people.BOT}
    return {"ok": True, **named, **ids, "is_enterprise_install": False}


def users_info(space: Workspace, args: Json) -> Json:
    """`users.info`; the locale only where it is asked for."""
    person = space.person(text_of(args, "user"))
    return {"ok": True, "user": _user(space, person, located=text_of(args, "include_locale") in TRUE)}


def users_list(space: Workspace, args: Json) -> Json:
    """`users.list`."""
    located = text_of(args, "include_locale") in TRUE
    members = [_user(space, person, located=located) for person in space.people.values()]
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": ""}}


def conversations_open(space: Workspace, args: Json) -> Json:
    """`conversations.open`: the direct conversation with one person."""
    person = space.person(text_of(args, "users"))
    channel = direct_id(person.id)
    told = _channel(space, channel) if text_of(args, "return_im") in TRUE else {"id": channel}
    return {"ok": True, "channel": told}


def conversations_info(space: Workspace, args: Json) -> Json:
    """`conversations.info`."""
    return {"ok": True, "channel": _channel(space, space.place(text_of(args, "channel")))}


def conversations_list(space: Workspace, _: Json) -> Json:
    """`conversations.list`: the public channels."""
    channels = [_channel(space, channel) for channel in space.channels]
    return {"ok": True, "channels": channels, "response_metadata": {"next_cursor": ""}}


def conversations_members(space: Workspace, args: Json) -> Json:
    """`conversations.members`."""
    partner = space.partner(space.place(text_of(args, "channel")))
    members = [partner.id] if partner else list(space.people)
    return {"ok": True, "members": [*members, people.BOT_USER], "response_metadata": {"next_cursor": ""}}


def conversations_history(space: Workspace, args: Json) -> Json:
    """`conversations.history`: what is at the top level, newest first."""
    found = space.kept(space.place(text_of(args, "channel")))
    top = [post for post in found if post.thread in (None, post.ts)]
    return _page(args, [_told(post, found, args) for post in _within(args, top)[::-1]])


def conversations_replies(space: Workspace, args: Json) -> Json:
    """`conversations.replies`: a thread with its root, oldest first."""
    channel, root = space.place(text_of(args, "channel")), text_of(args, "ts")
    found = [post for post in space.kept(channel) if root in (post.ts, post.thread)]
    if not found and not space.open_world:
        raise SlackError("thread_not_found")
    return _page(args, [_told(post, found, args) for post in _within(args, found)])


def _within(args: Json, found: list[Post]) -> list[Post]:
    try:
        oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    except (TypeError, ValueError):
        raise SlackError("invalid_ts_oldest") from None
    return [post for post in found if oldest < float(post.ts) < latest]


def _told(post: Post, found: list[Post], args: Json) -> Json:
    """Return a message as it is read: metadata only where it is asked for, a root with what it is the root of."""
    message = dict(post.message)
    if text_of(args, "include_all_metadata") not in TRUE:
        message.pop("metadata", None)
    replies = [one for one in found if one.thread == post.ts and one.ts != post.ts]
    if replies:
        message |= {"thread_ts": post.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts}
    return message


def _page(args: Json, found: list[Json]) -> Json:
    try:
        start, size = int(args.get("cursor") or 0), min(max(int(args.get("limit") or PAGE), 1), PAGE)
    except (TypeError, ValueError):
        raise SlackError("invalid_cursor") from None
    more = {"next_cursor": str(start + size)} if start + size < len(found) else {}
    return {"ok": True, "messages": found[start : start + size], "has_more": bool(more), "response_metadata": more}


def _user(space: Workspace, person: Person, *, located: bool) -> Json:
    zone = ZoneInfo(person.timezone)
    offset = datetime.fromtimestamp(float(space.new_ts()), zone).utcoffset()
    profile = {"real_name": person.real_name, "display_name": person.name, "email": person.email, "team": space.team}
    return {
        "id": person.id,
        "team_id": space.team,
        "name": person.name.lower() or person.id.lower(),
        "real_name": person.real_name,
        "deleted": False,
        "is_bot": False,
        "is_admin": person.admin,
        "is_owner": False,
        "tz": person.timezone,
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "profile": profile,
        **({"locale": person.locale} if located else {}),
    }


def _channel(space: Workspace, name: str) -> Json:
    if partner := space.partner(name):
        return {"id": name, "is_im": True, "is_channel": False, "is_archived": False, "user": partner.id}
    known = space.channels.get(name)
    named = known.name if known else name.lower()
    return {
        "id": name,
        "name": named,
        "name_normalized": named,
        "is_channel": True,
        "is_im": False,
        "is_private": False,
        "is_archived": False,
        "is_member": True,
        "topic": {"value": known.topic if known else "", "creator": "", "last_set": 0},
    }
