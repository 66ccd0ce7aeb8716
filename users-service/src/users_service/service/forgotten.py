"""What is to be forgotten for good: what receipts kept for an undo, after a day, and the history of what was forgotten."""

from jeeves_service.clock import Clock
from users_service.engine import Database
from users_service.repository import facts, receipts
from users_service.scope import OPERATOR
from users_service.service.undo import DAY

BATCH = 500  # rows of one transaction


class Forgotten:
    """Any number of replicas may tidy: what one has done is nothing to do for the next."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._after = 0  # receipts up to this id are done in this pass
        self._ended = 0, 0  # where the last two passes ended

    async def tidy(self) -> None:
        """Empty and forget all that is a day old."""
        # Ids and times are not quite in one order: what was a moment too young is looked at once more.
        self._after = self._ended[0]
        while await self._receipts() or await self._history():
            pass
        self._ended = self._ended[1], max(self._ended[1], self._after)

    async def _receipts(self) -> bool:
        """Empty some receipts that can be undone no more; say whether there may be others."""
        before = self._clock.now() - DAY
        async with self._database.read() as connection:
            ids = await receipts.stale(OPERATOR, connection, self._after, before, BATCH)
        if not ids:
            return False
        async with self._database.write() as connection:
            await receipts.empty(OPERATOR, connection, ids)
        self._after = ids[-1]
        return True

    async def _history(self) -> bool:
        """Forget the history of some facts that were forgotten a day ago; say whether there may be others."""
        before = self._clock.now() - DAY
        async with self._database.read() as connection:
            gone = await facts.forgotten(OPERATOR, connection, before, BATCH)
        if not gone:
            return False
        async with self._database.write() as connection:
            for of, name in gone:
                await facts.forget_history(OPERATOR, connection, of, name, before)
        return True
