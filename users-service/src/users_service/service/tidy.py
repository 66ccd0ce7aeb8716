"""Does again and again what nobody waits for: each job of tidying by itself, so that one that fails is only its own."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from jeeves_service.clock import Clock
from jeeves_service.logs import logger

HOURLY, MINUTELY = 3600.0, 60.0  # seconds
log = logger(__name__)


@dataclass(frozen=True)
class Chore:
    """`tidy` does all that there is to do by now; it is called at the start and `every` so many seconds.

    Any number of replicas may: what one has done is nothing to do for the next.
    """

    name: str
    tidy: Callable[[], Awaitable[object]]
    every: float = HOURLY


class Tidy:
    """Has its chores done, each in a task of its own."""

    def __init__(self, clock: Clock, *chores: Chore) -> None:
        self._clock, self._chores = clock, chores
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin."""
        self._tasks = [asyncio.create_task(self._run(chore)) for chore in self._chores]

    async def stop(self) -> None:
        """End; what was begun is rolled back, and done the next time."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self, chore: Chore) -> None:
        while True:
            try:
                await chore.tidy()
            except Exception as error:  # noqa: BLE001 - it is tried again the next time
                log.warning("tidying failed", chore=chore.name, error=error.__class__.__name__)
            await self._clock.sleep(chore.every)
