"""What a bus does when a consumer, or all of it, is told to stop. Every test runs over both; none is skipped for one."""

import asyncio

from jeeves_service.bus.port import Bus, Delivery, Subscription
from jeeves_service.bus.topology import DEAD, WORK
from jeeves_service.clock import SystemClock
from jeeves_service.patience import Patience
from support.buses import KEY, QUEUES, Seen, Store
from support.eventually import eventually


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


class Held:
    """A handler that keeps what it gets until it is told to stop, or for ever."""

    def __init__(self, patience: Patience) -> None:
        self.patience, self.got = patience, list[bytes]()

    async def __call__(self, delivery: Delivery) -> None:
        self.got.append(delivery.body)
        await self.patience.pause(3600)
        await delivery.ack()


SEVERAL = ("work", "also", "lane.0", "lane.1")


async def held(bus: Bus) -> tuple[Held, list[Subscription], set[bytes]]:
    """Let one handler hold ten messages of each queue, and leave one more waiting in each."""
    handler = Held(Patience(SystemClock()))
    sent = {b"%s %d" % (queue.encode(), number) for queue in SEVERAL for number in range(11)}
    for body in sorted(sent):
        await bus.send(body.decode().partition(" ")[0], body)
    subscriptions: list[Subscription] = [await bus.consume(queue, handler, prefetch=10) for queue in SEVERAL]
    await eventually(lambda: len(handler.got) == 10 * len(SEVERAL), "in hand")
    return handler, subscriptions, sent


async def all_there_and_returned_once(store: Store, sent: set[bytes]) -> None:
    bus, seen, dead = await store.open(), Seen(), Seen()
    await bus.consume(DEAD, dead, prefetch=10)
    for queue in SEVERAL:
        await bus.consume(queue, seen, prefetch=20)
    await seen.until(len(sent))
    assert set(seen.bodies) == sent
    assert set(seen.returns) <= {0, store.released}
    assert not dead.bodies


async def test_stopping_several_subscriptions_gives_each_waiting_message_back_once(store: Store) -> None:
    bus = await store.open()
    handler, subscriptions, sent = await held(bus)
    await asyncio.gather(*(subscription.cancel() for subscription in subscriptions))
    await bus.check()  # nothing is missed
    handler.patience.stop()
    await asyncio.gather(*(subscription.stop() for subscription in subscriptions))
    assert len(handler.got) == 10 * len(SEVERAL)
    await bus.stop()
    await all_there_and_returned_once(store, sent)


async def test_what_takes_too_long_when_the_bus_stops_is_cancelled_and_given_back_once(store: Store) -> None:
    bus = await store.open(stop_patience=0.05)
    handler, _, sent = await held(bus)
    async with asyncio.timeout(3):
        await bus.stop()
    assert len(handler.got) == 10 * len(SEVERAL)
    await all_there_and_returned_once(store, sent)


async def test_after_a_cancel_nothing_more_is_taken_and_what_is_in_hand_goes_on(store: Store, seen: Seen) -> None:
    bus, go, begun = await store.open(), asyncio.Event(), []

    async def slow(delivery: Delivery) -> None:
        begun.append(delivery.body)
        await go.wait()
        await delivery.ack()

    await bus.publish(KEY, b"a")
    subscription = await bus.consume(WORK, slow, prefetch=5)
    await eventually(lambda: begun, "begun")
    await subscription.cancel()
    await bus.publish(KEY, b"b")
    await bus.consume(WORK, seen, prefetch=5)
    await seen.until(1)
    await subscription.cancel()  # again
    go.set()
    await subscription.stop()
    await bus.publish(KEY, b"c")
    await seen.until(2)
    assert (begun, seen.bodies) == ([b"a"], [b"b", b"c"])
