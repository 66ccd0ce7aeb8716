"""Batch what is waiting, never wait in order to batch."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar, cast

In = TypeVar("In")
Out = TypeVar("Out")


class Batcher(Generic[In, Out]):
    """Gathers the items that arrive while a flush is under way and hands them over together.

    `flush` gets 1 to `limit` items and returns as many results in the same order; when it raises, each of its items'
    callers gets that error. `lanes` flushes may be under way at once.
    """

    def __init__(self, flush: Callable[[list[In]], Awaitable[list[Out]]], *, limit: int = 64, lanes: int = 2) -> None:
        self._flush, self._limit, self._lanes = flush, limit, lanes
        self._waiting: list[tuple[In, asyncio.Future[Out]]] = []
        self._running: set[asyncio.Task[None]] = set()

    async def submit(self, item: In) -> Out:
        """Hand `item` in and wait for its result."""
        future: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._running) < self._lanes:
            self._running.add(asyncio.create_task(self._run()))
        return await future

    async def _run(self) -> None:
        await asyncio.sleep(0)  # what arrives in this turn of the loop is waiting already
        while self._waiting:
            batch, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
            try:
                results = await self._flush([item for item, _ in batch])
                if len(results) != len(batch):
                    raise ValueError(f"{len(results)} results for {len(batch)} items")  # noqa: TRY301
            except BaseException as error:  # noqa: BLE001 - each caller gets it
                self._fail(batch, error)
                continue
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)
        # In the same turn as the last look at what waits: else an item handed in before the next turn would wait for ever.
        self._running.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    @staticmethod
    def _fail(batch: list[tuple[In, "asyncio.Future[Out]"]], error: BaseException) -> None:
        for _, future in batch:
            if future.done():
                continue
            if isinstance(error, asyncio.CancelledError):
                future.cancel()
            else:
                future.set_exception(error)
