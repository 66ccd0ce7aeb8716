"""The verdicts of a claim (docs/protocol.md, step 2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from jeeves_contracts.delivery import ClaimItem

FORGOTTEN = timedelta(minutes=5)  # a claim this old is anybody's
YIELD = timedelta(seconds=60)  # a claim this young may be at work: a call ends within 45 s
ELDER = timedelta(seconds=5)  # how long a younger message waits for an older claim
POLL = 0.05  # seconds between two questions of one that waits
MINUTE = timedelta(minutes=1)
PER_MINUTE = 120  # messages of one person that are answered within a minute


@dataclass(frozen=True)
class Row:
    """What the database holds of a message."""

    message_id: str
    state: str
    fence: int
    delivery_id: str
    claimed_at: datetime
    external_fence: int = 0
    replay_delivery_id: str | None = None
    reason: str | None = None


class Decision(Enum):
    """`TAKE`: the row gets this delivery_id and the next fence."""

    TAKE = auto()
    REPLAY = auto()
    ELSEWHERE = auto()
    WAIT = auto()
    YIELD = auto()
    OVER = auto()


def decide(row: Row | None, item: ClaimItem, *, elder: bool, now: datetime) -> Decision:
    """Judge an item whose message is known (`row`), or is not stored: because it waits for an elder, or is erased (None)."""
    if row is None:
        return Decision.OVER if item.yielded else Decision.WAIT
    if row.state in ("answered", "failed"):
        replayed = row.state == "failed" and item.delivery_id == row.replay_delivery_id
        return Decision.REPLAY if replayed else Decision.OVER
    age = now - row.claimed_at
    if item.yielded:
        return Decision.TAKE if age >= YIELD else Decision.YIELD
    if row.delivery_id != item.delivery_id:
        return Decision.TAKE if age >= FORGOTTEN else Decision.ELSEWHERE
    return Decision.WAIT if elder else Decision.TAKE


def expired(item: ClaimItem, now: datetime) -> bool:
    """Say whether an answer would come too late to be of use."""
    return item.message.expires_at is not None and item.message.expires_at <= now
