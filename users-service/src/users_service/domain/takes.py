"""The verdicts of a take and a settle (docs/protocol.md, steps 6 and 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jeeves_contracts.delivery import SettleItem, TakeItem
from jeeves_contracts.messages import Message

FRESH = timedelta(seconds=10)  # a take this young may be at work
OPEN = ("pending", "sending")
DELAYED = timedelta(hours=25)  # the platform may be so late to hand on what somebody said
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ReplyRow:
    """What the database holds of a reply."""

    message_id: str
    n: int
    state: str
    take: int
    taken_at: datetime | None
    resent: int = 0


@dataclass(frozen=True)
class Taken:
    """Reply `n` is to be sent under the next number; `resent` is how often it was posted again in doubt, not looked up."""

    n: int
    in_doubt: bool
    resent: int = 0


@dataclass(frozen=True)
class Later:
    """Another take is at work: ask again after so many seconds."""

    seconds: float


def take(rows: Sequence[ReplyRow], n: int, item: TakeItem, now: datetime) -> Taken | Later | None:
    """Choose the first unsent reply up to `n` of a message's `rows`, ordered by n. None when all are settled."""
    first = next((row for row in rows if row.n <= n and row.state in OPEN), None)
    if first is None:
        return None
    if item.number is not None and first.n == n:  # the holder takes it again
        if first.state == "sending" and first.take == item.number:
            return Taken(n, in_doubt=False, resent=first.resent + (item.doubt and item.blind))
        return _later(first, now)
    if first.state == "pending":
        return Taken(first.n, in_doubt=False, resent=first.resent)
    waits = _later(first, now)
    if item.yielded and waits.seconds > 0:
        return waits
    return Taken(first.n, in_doubt=True, resent=first.resent)


def _later(row: ReplyRow, now: datetime) -> Later:
    age = now - row.taken_at if row.taken_at else FRESH
    return Later(max(0.0, (FRESH - age).total_seconds()))


def settles(row: ReplyRow | None, item: SettleItem) -> bool:
    """Say whether a settle holds: a fact under any number, a refusal under the current one, the same again always."""
    if row is None or row.state == item.outcome:
        return row is not None
    return row.state == "sending" and (item.outcome == "sent" or row.take == item.number)


def asked_at(message: Message) -> datetime:
    """Return when the person spoke: by the platform's own time, where that can be; else when it was received."""
    received = message.received_at
    said = timedelta(microseconds=message.order)
    since = received - EPOCH
    return EPOCH + said if since - DELAYED <= said <= since else received
