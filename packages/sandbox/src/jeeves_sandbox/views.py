"""What the page is told: the workspace as one person sees it."""

from dataclasses import asdict

from jeeves_sandbox import people
from jeeves_sandbox.errors import Json
from jeeves_sandbox.people import Person, direct_id
from jeeves_sandbox.troubles import Troubles
from jeeves_sandbox.workspace import Post, Workspace


def workspace_of(space: Workspace, person: Person) -> Json:
    """Return people, conversations, and all that a person sees."""
    direct = {"id": direct_id(person.id), "name": people.BOT_NAME, "topic": "Between you and Jeeves", "direct": True}
    channels = [{"id": c.id, "name": c.name, "topic": c.topic, "direct": False} for c in space.channels.values()]
    statuses = [
        {"channel": channel, "thread": thread, "status": words}
        for (channel, thread), words in space.statuses.items()
        if not channel.startswith("D") or channel == direct["id"]
    ]
    return {
        "me": person.id,
        "bot": {"id": people.BOT_USER, "name": people.BOT_NAME},
        "people": [_person(one) for one in space.people.values()],
        "channels": [*channels, direct],
        "posts": [post_of(post) for post in space.seen_by(person.id)],
        "statuses": statuses,
    }


def post_of(post: Post) -> Json:
    """Return a post as the page shows it."""
    kept = ("user", "text", "blocks", "ts", "thread_ts", "bot_id", "edited")
    message = {name: post.message[name] for name in kept if name in post.message}
    files = [{part: file[part] for part in ("id", "name", "size", "mimetype")} for file in post.message.get("files", [])]
    return {**message, "channel": post.channel, "ephemeral": post.seen_by is not None, **({"files": files} if files else {})}


def trouble_of(troubles: Troubles) -> Json:
    """Return what is to go wrong, and what went wrong last."""
    pending: dict[tuple[str, str], int] = {}
    for fault in troubles.faults:
        key = (fault.method, fault.words)
        pending[key] = pending.get(key, 0) + 1
    listed = [{"method": method, "words": words, "times": times} for (method, words), times in pending.items()]
    return {
        "dark": troubles.dark,
        "slow": troubles.slow,
        "pending": listed,
        "last": asdict(troubles.last) if troubles.last else None,
    }


def _person(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "timezone": person.timezone,
        "locale": person.locale,
        "admin": person.admin,
    }
