"""What a bus does, whichever it is. Every test runs over both; none is skipped for one."""

import asyncio
import os

import pytest

from jeeves_service.bus.port import Delivery, Subscription
from jeeves_service.bus.routing import matches
from jeeves_service.bus.topology import DEAD, WORK, Queue, overflow_queue
from jeeves_service.errors import BusUnavailableError, UnroutableError
from support.buses import KEY, LANE_KEY, QUEUES, Seen, Store
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


async def test_a_rejected_message_comes_back_first_and_counted(store: Store) -> None:
    bus, got = await store.open(), []

    async def handler(delivery: Delivery) -> None:
        got.append((delivery.body, delivery.returns))
        if delivery.returns < 2:
            await delivery.reject()
        else:
            await delivery.ack()

    for body in (b"a", b"b"):
        await bus.publish(KEY, body, {"kept": 1})
    await bus.consume(WORK, handler, prefetch=1)
    await eventually(lambda: len(got) == 6, "three each")
    assert got == [(body, returns) for body in (b"a", b"b") for returns in range(3)]


async def test_what_exceeds_the_crash_limit_is_a_dead_letter_with_reason_and_origin(store: Store, seen: Seen) -> None:
    bus, tries = await store.open(), 0

    async def handler(_: Delivery) -> None:
        nonlocal tries
        tries += 1
        raise ValueError("always")

    await bus.publish(KEY, b"poison", {"tries": 1})
    await bus.consume(WORK, handler, prefetch=2)
    await bus.consume(DEAD, seen, prefetch=2)
    await seen.until(1)
    assert seen.bodies == [b"poison"]
    assert seen.headers == [{"tries": 1, "reason": "crash limit", "origin": WORK}]
    assert seen.returns == [0]
    assert tries == 3  # a limit of 2: returned twice, and the third time is too much


async def test_a_dead_letter_that_was_retried_before_tells_its_last_reason(store: Store, seen: Seen) -> None:
    bus = await store.open()

    async def handler(_: Delivery) -> None:
        raise ValueError("always")

    await bus.consume(WORK, handler, prefetch=1)
    await bus.consume(DEAD, seen, prefetch=1)
    await bus.send("retry.short", b"poison")
    await seen.until(1)
    assert seen.headers == [{"reason": "crash limit", "origin": WORK}]


async def test_a_dead_letter_that_was_sent_has_what_its_sender_gave(store: Store, seen: Seen) -> None:
    bus = await store.open()
    await bus.consume(DEAD, seen, prefetch=1)
    await bus.send(DEAD, b"bad", {"reason": "bad: no such thing", "origin": "work", "tries": 0})
    await seen.until(1)
    assert seen.headers == [{"reason": "bad: no such thing", "origin": "work", "tries": 0}]


async def test_a_dead_letter_has_no_crash_limit(store: Store) -> None:
    bus, returns = await store.open(), []

    async def handler(delivery: Delivery) -> None:
        returns.append(delivery.returns)
        if len(returns) > 30:
            await delivery.ack()
        else:
            await delivery.reject()

    await bus.send(DEAD, b"stubborn")
    await bus.consume(DEAD, handler, prefetch=1)
    await eventually(lambda: len(returns) == 31, "handled")
    assert returns == list(range(31))


async def test_a_released_message_comes_back_first(store: Store) -> None:
    bus, got = await store.open(), []

    async def handler(delivery: Delivery) -> None:
        got.append(delivery.body)
        if len(got) == 1:
            await delivery.release()
        else:
            await delivery.ack()

    for body in (b"a", b"b"):
        await bus.publish(KEY, body)
    await bus.consume(WORK, handler, prefetch=1)
    await eventually(lambda: len(got) == 3, "handled")
    assert got == [b"a", b"a", b"b"]


async def test_only_the_first_settling_counts(store: Store) -> None:
    bus, got = await store.open(), []

    async def handler(delivery: Delivery) -> None:
        got.append(delivery.body)
        await delivery.ack()
        await delivery.ack()
        await delivery.reject()
        await delivery.release()

    await bus.consume(WORK, handler, prefetch=1)
    for body in (b"a", b"b"):
        await bus.publish(KEY, body)
    await eventually(lambda: len(got) == 2, "handled")
    await bus.check()
    assert got == [b"a", b"b"]


async def test_a_handler_that_raises_has_its_message_rejected_and_goes_on(store: Store) -> None:
    bus, got = await store.open(), []

    async def handler(delivery: Delivery) -> None:
        got.append((delivery.body, delivery.returns))
        if delivery.body == b"a" and delivery.returns == 0:
            raise RuntimeError("once")
        await delivery.ack()

    await bus.consume(WORK, handler, prefetch=1)
    for body in (b"a", b"b"):
        await bus.publish(KEY, body)
    await eventually(lambda: len(got) == 3, "handled")
    assert sorted(got) == [(b"a", 0), (b"a", 1), (b"b", 0)]


async def test_a_handler_that_forgets_to_settle_has_its_message_rejected(store: Store) -> None:
    bus, returns = await store.open(), []

    async def handler(delivery: Delivery) -> None:
        returns.append(delivery.returns)
        if delivery.returns == 1:
            await delivery.ack()

    await bus.publish(KEY, b"x")
    await bus.consume(WORK, handler, prefetch=1)
    await eventually(lambda: len(returns) == 2, "handled twice")
    assert returns == [0, 1]


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
        await bus.check()  # S38
    store.resume()
    await succeeds(lambda: bus.publish(KEY, b"found"), BusUnavailableError, within=20)
    await succeeds(bus.check, BusUnavailableError)
    await bus.consume(WORK, seen, prefetch=10)
    await eventually(lambda: b"found" in seen.bodies, "what was confirmed is consumed")


async def test_stop_lets_the_running_handler_finish_and_leaves_the_rest_to_others(store: Store, seen: Seen) -> None:
    bus, go, begun, finished = await store.open(), asyncio.Event(), [], []

    async def slow(delivery: Delivery) -> None:
        begun.append(delivery.body)
        await go.wait()
        await delivery.ack()
        finished.append(delivery.body)

    for body in (b"a", b"b", b"c"):
        await bus.publish(KEY, body)
    subscription = await bus.consume(WORK, slow, prefetch=1)
    await eventually(lambda: begun, "begun")
    stopping = asyncio.create_task(subscription.stop())
    await bus.consume(WORK, seen, prefetch=1)
    await seen.until(2)
    assert not stopping.done()
    go.set()
    await stopping
    assert (begun, finished, seen.bodies) == ([b"a"], [b"a"], [b"b", b"c"])


async def test_stopping_the_bus_finishes_what_is_in_hand(store: Store, seen: Seen) -> None:
    bus, begun, finished = await store.open(), asyncio.Event(), []

    async def slow(delivery: Delivery) -> None:
        begun.set()
        await bus.publish("job.due.v1.other", b"outcome")  # the bus still works
        await asyncio.sleep(0.05)
        await delivery.ack()
        finished.append(delivery.body)

    await bus.publish(KEY, b"a")
    await bus.consume(WORK, slow, prefetch=1)
    await begun.wait()
    await bus.stop()
    assert finished[0] == b"a"
    again = await store.open(QUEUES)
    await again.consume(WORK, seen, prefetch=5)
    await again.publish(KEY, b"end")
    await eventually(lambda: b"end" in seen.bodies, "consumed")
    assert b"a" not in seen.bodies


async def test_a_handler_may_stop_its_own_subscription(store: Store) -> None:
    bus, got = await store.open(), []
    subscriptions: list[Subscription] = []

    async def handler(delivery: Delivery) -> None:
        got.append(delivery.body)
        await subscriptions[0].stop()
        await delivery.ack()

    subscriptions.append(await bus.consume("also", handler, prefetch=1))
    await bus.send("also", b"only")
    await bus.send("also", b"kept")
    await eventually(lambda: got, "handled")
    seen = Seen()
    await bus.consume("also", seen, prefetch=1)
    await eventually(lambda: b"kept" in seen.bodies, "the next one's")
    assert got == [b"only"]
