"""A clock that stands still until a test moves it."""

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class FakeClock:
    """`advance` moves it and wakes whoever's sleep is over."""

    def __init__(self, at: datetime = START) -> None:
        self._at, self._seconds = at, 0.0
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        until = self._seconds + seconds
        async with self._moved:
            await self._moved.wait_for(lambda: self._seconds >= until)

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._seconds += seconds
        async with self._moved:
            self._moved.notify_all()
