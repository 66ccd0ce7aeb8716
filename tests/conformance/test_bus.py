"""What a bus does, whichever it is: what is confirmed is there, in order, for so many at a time.

Every test runs over both; none is skipped for one."""

import asyncio
import os

import pytest

from jeeves_service.bus.port import Delivery
from jeeves_service.bus.topology import WORK, overflow_queue
from jeeves_service.errors import BusUnavailableError
from support.buses import KEY, LANE_KEY, Seen, Store
from support.eventually import eventually, succeeds


async def test_what_is_published_is_consumed_with_its_headers(store: Store, seen: Seen) -> None:
    bus = await store.open()
    await bus.consume(WORK, seen, prefetch=5)
    await bus.publish(KEY, b"hello", {"tries": 2, "note": "späť"})
    await seen.until(1)
    assert seen.bodies == [b"hello"]
    assert seen.headers == [{"tries": 2, "note": "späť"}]
    assert seen.returns == [0]


async def test_what_is_confirmed_is_there_after_a_restart(store: Store, seen: Seen) -> None:
    first = await store.open()
    for number in range(20):
        await first.publish(KEY, b"%d" % number)
    await first.stop()
    second = await store.open()
    await second.consume(WORK, seen, prefetch=1)
    await seen.until(20)
    assert seen.bodies == [b"%d" % number for number in range(20)]


async def test_what_is_acked_does_not_come_back_after_a_restart(store: Store, seen: Seen) -> None:
    first = await store.open()
    await first.consume(WORK, seen, prefetch=5)
    await first.publish(KEY, b"once")
    await seen.until(1)
    await first.stop()
    second = await store.open()
    await second.consume(WORK, seen, prefetch=5)
    await second.publish(KEY, b"after")
    await seen.until(2)
    assert seen.bodies == [b"once", b"after"]


async def test_messages_begin_in_the_order_in_which_they_were_published(store: Store, seen: Seen) -> None:
    bus = await store.open()
    for number in range(100):
        await bus.publish(KEY, b"%03d" % number)
    await bus.consume(WORK, seen, prefetch=10)
    await seen.until(100)
    assert seen.bodies == sorted(seen.bodies)


async def test_a_reply_goes_to_the_queue_of_its_lane_and_keeps_its_order(store: Store) -> None:
    bus, lanes = await store.open(), [Seen(), Seen()]
    for number, lane in enumerate(lanes):
        await bus.consume(f"lane.{number}", lane, prefetch=4)
    for number in range(60):
        await bus.publish(LANE_KEY, b"%02d" % number, {"lane": number % 2})
    for number, lane in enumerate(lanes):
        await lane.until(30)
        assert lane.bodies == [b"%02d" % each for each in range(number, 60, 2)]


async def test_a_lane_has_one_active_consumer_and_the_next_takes_over(store: Store) -> None:
    bus = await store.open()
    other = await store.beside(bus)
    first, second = Seen(), Seen()
    subscription = await bus.consume("lane.0", first, prefetch=3)
    await other.consume("lane.0", second, prefetch=3)
    for number in range(20):
        await bus.publish(LANE_KEY, b"%d" % number, {"lane": 0})
    await first.until(20)
    assert second.bodies == []
    await subscription.stop()
    await bus.publish(LANE_KEY, b"later", {"lane": 0})
    await second.until(1)
    assert len(first.bodies) == 20


async def test_a_shared_queue_is_worked_on_by_all_its_consumers(store: Store) -> None:
    bus = await store.open()
    other = await store.beside(bus)
    go, busy = asyncio.Event(), [0, 0]

    def worker(number: int) -> "Worker":
        return Worker(busy, number, go)

    await bus.consume(WORK, worker(0), prefetch=1)
    await other.consume(WORK, worker(1), prefetch=1)
    for _ in range(4):
        await bus.publish(KEY, b"x")
    await eventually(lambda: busy == [1, 1], "one each")
    go.set()
    await eventually(lambda: sum(busy) == 4, "all four")


class Worker:
    def __init__(self, busy: list[int], number: int, go: asyncio.Event) -> None:
        self._busy, self._number, self._go = busy, number, go

    async def __call__(self, delivery: Delivery) -> None:
        self._busy[self._number] += 1
        await self._go.wait()
        await delivery.ack()


async def test_no_more_than_prefetch_handlers_run_at_once(store: Store) -> None:
    bus, running, most, done = await store.open(), 0, 0, 0

    async def handler(delivery: Delivery) -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        await delivery.ack()  # early: it still runs
        await asyncio.sleep(0.005)
        running, done = running - 1, done + 1

    await bus.consume(WORK, handler, prefetch=3)
    await asyncio.gather(*(bus.publish(KEY, b"x") for _ in range(40)))
    await eventually(lambda: done == 40, "all handled")
    assert most == 3


@pytest.mark.parametrize("size", [0, 1, 131_064, 131_065, 131_072, 1024 * 1024])
async def test_a_body_is_any_bytes_up_to_a_megabyte(store: Store, seen: Seen, size: int) -> None:
    bus, body = await store.open(), os.urandom(size)
    await bus.consume(WORK, seen, prefetch=1)
    await bus.publish(KEY, body)
    await seen.until(1)
    assert seen.bodies == [body]


async def test_five_hundred_publishes_at_once_are_all_confirmed_and_all_there(store: Store, seen: Seen) -> None:
    bus = await store.open()
    await bus.consume(WORK, seen, prefetch=50)
    await asyncio.gather(*(bus.publish(KEY, b"%d" % number) for number in range(500)))
    await seen.until(500)
    assert sorted(map(int, seen.bodies)) == list(range(500))


async def test_a_bus_that_is_not_started_or_stopped_takes_nothing_and_says_so(store: Store) -> None:
    bus = store.make()
    for call in (bus.check(), bus.publish(KEY, b"x"), bus.send(WORK, b"x")):
        with pytest.raises(BusUnavailableError):
            await call
    opened = await store.open()
    await opened.check()
    await opened.stop()
    for call in (opened.check(), opened.publish(KEY, b"x")):
        with pytest.raises(BusUnavailableError):
            await call


async def test_a_consumer_may_be_asked_for_before_the_start(store: Store, seen: Seen) -> None:
    bus = store.make()
    await bus.declare(overflow_queue("slow"))
    await bus.consume(WORK, seen, prefetch=1)
    await bus.consume("overflow.slow", seen, prefetch=1)
    await bus.start()
    try:
        await succeeds(bus.check, BusUnavailableError)
        await bus.publish(KEY, b"x")
        await bus.send("overflow.slow", b"y")
        await seen.until(2)
    finally:
        await bus.stop()


async def test_a_publish_that_is_not_confirmed_fails_within_two_seconds_and_later_ones_work(store: Store, seen: Seen) -> None:
    bus, loop = await store.open(), asyncio.get_running_loop()
    store.stall()
    begun = loop.time()
    results = await asyncio.gather(*(bus.publish(KEY, b"lost") for _ in range(5)), return_exceptions=True)
    assert {type(each) for each in results} == {BusUnavailableError}
    assert loop.time() - begun < 2.5
    with pytest.raises(BusUnavailableError):
        await bus.check()
    store.resume()
    await succeeds(lambda: bus.publish(KEY, b"found"), BusUnavailableError, within=20)
    await succeeds(bus.check, BusUnavailableError)
    await bus.consume(WORK, seen, prefetch=10)
    await eventually(lambda: b"found" in seen.bodies, "what was confirmed is consumed")
