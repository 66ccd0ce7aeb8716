"""Waiting that ends at once when the service is told to stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from jeeves_service.clock import Clock


class StoppedError(Exception):
    """The service stops: give back what is in hand. A handler may let it through; the bus then releases its delivery."""


class Patience:
    """All waits of a consumer: each ends with StoppedError once it is told to stop.

    Tell it after the subscriptions are cancelled: what is given back before that would come again at once.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._told = clock, asyncio.Event()

    @property
    def over(self) -> bool:
        """Whether the service was told to stop."""
        return self._told.is_set()

    def stop(self) -> None:
        """End all waits, now and later."""
        self._told.set()

    async def pause(self, seconds: float) -> None:
        """Wait `seconds`."""
        await self.wait(self._clock.sleep(seconds))

    async def wait(self, thing: Coroutine[Any, Any, object]) -> None:
        """Wait for `thing`. Raises StoppedError, or what `thing` raises."""
        if self.over:
            thing.close()
            raise StoppedError
        waits = [asyncio.create_task(thing), asyncio.create_task(self._told.wait())]
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
        if waits[0] in done:
            waits[0].result()
        if self.over:
            raise StoppedError
