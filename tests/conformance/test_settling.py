"""What becomes of a message that is settled, or is not. Every test runs over both buses; none is skipped for one."""

import asyncio
from itertools import pairwise

import pytest

from jeeves_service.bus import handling
from jeeves_service.bus.port import Delivery
from jeeves_service.bus.topology import DEAD, WORK
from jeeves_service.patience import StoppedError
from support.buses import KEY, Seen, Store
from support.eventually import eventually


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


async def test_a_dead_letter_has_no_crash_limit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "PAUSE", 0)
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


async def test_a_handler_that_is_stopped_has_its_message_released(store: Store) -> None:
    bus, returns = await store.open(), []

    async def handler(delivery: Delivery) -> None:
        returns.append(delivery.returns)
        if len(returns) == 1:
            raise StoppedError
        await delivery.ack()

    await bus.publish(KEY, b"x")
    await bus.consume(WORK, handler, prefetch=1)
    await eventually(lambda: len(returns) == 2, "handled twice")
    assert returns in ([0, 0], [0, store.released])


async def test_a_handler_that_is_cancelled_by_something_else_has_its_message_rejected(store: Store) -> None:
    bus, returns = await store.open(), []

    async def handler(delivery: Delivery) -> None:
        returns.append(delivery.returns)
        if len(returns) == 1:
            raise asyncio.CancelledError
        await delivery.ack()

    await bus.publish(KEY, b"x")
    await bus.consume(WORK, handler, prefetch=1)
    await eventually(lambda: len(returns) == 2, "handled twice")
    assert returns == [0, 1]


@pytest.mark.parametrize("how", ["raises", "rejects", "forgets"])
async def test_a_handler_that_always_fails_does_not_spin_and_holds_up_no_other(store: Store, how: str) -> None:
    bus, loop, at, others = await store.open(), asyncio.get_running_loop(), [], []

    async def handler(delivery: Delivery) -> None:
        if delivery.body != b"poison":
            others.append(loop.time())
            await delivery.ack()
            return
        at.append(loop.time())
        if len(at) == 5:
            await delivery.ack()
        elif how == "raises":
            raise ValueError("always")
        elif how == "rejects":
            await delivery.reject()

    await bus.send(DEAD, b"poison")
    await bus.consume(DEAD, handler, prefetch=2)
    await eventually(lambda: len(at) == 2, "came back at once")
    await bus.send(DEAD, b"other")
    await eventually(lambda: len(at) == 5, "handled")
    pauses = [after - before for before, after in pairwise(at)]
    assert [pause > 0.09 * returns for returns, pause in enumerate(pauses)] == [True] * 4, pauses
    assert pauses[0] < 0.1
    assert others[0] < at[4]
