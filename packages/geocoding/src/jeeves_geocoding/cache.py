"""Keep answers for a while, ask once for whoever waits, and fall back on an old answer when there is no new one."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from jeeves_service.clock import Clock

Value = TypeVar("Value")


@dataclass(frozen=True)
class Kept(Generic[Value]):
    """A value. `age` in seconds is told only when the value is out of date and no newer one could be had."""

    value: Value
    age: float | None = None


class Cache(Generic[Value]):
    """Values are `fresh` for so many seconds, and serve `stale` ones when loading fails with `excuse`; `size` are kept."""

    def __init__(self, clock: Clock, *, fresh: float, stale: float, size: int, excuse: type[Exception]) -> None:
        self._clock, self._fresh, self._stale, self._size, self._excuse = clock, fresh, stale, size, excuse
        self._kept: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._loading: dict[Hashable, asyncio.Task[Value]] = {}

    async def get(self, key: Hashable, load: Callable[[], Awaitable[Value]]) -> Kept[Value]:
        """Return what is kept under `key`, else what `load` returns. Raises what `load` raises."""
        at, value = self._kept.get(key, (None, None))
        if at is not None and value is not None:
            self._kept.move_to_end(key)
            age = self._clock.monotonic() - at
            if age < self._fresh:
                return Kept(value)
        try:
            return Kept(await asyncio.shield(self._load(key, load)))
        except self._excuse:
            if at is None or value is None or (age := self._clock.monotonic() - at) > self._stale:
                raise
            return Kept(value, age)

    def _load(self, key: Hashable, load: Callable[[], Awaitable[Value]]) -> "asyncio.Task[Value]":
        task = self._loading.get(key)
        if task is None:
            task = self._loading[key] = asyncio.create_task(self._keep(key, load))
            task.add_done_callback(lambda done: self._done(key, done))
        return task

    async def _keep(self, key: Hashable, load: Callable[[], Awaitable[Value]]) -> Value:
        value = await load()
        self._kept[key] = (self._clock.monotonic(), value)
        self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return value

    def _done(self, key: Hashable, task: "asyncio.Task[Value]") -> None:
        self._loading.pop(key, None)
        if not task.cancelled():
            task.exception()  # whoever waited has it; when nobody did, it is no news
