"""What is waiting goes together; nothing waits in order to go together."""

import asyncio

import pytest

from jeeves_service.batch import Batcher
from jeeves_service.errors import TransientError


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Flushes:
    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()
        self.at_once = self.most = 0

    async def __call__(self, items: list[int]) -> list[int]:
        self.batches.append(items)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await self.go.wait()
        self.at_once -= 1
        if -13 in items:
            raise ValueError("-13")
        return [item * 2 for item in items]


async def test_each_caller_gets_its_own_result() -> None:
    flush = Flushes()
    flush.go.set()
    batcher = Batcher(flush)
    assert await asyncio.gather(*(batcher.submit(number) for number in range(200))) == [2 * number for number in range(200)]


async def test_one_alone_goes_at_once_and_alone() -> None:
    flush = Flushes()
    flush.go.set()
    assert await Batcher(flush).submit(1) == 2
    assert flush.batches == [[1]]


async def test_what_arrives_during_a_flush_goes_together_up_to_the_limit() -> None:
    flush = Flushes()
    batcher = Batcher(flush, limit=4, lanes=1)
    first = asyncio.create_task(batcher.submit(0))
    await turns()
    assert flush.batches == [[0]]
    rest = asyncio.gather(*(batcher.submit(number) for number in range(1, 11)))
    await asyncio.sleep(0)
    flush.go.set()
    await asyncio.gather(first, rest)
    assert flush.batches == [[0], [1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]
    assert flush.most == 1


async def test_no_more_flushes_than_lanes_are_under_way() -> None:
    flush = Flushes()
    batcher = Batcher(flush, limit=1, lanes=3)
    tasks = [asyncio.create_task(batcher.submit(number)) for number in range(9)]
    await turns()
    assert flush.most == 3
    flush.go.set()
    await asyncio.gather(*tasks)
    assert flush.most == 3


async def test_an_error_reaches_those_of_its_batch_and_no_other() -> None:
    flush = Flushes()
    flush.go.set()
    batcher = Batcher(flush, limit=2, lanes=1)
    results = await asyncio.gather(*(batcher.submit(number) for number in (1, 2, -13, 3, 4)), return_exceptions=True)
    assert [type(result) for result in results] == [int, int, ValueError, ValueError, int]
    assert await batcher.submit(5) == 10


async def test_a_caller_that_goes_away_harms_no_other() -> None:
    flush = Flushes()
    batcher = Batcher(flush, lanes=1)
    leaving, staying = (asyncio.create_task(batcher.submit(number)) for number in (1, 2))
    await turns()
    leaving.cancel()
    await asyncio.sleep(0)
    flush.go.set()
    assert await staying == 4
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_a_flush_that_returns_too_little_is_an_error_and_nobody_waits_for_ever() -> None:
    async def flush(items: list[int]) -> list[int]:
        return items[:-1]

    batcher = Batcher(flush, lanes=1)
    async with asyncio.timeout(5):
        results = await asyncio.gather(*(batcher.submit(number) for number in range(3)), return_exceptions=True)
    assert all(isinstance(result, TransientError) for result in results)


async def test_an_item_that_comes_just_as_a_flush_ends_is_not_forgotten() -> None:
    async def flush(items: list[int]) -> list[int]:
        return items

    batcher = Batcher(flush, lanes=1)
    async with asyncio.timeout(5):
        for late in range(10):  # at each turn of the loop around the end
            first = asyncio.create_task(batcher.submit(1))
            for _ in range(late):
                await asyncio.sleep(0)
            assert await batcher.submit(2) == 2
            assert await first == 1


async def test_a_batch_that_fails_by_one_item_is_parted_until_that_one_is_alone() -> None:
    flush = Flushes()
    flush.go.set()
    batcher = Batcher(flush, parts=lambda error: isinstance(error, ValueError))
    numbers = [1, 2, -13, 4, 5, 6, 7]
    results = await asyncio.gather(*(batcher.submit(number) for number in numbers), return_exceptions=True)
    assert [result for result in results if isinstance(result, int)] == [2, 4, 8, 10, 12, 14]
    assert isinstance(results[2], ValueError)
    assert [-13] in flush.batches
