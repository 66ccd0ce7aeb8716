"""Batch what is waiting, never wait in order to batch."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar, cast

from jeeves_service.errors import TransientError

In = TypeVar("In")
Out = TypeVar("Out")
MANY = 4  # a quarter of what a flush takes: from so many waiting on, another flush begins beside the first
_Waiting = tuple[In, "asyncio.Future[Out]"]


class Batcher(Generic[In, Out]):
    """Gathers the items that arrive while a flush is under way and hands them over together.

    `flush` gets 1 to `limit` items and returns as many results in the same order; when it raises, each of its items'
    callers gets that error, and TransientError for another number of results. `lanes` flushes may be under way at once.
    """

    def __init__(
        self,
        flush: Callable[[list[In]], Awaitable[list[Out]]],
        *,
        limit: int = 64,
        lanes: int = 2,
        parts: Callable[[BaseException], bool] = lambda _: False,
    ) -> None:
        """`parts` says of an error that it may lie in some of the items: then they are handed over in halves."""
        self._flush, self._limit, self._lanes, self._parts = flush, limit, lanes, parts
        self._waiting: list[_Waiting[In, Out]] = []
        self._running: set[asyncio.Task[None]] = set()

    async def submit(self, item: In) -> Out:
        """Hand `item` in and wait for its result."""
        future: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._running) < (self._lanes if len(self._waiting) >= self._limit // MANY else 1):
            self._running.add(asyncio.create_task(self._run()))
        return await future

    async def _run(self) -> None:
        await asyncio.sleep(0)  # what arrives in this turn of the loop is waiting already
        while self._waiting:
            batch, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
            await self._hand(batch)
        # In the same turn as the last look at what waits: else an item handed in before the next turn would wait for ever.
        self._running.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _hand(self, batch: "list[_Waiting[In, Out]]") -> None:
        try:
            results = await self._flush([item for item, _ in batch])
            if len(results) != len(batch):
                raise TransientError(f"{len(results)} results for {len(batch)} items")  # noqa: TRY301
        except BaseException as error:  # noqa: BLE001 - each caller gets it
            if len(batch) > 1 and self._parts(error):
                half = len(batch) // 2
                await self._hand(batch[:half])
                await self._hand(batch[half:])
            else:
                self._fail(batch, error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)

    @staticmethod
    def _fail(batch: "list[_Waiting[In, Out]]", error: BaseException) -> None:
        for _, future in batch:
            if future.done():
                continue
            if isinstance(error, asyncio.CancelledError):
                future.cancel()
            else:
                future.set_exception(error)
