"""A sender that is told to stop while replies wait: none is lost, none is a dead letter, none goes round and round."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from jeeves_contracts.envelope import Envelope
from jeeves_contracts.ids import LANES, lane
from jeeves_contracts.messages import ReplyRequested
from jeeves_service.bus.port import Bus, Delivery, Handler, Subscription
from jeeves_service.bus.topology import lane_queue, queues
from jeeves_service.clock import SystemClock
from support.buses import RabbitStore, SqliteStore, rabbit, sqlite
from support.eventually import eventually
from support.sending import Sending, place, sending

EACH = 6  # replies in each lane: three go out at once, the rest waits for the pace


@pytest.fixture(params=["sqlite", "rabbit"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqliteStore | RabbitStore]:
    if request.param == "sqlite":
        async with sqlite(tmp_path / "bus.sqlite") as file:
            yield file
    else:
        async with rabbit(request.getfixturevalue("amqp_url")) as broker:
            yield broker


class Counted:
    """A bus that counts what it hands out."""

    def __init__(self, bus: Bus) -> None:
        self.handed = Counter[str]()
        self._bus = bus
        self.start, self.stop, self.check, self.declare = bus.start, bus.stop, bus.check, bus.declare
        self.publish, self.send = bus.publish, bus.send

    async def consume(self, queue: str, handler: Handler, *, prefetch: int) -> Subscription:
        async def counted(delivery: Delivery) -> None:
            self.handed[queue] += 1
            await handler(delivery)

        return await self._bus.consume(queue, counted, prefetch=prefetch)


async def fill(sender: Sending) -> set[str]:
    """Let replies wait in every lane; return their ids once what may go out at once is out."""
    channels = {lane(place().installation_id, name): name for name in (f"C{number}" for number in range(200))}
    names: set[str] = set()
    for channel in channels.values():
        for number in range(EACH):
            names.update(await sender.ask(str(number), at=place(channel)))
    await eventually(lambda: len(sender.slack.shown()) >= 3 * LANES, "the first ones are out")
    return names


async def test_replies_that_wait_in_many_lanes_are_given_back_once_and_none_dies(
    store: SqliteStore | RabbitStore, tmp_path: Path
) -> None:
    once = tuple(replace(queue, limit=1) if queue.single else queue for queue in queues())  # the second time is too much
    bus = Counted(store.make(once))
    async with sending(tmp_path / "unused", bus=bus, clock=SystemClock()) as sender:
        asked = await fill(sender)
        async with asyncio.timeout(5):
            await sender.service.stop()
        assert all(count <= EACH for count in bus.handed.values()), bus.handed
        sent = {name for name, row in sender.users.rows.items() if row.state == "sent"}
        left: list[tuple[str, str, int]] = []

        async def take(delivery: Delivery) -> None:
            asked = Envelope[ReplyRequested].from_bytes(delivery.body).data
            left.append((delivery.queue, asked.reply_id, delivery.returns))
            await delivery.ack()

        for number in range(LANES):
            await bus.consume(lane_queue("slack", number), take, prefetch=EACH)
        await eventually(lambda: len(left) >= len(asked - sent), "the rest is there")
        assert {name for _, name, _ in left} == asked - sent
        assert len({queue for queue, _, _ in left}) == LANES
        assert {returns for _, _, returns in left} <= {0, store.released}
        assert not sender.dead
