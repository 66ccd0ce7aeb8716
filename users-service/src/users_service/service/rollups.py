"""Adds up each day's activity once it is over, so that what a year was need not be counted out of a million records."""

import asyncio
import contextlib
from datetime import timedelta

from jeeves_service.clock import Clock
from jeeves_service.logs import logger
from users_service.domain.periods import ONE, days
from users_service.engine import Database
from users_service.repository import activity
from users_service.scope import OPERATOR

EVERY = 600.0  # seconds
OVER = timedelta(minutes=10)  # how long a day is over before it is added up: for answers on their way, and clocks that differ
AGAIN = 3  # days that are looked at once more: for what came later still
log = logger(__name__)


class Rollups:
    """Adds up at the start and every ten minutes. Any number of replicas may: what one has done is nothing to do for the next.

    Nobody waits for it: a day that is not added up is read from its activity.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
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
                await self.add_up()
            except Exception as error:  # noqa: BLE001 - it is tried again in ten minutes
                log.warning("adding up activity failed", error=error.__class__.__name__)
            await self._clock.sleep(EVERY)

    async def add_up(self) -> int:
        """Add up every day that is over, each in a transaction of its own; return how many that were."""
        now = self._clock.now()
        last = (now - OVER).date() - ONE
        async with self._database.read() as connection:
            oldest = await activity.oldest(OPERATOR, connection)
            if oldest is None:
                return 0
            had = await activity.rolled(OPERATOR, connection, oldest.date(), last)
        done = 0
        for day in days(oldest.date(), last):
            if day not in had:
                async with self._database.write() as connection:
                    done += await activity.roll_up(OPERATOR, connection, day, now)
        for day in sorted(had)[-AGAIN:]:
            async with self._database.read() as connection:
                late = await activity.count(OPERATOR, connection, day) > had[day]
            if late:  # fewer are no reason: they were erased since
                async with self._database.write() as connection:
                    await activity.roll_up_again(OPERATOR, connection, day)
        return done
