"""The way of a message, station by station, without a word of what was said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.ids import reply_id
from users_service.domain.claims import PER_MINUTE
from users_service.domain.timelines import Kept, ReplyState, verdict
from users_service.repository import timelines
from users_service.scope import Scope
from users_service.words import words


@dataclass(frozen=True)
class Station:
    """A moment of a message's way. `at` is None where it is not kept."""

    name: str
    at: datetime | None
    says: str


@dataclass(frozen=True)
class Timeline:
    """`message`, `run` and what is in `replies` and `letters` are rows."""

    message: Any
    says: str
    stations: list[Station]
    replies: list[Any]
    run: Any | None
    letters: list[Any]


async def timeline(scope: Scope, connection: AsyncConnection, message: Any, now: datetime) -> Timeline:
    """Return the way of a message whose row is given."""
    replies = (await timelines.answers(scope, connection, [message.message_id])).get(message.message_id, [])
    names = [message.message_id, *(reply_id(message.message_id, row.n) for row in replies)]
    letters = await timelines.letters(scope, connection, names)
    done = await timelines.activities(scope, connection, message.message_id)
    run = None
    if message.trigger == "schedule":
        run = await timelines.run(scope, connection, message.message_id.rpartition(":")[2])
    stations = [*_begun(message, run), *_done(message, done), *_posted(replies), *_died(letters)]
    stations.sort(key=lambda one: one.at or message.created_at)  # stable: what is of one instant stays in the order of the way
    return Timeline(message, _says(message, replies, now), stations, replies, run, letters)


def _says(message: Any, replies: list[Any], now: datetime) -> str:
    states = [ReplyState(row.n, row.state, row.reason, row.resent_in_doubt) for row in replies]
    kept = Kept(message.state, message.reason, message.claimed_at, message.fence, message.trigger, states)
    refused = next((row.reason for row in replies if row.state == "refused"), None)
    values = {"reason": message.reason or "for no reason that is kept", "refused": refused or "for no reason that it told"}
    return words(f"timeline.{verdict(kept, now)}", None, limit=PER_MINUTE, **values)


def _begun(message: Any, run: Any | None) -> Iterator[Station]:
    if run is not None:
        yield Station("due", run.due_at, words("station.due"))
        if run.published_at is not None:
            yield Station("published", run.published_at, words("station.published"))
    received = _received(message.data)
    if received is not None and run is None and message.trigger != "schedule":
        yield Station("received", received, words("station.received"))
    if message.fence > 0:
        waited = max(0.0, (message.created_at - received).total_seconds()) if received else None
        known = waited is not None and message.trigger != "schedule"
        says = words("station.claimed", seconds=f"{waited:.1f}") if known else words("station.claimed_job")
        yield Station("claimed", message.created_at, says)
    if message.fence > 1 and message.claimed_at != message.created_at:
        yield Station("taken_over", message.claimed_at, words("station.taken_over", count=message.fence))


def _done(message: Any, done: list[Any]) -> Iterator[Station]:
    for row in done:
        if row.feature:
            shown = f"{row.feature}: {row.command}" if row.command else row.feature
            yield Station("routed", row.at, words("station.routed", feature=shown))
        yield Station(row.outcome, row.at, words(f"station.{row.outcome}"))
    if not done and message.state == "failed" and message.reason in ("expired", "throttled"):
        yield Station("failed", message.created_at, words("station.failed"))


def _posted(replies: list[Any]) -> Iterator[Station]:
    for row in replies:
        yield Station("reply", row.created_at, words("station.reply", n=row.n))
        if row.taken_at is not None:
            yield Station("reply_taken", row.taken_at, words("station.reply_taken", n=row.n, count=row.take))
        if row.settled_at is not None:
            says = words(f"station.reply_{row.state}", n=row.n, reason=row.reason or "no reason was told")
            yield Station(f"reply_{row.state}", row.settled_at, says)


def _died(letters: list[Any]) -> Iterator[Station]:
    for row in letters:
        yield Station("dead_letter", row.stored_at, words("station.dead_letter", reason=row.reason))


def _received(data: Any) -> datetime | None:
    """Return when slack-ingest had it, None where the message is erased."""
    try:
        return datetime.fromisoformat(data["received_at"])
    except (KeyError, TypeError, ValueError):
        return None
