"""The methods by which Jeeves speaks: `chat.*`, and the status that it shows while it works."""

import json
import secrets
from typing import Any

from jeeves_sandbox import blocks, people
from jeeves_sandbox.errors import Json, SlackError
from jeeves_sandbox.workspace import Post, Workspace

LONGEST = 40_000  # characters of a text; Slack cuts the rest off


def post_message(space: Workspace, args: Json) -> Json:
    """`chat.postMessage`."""
    channel = space.place(text_of(args, "channel"))
    message = {**_message(space, args, channel), **_metadata(args)}
    space.add(Post(channel, message, args=args))
    return {"ok": True, "channel": channel, "ts": message["ts"], "message": message}


def post_ephemeral(space: Workspace, args: Json) -> Json:
    """`chat.postEphemeral`: seen by `user` alone, and not kept."""
    channel = space.place(text_of(args, "channel"))
    person = text_of(args, "user")
    if not person or (not space.open_world and person not in space.people):
        raise SlackError("user_not_in_channel")
    message = _message(space, args, channel)
    space.add(Post(channel, message, seen_by=person, args=args))
    return {"ok": True, "message_ts": message["ts"]}


def update(space: Workspace, args: Json) -> Json:
    """`chat.update`: of Jeeves's own posts, and not of ephemeral ones."""
    post = _own(space, args, "cant_update_message")
    text, shown = _said(space, args)
    edited = {"user": people.BOT_USER, "ts": space.new_ts()}
    space.change(post, text=text or post.message["text"], blocks=shown, edited=edited, **_metadata(args))
    return {"ok": True, "channel": post.channel, "ts": post.ts, "text": post.message["text"], "message": post.message}


def delete(space: Workspace, args: Json) -> Json:
    """`chat.delete`."""
    post = _own(space, args, "cant_delete_message")
    space.remove(post)
    return {"ok": True, "channel": post.channel, "ts": post.ts}


def set_status(space: Workspace, args: Json) -> Json:
    """`assistant.threads.setStatus`; an empty status ends it."""
    channel, thread = space.place(text_of(args, "channel_id")), text_of(args, "thread_ts")
    if not thread or not (space.open_world or (channel, thread) in space.posts):
        raise SlackError("invalid_thread_ts")
    words = text_of(args, "status")
    if words:
        space.set_status(channel, thread, words)
    else:
        space.clear_status(channel, thread)
    return {"ok": True}


def text_of(args: Json, name: str) -> str:
    """Return an argument as text; the empty one where there is none."""
    value = args.get(name)
    return "" if value is None else str(value)


def parsed(args: Json, name: str, code: str) -> Any:
    """Return an argument that is JSON, which forms carry as text. Raises SlackError with `code`."""
    value = args.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError(code) from None


def _message(space: Workspace, args: Json, channel: str) -> Json:
    text, shown = _said(space, args)
    if not text and not shown:
        raise SlackError("no_text")
    message: Json = {
        "type": "message",
        "user": people.BOT_USER,
        "bot_id": people.BOT,
        "app_id": people.APP,
        "team": space.team,
        "text": text,
    }
    if shown:
        message["blocks"] = shown
    if thread := text_of(args, "thread_ts"):
        message["thread_ts"] = space.root_of(channel, thread)
    return {**message, "ts": space.new_ts()}


def _said(space: Workspace, args: Json) -> tuple[str, list[Json] | None]:
    """Return the text, and the blocks as Slack keeps them: each with an id."""
    given = parsed(args, "blocks", "invalid_blocks_format")
    if given is not None:
        blocks.check(given, space.shows)
    shown = [{**block, "block_id": block.get("block_id") or secrets.token_urlsafe(4)[:5]} for block in given or []]
    return text_of(args, "text")[:LONGEST], shown or None


def _metadata(args: Json) -> Json:
    metadata = parsed(args, "metadata", "invalid_metadata_format")
    if metadata is None:
        return {}
    if not isinstance(metadata, dict) or not metadata.get("event_type") or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return {"metadata": metadata}


def _own(space: Workspace, args: Json, code: str) -> Post:
    post = space.find(space.place(text_of(args, "channel")), text_of(args, "ts"))
    if post.seen_by is not None:
        raise SlackError("message_not_found")
    if post.message.get("bot_id") != people.BOT:
        raise SlackError(code)
    return post
