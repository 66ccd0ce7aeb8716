"""What only a broker can do to a bus: go away, fall silent, come back, know a queue otherwise."""

import asyncio
from urllib.parse import urlsplit

import aio_pika
import pytest

from jeeves_service.bus import rabbit as rabbit_module
from jeeves_service.bus import rabbit_link, rabbit_topology
from jeeves_service.bus.port import Delivery
from jeeves_service.bus.rabbit import RabbitBus
from jeeves_service.bus.topology import CRASH_LIMIT, DEAD, WORK, Queue, queues
from jeeves_service.errors import BusUnavailableError
from support.buses import KEY, QUEUES, RabbitStore, Seen, red
from support.eventually import eventually, succeeds


async def connected(store: RabbitStore, times: int) -> None:
    await eventually(lambda: store.proxy.accepted >= times, "connected again")


async def test_consumers_come_back_after_the_connection_was_reset(rabbit_store: RabbitStore, seen: Seen) -> None:
    bus, replies = await rabbit_store.open(), Seen()
    await bus.consume(WORK, seen, prefetch=5)
    await bus.consume("lane.0", replies, prefetch=5)
    for round_ in range(1, 4):  # B1
        rabbit_store.proxy.reset()
        await connected(rabbit_store, round_ + 1)
        await succeeds(bus.check, BusUnavailableError)
        await bus.publish(KEY, b"x")
        await bus.publish("chat.reply.requested.v1.slack", b"y", {"lane": 0})
        await seen.until(round_)
        await replies.until(round_)


async def test_publishes_wait_out_a_short_gap(rabbit_store: RabbitStore, seen: Seen) -> None:
    bus = await rabbit_store.open()
    await bus.consume(WORK, seen, prefetch=5)
    rabbit_store.proxy.cut()
    await red(bus, "Connection")
    publishing = asyncio.gather(*(bus.publish(KEY, b"x") for _ in range(10)))
    rabbit_store.proxy.resume()
    await publishing
    await seen.until(10)


async def test_publishes_fail_at_once_when_the_broker_has_been_away_for_long(rabbit_store: RabbitStore) -> None:
    bus, loop = await rabbit_store.open(), asyncio.get_running_loop()
    rabbit_store.proxy.cut()
    for _ in range(2):  # the second time it has been away for long
        with pytest.raises(BusUnavailableError):
            await bus.publish(KEY, b"x")
    begun = loop.time()
    for call in (bus.publish(KEY, b"x"), bus.send(WORK, b"x"), bus.check()):
        with pytest.raises(BusUnavailableError):
            await call
    assert loop.time() - begun < 0.1
    rabbit_store.proxy.resume()
    await succeeds(bus.check, BusUnavailableError)
    await bus.publish(KEY, b"x")


async def test_a_start_does_not_wait_for_a_broker_that_is_away(rabbit_store: RabbitStore, seen: Seen) -> None:
    rabbit_store.proxy.cut()
    bus = rabbit_store.make()
    rabbit_store.buses.append(bus)
    await bus.start()
    await bus.consume(WORK, seen, prefetch=1)
    with pytest.raises(BusUnavailableError):
        await bus.check()
    rabbit_store.proxy.resume()
    await succeeds(bus.check, BusUnavailableError)
    await bus.publish(KEY, b"x")
    await seen.until(1)


async def test_a_silent_link_is_noticed_and_replaced(rabbit_store: RabbitStore, seen: Seen) -> None:
    assert rabbit_module.WATCH + rabbit_link.PATIENCE <= 2 * rabbit_link.HEARTBEAT  # B1: within two heartbeats
    bus = await rabbit_store.open(watch=0.2, patience=0.5)
    await bus.consume(WORK, seen, prefetch=5)
    accepted = rabbit_store.proxy.accepted
    rabbit_store.proxy.blackhole()
    await eventually(lambda: rabbit_store.proxy.accepted > accepted, "tries a new connection", within=3)
    with pytest.raises(BusUnavailableError):
        await bus.check()
    rabbit_store.proxy.resume()
    await succeeds(bus.check, BusUnavailableError)
    await bus.publish(KEY, b"x")
    await eventually(lambda: b"x" in seen.bodies, "consumes again")


async def test_a_lost_confirm_is_no_success_and_the_message_may_be_there(rabbit_store: RabbitStore, seen: Seen) -> None:
    bus, loop = await rabbit_store.open(), asyncio.get_running_loop()
    rabbit_store.proxy.swallow_answers()
    begun = loop.time()
    publishing = asyncio.create_task(bus.publish(KEY, b"in doubt"))
    await asyncio.sleep(0)
    with pytest.raises(BusUnavailableError):
        await publishing
    assert 1.9 < loop.time() - begun < 2.5
    rabbit_store.proxy.resume()
    await bus.consume(WORK, seen, prefetch=1)
    await seen.until(1)  # the broker had it


async def test_a_handler_outlives_its_connection_and_its_message_is_delivered_again(rabbit_store: RabbitStore) -> None:
    bus, go, begun, ended = await rabbit_store.open(), asyncio.Event(), [], []
    running = most = 0

    async def handler(delivery: Delivery) -> None:
        nonlocal running, most
        begun.append(delivery.returns)
        running += 1
        most = max(most, running)
        await go.wait()
        await delivery.ack()
        running -= 1
        ended.append(delivery.returns)

    await bus.consume(WORK, handler, prefetch=1)
    await bus.publish(KEY, b"x")
    await eventually(lambda: begun, "begun")
    rabbit_store.proxy.reset()
    await connected(rabbit_store, 2)
    await succeeds(bus.check, BusUnavailableError)
    go.set()
    await eventually(lambda: len(ended) == 2, "again")
    assert begun == [0, 1]
    assert most == 1  # the prefetch holds over both connections


async def test_a_consumer_that_the_broker_ends_comes_back(rabbit_store: RabbitStore, seen: Seen) -> None:
    bus = await rabbit_store.open()
    await bus.consume(WORK, seen, prefetch=1)
    async with await aio_pika.connect(rabbit_store.url) as connection:
        channel = await connection.channel()
        await channel.queue_delete(f"{rabbit_store.namespace}.{WORK}")
    await succeeds(lambda: bus.publish(KEY, b"x"), BusUnavailableError)
    await seen.until(1)


async def test_a_consumer_that_is_lost_in_silence_is_missed_and_comes_back(rabbit_store: RabbitStore, seen: Seen) -> None:
    bus = await rabbit_store.open(watch=0.3)
    subscription = await bus.consume(WORK, seen, prefetch=1)
    await subscription._raw.basic_cancel(subscription._tag)
    with pytest.raises(BusUnavailableError, match="no consumer on work"):
        await bus.check()
    await succeeds(bus.check, BusUnavailableError)  # with another consumer, over another connection
    await bus.publish(KEY, b"x")
    await seen.until(1)


async def test_a_queue_that_is_known_otherwise_keeps_the_bus_red_and_says_why(rabbit_store: RabbitStore) -> None:
    await rabbit_store.open()
    other = rabbit_store.make((Queue(WORK, limit=9),))
    rabbit_store.buses.append(other)
    await other.start()
    await red(other, "PRECONDITION_FAILED")
    with pytest.raises(BusUnavailableError, match=f"delivery-limit.*{WORK}"):
        await other.check()


async def test_a_queue_that_cannot_be_declared_later_harms_no_other(rabbit_store: RabbitStore) -> None:
    bus = await rabbit_store.open()
    with pytest.raises(BusUnavailableError, match="PRECONDITION_FAILED"):
        await bus.declare(Queue(WORK, limit=9))
    await bus.check()
    await bus.publish(KEY, b"x")


async def test_a_wrong_password_is_told_without_the_password(
    rabbit_store: RabbitStore, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = urlsplit(rabbit_store.url)
    url = parts._replace(netloc=f"guest:hunter2-secret@{parts.hostname}:{parts.port}").geturl()
    bus = RabbitBus(url, QUEUES, namespace=rabbit_store.namespace)
    await bus.start()
    await red(bus, "ACCESS_REFUSED")
    with pytest.raises(BusUnavailableError, match="ACCESS_REFUSED") as raised:
        await bus.check()
    await bus.stop()
    out, err = capsys.readouterr()
    assert "hunter2-secret" not in f"{raised.value}{out}{err}"


async def test_messages_survive_as_persistent_in_quorum_queues(rabbit_store: RabbitStore) -> None:
    bus = await rabbit_store.open()
    await bus.publish(KEY, b"x")
    async with await aio_pika.connect(rabbit_store.url) as connection:
        channel = await connection.channel()
        queue = await channel.get_queue(f"{rabbit_store.namespace}.{WORK}")
        message = await queue.get(timeout=5)
        assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
        assert message.headers.get("x-delivery-count", 0) == 0  # which only a quorum queue counts
        await message.ack()


def test_every_queue_has_a_limit_of_its_own_and_loses_nothing_on_the_way_to_the_dead_letters() -> None:
    for queue in queues():
        made = rabbit_topology.arguments(queue, "jeeves")
        assert made["x-queue-type"] == "quorum"
        assert made["x-delivery-limit"] == (CRASH_LIMIT if queue.limit else rabbit_topology.NO_LIMIT)
        if queue.name != DEAD:
            assert made["x-dead-letter-strategy"] == "at-least-once"
            assert made["x-overflow"] == "reject-publish"  # which at-least-once needs
        assert ("x-single-active-consumer" in made) == queue.single
