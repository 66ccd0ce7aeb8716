"""What is answered to claims while everything is paused: what is over is over, everything else waits, and nothing is tried."""

from collections.abc import Sequence

from jeeves_contracts.delivery import ClaimItem, Over, ReplyRef, Unsent, Verdict, Wait
from jeeves_service.clock import Clock
from users_service.domain.claims import Decision, Row, decide
from users_service.domain.pauses import WAIT, is_paused
from users_service.engine import Database
from users_service.repository import counters, messages, replies
from users_service.repository.counters import Revisions
from users_service.scope import OPERATOR


class PausedError(Exception):
    """Everything was paused before this transaction came to its end: nothing of it is kept."""


class Gate:
    """Remembers whether it is paused, so that a claim costs no more while it is not."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self.is_closed = False

    def check(self, seen: Revisions) -> None:
        """Raise PausedError where a transaction sees that it is paused."""
        if is_paused(seen, self._clock.now()):
            self.is_closed = True
            raise PausedError

    async def held_back(self, items: Sequence[ClaimItem]) -> list[Verdict] | None:
        """Return the verdicts of a pause; None where it is over."""
        ids = {item.message.message_id for item in items}
        async with self._database.write() as connection:
            self.is_closed = is_paused(await counters.revisions(OPERATOR, connection), self._clock.now())
            if not self.is_closed:
                return None
            rows = await messages.locked(OPERATOR, connection, ids)
            unsent = await replies.unsent(OPERATOR, connection, ids) if rows else {}
        return [self._judge(item, rows.get(item.message.message_id), unsent) for item in items]

    def _judge(self, item: ClaimItem, row: Row | None, unsent: dict[str, list[ReplyRef]]) -> Verdict:
        decision = decide(row, item, elder=False, now=self._clock.now())
        if decision is Decision.OVER and row is not None:
            left = unsent.get(row.message_id)
            return Unsent(replies=left) if left else over(row)
        if decision is Decision.OVER:  # it yielded, and its message was erased since
            return Over(verdict="done")
        return Over(verdict="elsewhere") if decision is Decision.ELSEWHERE else Wait(seconds=WAIT)


def over(row: Row) -> Over:
    """Return the verdict on a message that is answered or failed."""
    if row.state == "answered":
        return Over(verdict="done")
    return Over(verdict="expired" if row.reason == "expired" else "throttled" if row.reason == "throttled" else "failed")
