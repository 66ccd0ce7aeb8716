"""Both buses behind one face, for tests that hold for both: made on a store of their own, stalled, taken away at the end."""

import asyncio
import contextlib
import secrets
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import aio_pika

from jeeves_service.bus.port import Bus, Delivery, Headers
from jeeves_service.bus.rabbit import RabbitBus
from jeeves_service.bus.sqlite import SqliteBus
from jeeves_service.bus.topology import DEAD, WORK, Queue
from jeeves_service.errors import BusUnavailableError
from support.eventually import eventually, succeeds
from support.tcp_proxy import TcpProxy

LANE_KEY = "chat.reply.requested.v1.slack"
QUEUES = (
    Queue(WORK, ("chat.message.received.v1.#", "job.due.v1.#"), limit=2),
    Queue("retry.short", delay=0.3, limit=None),
    Queue("retry.long", delay=0.9, limit=None),
    Queue("also", ("job.due.v1.slack",)),
    Queue("lane.0", (LANE_KEY,), lane=0, single=True),
    Queue("lane.1", (LANE_KEY,), lane=1, single=True),
    Queue(DEAD, limit=None),
)
KEY = "chat.message.received.v1.slack"


class Seen:
    """A handler that acks and remembers."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[Headers] = []
        self.returns: list[int] = []

    async def __call__(self, delivery: Delivery) -> None:
        self.bodies.append(delivery.body)
        self.headers.append(delivery.headers)
        self.returns.append(delivery.returns)
        await delivery.ack()

    async def until(self, count: int) -> None:
        await eventually(lambda: len(self.bodies) >= count, f"{count} messages, have {self.bodies[:9]}")
        assert len(self.bodies) == count


async def red(bus: Bus, words: str) -> None:
    """Wait until the bus's check says these words."""
    said: list[str] = []
    while words not in " ".join(said[-1:]):
        assert len(said) < 1000, said[-1]
        try:
            await bus.check()
            said.append("green")
        except BusUnavailableError as error:
            said.append(str(error))
        await asyncio.sleep(0.01)


class Store(Protocol):
    """Where a kind of bus keeps its messages, one for each test.

    `released`: what a release adds to the returns of a message.
    """

    @property
    def released(self) -> int: ...

    def make(self, queues: tuple[Queue, ...] = QUEUES, **seconds: float) -> Bus:
        """Return a bus that is not started yet; `seconds` are those of its constructor."""
        ...

    async def open(self, queues: tuple[Queue, ...] = QUEUES, **seconds: float) -> Bus:
        """Return a bus that works."""
        ...

    async def beside(self, bus: Bus, /) -> Bus:
        """Return the bus of a second process on the same store; where there can be none, the same bus."""
        ...

    def stall(self) -> None:
        """Let the store confirm nothing."""
        ...

    def resume(self) -> None: ...


class Opened:
    def __init__(self) -> None:
        self.buses: list[Bus] = []

    async def start(self, bus: Bus) -> Bus:
        self.buses.append(bus)
        await bus.start()
        await succeeds(bus.check, BusUnavailableError)
        return bus

    async def stop(self) -> None:
        for bus in self.buses:
            await bus.stop()


class SqliteStore(Opened):
    released = 0

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._other: sqlite3.Connection | None = None

    def make(self, queues: tuple[Queue, ...] = QUEUES, **seconds: float) -> Bus:
        return SqliteBus(self.path, queues, clock=None, **seconds)

    async def open(self, queues: tuple[Queue, ...] = QUEUES, **seconds: float) -> Bus:
        return await self.start(self.make(queues, **seconds))

    async def beside(self, bus: Bus, /) -> Bus:
        return bus

    def stall(self) -> None:
        self._other = sqlite3.connect(self.path, isolation_level=None)
        self._other.execute("BEGIN IMMEDIATE")

    def resume(self) -> None:
        if self._other:
            self._other.close()


class RabbitStore(Opened):
    released = 1  # before 4.3; later ones may add none

    def __init__(self, url: str, proxy: TcpProxy) -> None:
        super().__init__()
        parts = urlsplit(url)
        credentials = parts.netloc.rpartition("@")[0]
        self.url, self.proxy = url, proxy
        self._proxied = parts._replace(netloc=f"{credentials}@127.0.0.1:{proxy.port}").geturl()
        self.namespace = f"test-{secrets.token_hex(6)}"
        self._names: set[str] = set()

    def make(self, queues: tuple[Queue, ...] = QUEUES, **seconds: float) -> RabbitBus:
        self.will_have(*queues)
        return RabbitBus(self._proxied, queues, namespace=self.namespace, **seconds)

    def will_have(self, *queues: Queue) -> None:
        self._names |= {queue.name for queue in queues}

    async def open(self, queues: tuple[Queue, ...] = QUEUES, **seconds: float) -> RabbitBus:
        bus = self.make(queues, **seconds)
        await self.start(bus)
        return bus

    async def beside(self, _: Bus, /) -> Bus:
        return await self.open()

    def stall(self) -> None:
        self.proxy.swallow_answers()

    def resume(self) -> None:
        self.proxy.resume()

    async def remove(self) -> None:
        async with await aio_pika.connect(self.url) as connection:
            channel = await connection.channel()
            for name in self._names | {"overflow.slow"}:
                await channel.queue_delete(f"{self.namespace}.{name}")
            for exchange in (self.namespace, f"{self.namespace}.{LANE_KEY}"):
                await channel.exchange_delete(exchange)


@contextlib.asynccontextmanager
async def sqlite(path: Path) -> AsyncIterator[SqliteStore]:
    made = SqliteStore(path)
    yield made
    made.resume()
    await made.stop()


@contextlib.asynccontextmanager
async def rabbit(url: str) -> AsyncIterator[RabbitStore]:
    parts = urlsplit(url)
    async with TcpProxy(parts.hostname or "127.0.0.1", parts.port or 5672) as proxy:
        made = RabbitStore(url, proxy)
        yield made
        proxy.resume()
        await made.stop()
        await made.remove()
