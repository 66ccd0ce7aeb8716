"""One connection to RabbitMQ, from its making to its loss: never mended, always replaced. Every wait on it is bounded."""

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import TypeVar

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, PublishError

from jeeves_service.bus import rabbit_topology
from jeeves_service.bus.port import Headers
from jeeves_service.bus.rabbit_publisher import Publisher
from jeeves_service.bus.topology import Queue
from jeeves_service.errors import BusUnavailableError, UnroutableError

HEARTBEAT = 10  # seconds
PATIENCE = 10.0  # seconds that the broker may take for anything but a publish, before the connection is given up
Result = TypeVar("Result")


async def bounded(work: Awaitable[Result], seconds: float) -> Result:
    """Wait for the broker, so many seconds at most.

    Raises BusUnavailableError for whatever goes wrong, UnroutableError for a returned message.
    """
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError as error:
        raise BusUnavailableError(f"the broker did not answer within {seconds:g} s") from error
    except PublishError as error:
        raise UnroutableError("no queue takes it") from error
    except (*CONNECTION_EXCEPTIONS, ValueError) as error:
        raise BusUnavailableError(f"{error.__class__.__name__}: {error}"[:300]) from error
    except asyncio.CancelledError as error:
        if (task := asyncio.current_task()) and task.cancelling():
            raise
        # The library cancels whoever waits on a connection that ends.
        raise BusUnavailableError("the connection was closed") from error


class Link:
    """`lost` is set once it is of no more use, and `why` says why."""

    def __init__(self, connection: AbstractConnection, namespace: str, patience: float) -> None:
        self._connection, self.namespace, self.patience = connection, namespace, patience
        self.lost, self.why = asyncio.Event(), ""
        self._control: AbstractChannel
        self._publisher: Publisher
        self._question: asyncio.Task[None] | None = None
        connection.close_callbacks.add(self._on_close)

    @classmethod
    async def open(cls, url: str, namespace: str, patience: float = PATIENCE) -> "Link":
        """Connect, and declare the exchange. `patience` bounds each wait, in seconds. Raises BusUnavailableError."""
        connecting = aio_pika.connect(url, heartbeat=HEARTBEAT, timeout=patience)
        link = cls(await bounded(connecting, patience), namespace, patience)
        try:
            link._control = await link.channel()
            await bounded(link._control.declare_exchange(namespace, aio_pika.ExchangeType.TOPIC, durable=True), patience)
            publisher = await link.channel(publisher_confirms=True, on_return_raises=True)
            link._publisher = Publisher(await publisher.get_underlay_channel())
            publisher.close_callbacks.add(link._on_close)
            link._control.close_callbacks.add(link._on_close)
        except BaseException:
            await link.close()
            raise
        return link

    async def channel(self, *, publisher_confirms: bool = False, on_return_raises: bool = False) -> AbstractChannel:
        """Open one more channel. Raises BusUnavailableError."""
        return await bounded(_opened(self._connection, publisher_confirms, on_return_raises), self.patience)

    async def declare(self, queue: Queue) -> None:
        """Declare one more queue, on a channel of its own, which a refusal ends. Raises BusUnavailableError."""
        channel = await self.channel()
        try:
            await bounded(rabbit_topology.declare(channel, queue, self.namespace), self.patience)
        finally:
            with contextlib.suppress(BusUnavailableError):
                await bounded(channel.close(), self.patience)

    async def publish(self, exchange: str, key: str, body: bytes, headers: Headers) -> None:
        """Return once the message is confirmed. To be `bounded` by the caller; many may wait at once."""
        await self._publisher.publish(exchange, key, body, headers)

    async def ping(self, seconds: float | None = None) -> None:
        """Raise BusUnavailableError unless the broker answers in time. Those who ask meanwhile share one question."""
        if await self.blocked():
            raise BusUnavailableError("the broker takes no messages: it is short of memory or disk")
        if self._question is None or self._question.done():
            self._question = asyncio.create_task(self._ask())
        await bounded(asyncio.shield(self._question), self.patience if seconds is None else seconds)
        if self.lost.is_set():
            raise BusUnavailableError(self.why)

    async def blocked(self) -> bool:
        """Tell whether the broker has said that it reads nothing from publishers for now; it would not answer a ping."""
        try:
            async with asyncio.timeout(0.01):
                if self._connection.transport:
                    await self._connection.transport.ready()
        except TimeoutError:
            return True
        return False

    async def consumers(self, queue: str) -> int:
        """Return how many consumers the broker counts. Raises BusUnavailableError."""
        declared = await bounded(self._control.declare_queue(f"{self.namespace}.{queue}", passive=True), self.patience)
        return declared.declaration_result.consumer_count or 0

    def lose(self, why: str) -> None:
        """Give the connection up."""
        if not self.lost.is_set():
            self.why = why
            self.lost.set()

    async def close(self) -> None:
        """End the connection, whatever state it is in."""
        self.lose("closed")
        with contextlib.suppress(BusUnavailableError):
            await bounded(self._connection.close(), self.patience)

    async def _ask(self) -> None:
        try:
            await bounded(self._control.declare_exchange(self.namespace, passive=True), self.patience)
        except BusUnavailableError as error:
            self.lose(str(error))

    def _on_close(self, _: object, error: BaseException | None) -> None:
        self.lose(f"{error.__class__.__name__}: {error}"[:300])
        if publisher := getattr(self, "_publisher", None):
            publisher.fail()


async def _opened(connection: AbstractConnection, publisher_confirms: bool, on_return_raises: bool) -> AbstractChannel:
    return await connection.channel(publisher_confirms=publisher_confirms, on_return_raises=on_return_raises)
