"""What is to be forgotten for good: what receipts kept for an undo, after a day, and the history of what was forgotten."""

import asyncio
import contextlib

from jeeves_service.clock import Clock
from jeeves_service.logs import logger
from users_service.engine import Database
from users_service.repository import facts, receipts
from users_service.scope import OPERATOR
from users_service.service.undo import DAY

EVERY = 3600.0  # seconds
BATCH = 500  # rows of one transaction
log = logger(__name__)


class Tidy:
    """Tidies at the start and every hour. Any number of replicas may: what one has done is nothing to do for the next."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._after = 0  # receipts up to this id are done in this pass
        self._ended = 0, 0  # where the last two passes ended
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; what was begun is rolled back, and done the next time."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                # Ids and times are not quite in one order: what was a moment too young is looked at once more.
                self._after = self._ended[0]
                while await self._receipts() or await self._history():
                    pass
                self._ended = self._ended[1], max(self._ended[1], self._after)
            except Exception as error:  # noqa: BLE001 - it is tried again in an hour
                log.warning("tidying failed", error=error.__class__.__name__)
            await self._clock.sleep(EVERY)

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
