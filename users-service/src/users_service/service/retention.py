"""What is old goes: in small transactions of their own, so that nobody who works waits for more than one of them."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import prometheus_client
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_service.clock import Clock
from users_service.domain.periods import days
from users_service.engine import Database
from users_service.repository import activity, retention
from users_service.scope import OPERATOR

BATCH = 500  # messages, or rows, of one transaction
AUDIT = timedelta(days=730)  # two years: who changed what, and how many were there, is asked long after what was said
REPEATED = timedelta(days=1)  # for which a request may be repeated under its Idempotency-Key
FULL = timedelta(days=1)  # after which a bucket of the API has long been full again: the same as none
ENDED = timedelta(days=30)  # after its end, for which a token is still listed


class Retention:
    """Deletes what is older than it is kept. `kept` is for words and what hangs on them; `counted` counts rows by table."""

    def __init__(self, database: Database, clock: Clock, kept: timedelta, counted: prometheus_client.Counter) -> None:
        self._database, self._clock, self._kept, self._counted = database, clock, kept, counted

    async def tidy(self) -> None:
        """Delete all that is old by now."""
        now = self._clock.now()
        old = now - self._kept
        await self._all(lambda connection, limit: retention.old_messages(OPERATOR, connection, old, limit))
        await self._all(lambda connection, limit: retention.old_runs(OPERATOR, connection, old, limit))
        await self._all(lambda connection, limit: retention.old_tokens(OPERATOR, connection, now - ENDED, limit))
        ages = {"dead_letters": self._kept, "audit": AUDIT, "idempotency": REPEATED, "buckets": FULL, "merges": REPEATED}
        for name, age in ages.items():
            await self._rows(name, now - age)
        month = (now - AUDIT).date().replace(day=1)
        await self._all(lambda connection, limit: retention.old_months(OPERATOR, connection, month, limit))
        await self._activity(old)

    async def _rows(self, name: str, before: datetime) -> None:
        await self._all(lambda connection, limit: retention.old_rows(OPERATOR, connection, name, before, limit))

    async def _activity(self, old: datetime) -> None:
        """What was done stays until its day is added up."""
        async with self._database.read() as connection:
            oldest = await activity.oldest(OPERATOR, connection)
            if oldest is None or oldest >= old:
                return
            added_up = await activity.rolled(OPERATOR, connection, oldest.date(), old.date())
        for day in days(oldest.date(), old.date()):
            if day in added_up:
                await self._day(day, old)

    async def _day(self, day: date, old: datetime) -> None:
        await self._all(lambda connection, limit: retention.old_activity(OPERATOR, connection, day, old, limit))

    async def _all(self, some: Callable[[AsyncConnection, int], Awaitable[dict[str, int]]]) -> None:
        """Do it again and again, each time in a transaction of its own, until there is nothing more to do."""
        while True:
            async with self._database.write() as connection:
                gone = Counter(await some(connection, BATCH))
            for table, rows in gone.items():
                self._counted.labels(table).inc(rows)
            if not gone.total():
                return
