"""Was it posted? A reply in doubt is looked for by the reply_id in its metadata, where scopes and limits allow."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_ingest.body import at, items_at, text_at
from slack_ingest.outcomes import Kind, Outcome
from slack_ingest.post import EVENT_TYPE, Place
from slack_ingest.slack_api import SlackApi

PAGE = 100  # messages asked for at a time
PAGES = 5  # looked through before it counts as not to be found out
BEFORE = timedelta(days=1)  # how long before the reply was asked for a post of it may have been tried


@dataclass(frozen=True)
class Sighting:
    """`ts` where it was found. `clear`: it was looked for and is not there. `later`: ask again; `barred`: with a good token."""

    ts: str | None = None
    clear: bool = False
    later: bool = False
    barred: str = ""


BLIND = Sighting()


async def look(api: SlackApi, place: Place, reply_id: str, bot_id: str | None, asked_at: datetime) -> Sighting:
    """Look for a reply where it would stand."""
    if place.ephemeral:
        return BLIND
    opened = await channel_of(api, place)
    channel = text_at(opened.data, "channel", "id")
    if not channel:
        return _troubled(opened)
    return await find(api, channel, place.thread_ts, asked_at - BEFORE, lambda message: _is(message, reply_id, bot_id))


async def channel_of(api: SlackApi, place: Place) -> Outcome:
    """Return the conversation that is meant, as `conversations.open` tells it: of a person Slack knows which one it is."""
    if place.person:
        return await api.post("conversations.open", {"users": place.channel})
    return Outcome(Kind.OK, data={"channel": {"id": place.channel}})


async def find(api: SlackApi, channel: str, thread: str | None, since: datetime, wanted: Callable[[object], bool]) -> Sighting:
    """Look through what was posted in a conversation, or in a thread of it, since some time."""
    async for page in _pages(api, channel, thread, since.timestamp()):
        if page.kind is not Kind.OK:
            return _troubled(page)
        for message in items_at(page.data, "messages"):
            if wanted(message):
                return Sighting(ts=text_at(message, "ts") or "-")
        if not at(page.data, "has_more"):
            return Sighting(clear=True)
    return BLIND


async def _pages(api: SlackApi, channel: str, thread_ts: str | None, oldest: float) -> AsyncIterator[Outcome]:
    method = "conversations.replies" if thread_ts else "conversations.history"
    params: dict[str, object] = {"channel": channel, "oldest": f"{oldest:.6f}", "limit": PAGE, "include_all_metadata": True}
    if thread_ts:
        params["ts"] = thread_ts
    for _ in range(PAGES):
        page = await api.read(method, params)
        yield page
        cursor = text_at(page.data, "response_metadata", "next_cursor")
        if not cursor:
            return
        params["cursor"] = cursor


def _is(message: object, reply_id: str, bot_id: str | None) -> bool:
    """Tell our post from another app's that bears the same metadata."""
    metadata = at(message, "metadata")
    ours = text_at(metadata, "event_type") == EVENT_TYPE and text_at(metadata, "event_payload", "reply_id") == reply_id
    return ours and (bot_id is None or at(message, "bot_id") in (None, bot_id))


def _troubled(outcome: Outcome) -> Sighting:
    if outcome.kind is Kind.BARRED:
        return Sighting(later=True, barred=outcome.code)
    return Sighting(later=True) if outcome.kind in (Kind.DOUBT, Kind.NOT_SENT) else BLIND
