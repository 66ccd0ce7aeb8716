"""Which queues take what, and for how long, whichever bus it is. Every test runs over both; none is skipped for one."""

import asyncio

import pytest

from jeeves_service.bus.routing import matches
from jeeves_service.bus.topology import WORK, Queue, overflow_queue
from jeeves_service.errors import UnroutableError
from support.buses import KEY, LANE_KEY, Seen, Store
from support.eventually import eventually


async def test_an_event_that_no_queue_takes_is_unroutable(store: Store) -> None:
    bus = await store.open()
    with pytest.raises(UnroutableError):
        await bus.publish("nobody.home", b"x")
    await bus.publish(KEY, b"x")  # and harms no other


async def test_a_reply_whose_lane_has_no_queue_is_unroutable(store: Store) -> None:
    bus = await store.open()
    for headers in ({"lane": 7}, {"other": 1}, None):
        with pytest.raises(UnroutableError):
            await bus.publish(LANE_KEY, b"x", headers)
    await bus.publish(LANE_KEY, b"x", {"lane": 1})


async def test_a_queue_that_does_not_exist_cannot_be_sent_to_nor_consumed(store: Store, seen: Seen) -> None:
    bus = await store.open()
    with pytest.raises(UnroutableError):
        await bus.send("nowhere", b"x")
    with pytest.raises(UnroutableError):
        await bus.consume("nowhere", seen, prefetch=1)


async def test_an_event_goes_to_every_queue_that_is_bound_to_its_key(store: Store, seen: Seen) -> None:
    bus, also = await store.open(), Seen()
    await bus.consume(WORK, seen, prefetch=5)
    await bus.consume("also", also, prefetch=5)
    await bus.publish("job.due.v1.slack", b"both")
    await bus.publish("job.due.v1.other", b"one")
    await seen.until(2)
    await also.until(1)
    assert sorted(seen.bodies) == [b"both", b"one"]


PATTERNS = ("a.b", "a.*", "*.b", "a.#", "#.z", "a.#.z", "*", "*.*.c")


@pytest.mark.parametrize("key", ["a", "a.b", "a.b.c", "a.z", "a.b.z", "b.z", "z", "x.b", "q.q.c", "a.b.c.z"])
async def test_patterns_mean_the_same(store: Store, key: str) -> None:
    bus = await store.open(tuple(Queue(f"p{number}", (pattern,)) for number, pattern in enumerate(PATTERNS)))
    seen = [Seen() for _ in PATTERNS]
    for number, one in enumerate(seen):
        await bus.consume(f"p{number}", one, prefetch=1)
    wanted = [matches(pattern.split("."), key.split(".")) for pattern in PATTERNS]
    await bus.publish(key, b"x")
    await eventually(lambda: [bool(one.bodies) for one in seen] == wanted, f"{key}: {wanted}")
    await bus.stop()
    assert [len(one.bodies) for one in seen] == wanted


async def test_what_lay_in_a_delay_queue_comes_back_to_work_with_its_headers(store: Store, seen: Seen) -> None:
    bus, loop = await store.open(), asyncio.get_running_loop()
    await bus.consume(WORK, seen, prefetch=5)
    begun = loop.time()
    await bus.send("retry.long", b"second", {"tries": 2})
    await bus.send("retry.short", b"first", {"tries": 1, "lane": 5})
    await seen.until(1)
    assert 0.25 < loop.time() - begun < 0.9
    await seen.until(2)
    assert loop.time() - begun > 0.85
    assert seen.bodies == [b"first", b"second"]
    assert seen.headers == [{"tries": 1, "lane": 5}, {"tries": 2}]
    assert seen.returns == [0, 0]


async def test_a_delay_goes_on_while_the_bus_is_away(store: Store, seen: Seen) -> None:
    first, loop = await store.open(), asyncio.get_running_loop()
    begun = loop.time()
    await first.send("retry.long", b"later", {"tries": 1})
    await first.stop()
    second = await store.open()
    await second.consume(WORK, seen, prefetch=1)
    await seen.until(1)
    assert 0.85 < loop.time() - begun < 5
    assert seen.headers == [{"tries": 1}]


async def test_an_overflow_queue_may_be_declared_later(store: Store, seen: Seen) -> None:
    bus = await store.open()
    with pytest.raises(UnroutableError):
        await bus.send("overflow.slow", b"too early")
    for _ in range(2):
        await bus.declare(overflow_queue("slow"))
    await bus.send("overflow.slow", b"x", {"tries": 0})
    await bus.consume("overflow.slow", seen, prefetch=1)
    await seen.until(1)


async def test_what_an_overflow_queue_holds_is_there_once_it_is_declared_again(store: Store, seen: Seen) -> None:
    first = await store.open()
    await first.declare(overflow_queue("slow"))
    await first.send("overflow.slow", b"kept")
    await first.stop()
    second = await store.open()
    await second.declare(overflow_queue("slow"))
    await second.consume("overflow.slow", seen, prefetch=1)
    await seen.until(1)
    assert seen.bodies == [b"kept"]
