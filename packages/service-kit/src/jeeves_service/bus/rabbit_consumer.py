"""One subscription on RabbitMQ, over all the connections that it lives through."""

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import Any

from aio_pika.abc import AbstractChannel
from pamqp import frame
from pamqp.commands import Basic

from jeeves_service.bus.handling import STOP_PATIENCE, Hands, Held
from jeeves_service.bus.port import Handler, Headers
from jeeves_service.bus.rabbit_frames import Deliveries, Outbox
from jeeves_service.bus.rabbit_link import Link, bounded
from jeeves_service.bus.rabbit_topology import dead_letter
from jeeves_service.bus.topology import DEAD
from jeeves_service.errors import BusUnavailableError
from jeeves_service.logs import logger

#: Milliseconds that a message may be in hand: what waits until a token is good or a service is back must not count as failed.
#: The broker's own limit is half an hour. RabbitMQ before 3.11.15 knows no other: there `consumer_timeout` is to be configured.
IN_HAND = 7 * 24 * 3600 * 1000
ACK = frame.marshal(Basic.Ack(), 0)  # its channel is at 1, its delivery_tag at 11
SETTLE = 2.0  # seconds until an acknowledgement must be on its way
log = logger(__name__)


class RabbitDelivery(Held):
    """`message` is the client library's: a body, properties, a tag that its channel alone knows.

    A release goes to the front uncounted from RabbitMQ 4.3 on. Older ones count every return, so that a message that is
    released more often than its queue's limit, and never handled in between, becomes a dead letter there. A stop releases each
    message once, for what is released after the cancel does not come again; the limit leaves room for several stops.
    """

    def __init__(self, queue: str, namespace: str, message: Any, outbox: Outbox) -> None:
        given: dict[str, Any] = message.header.properties.headers or {}
        headers: Headers = {
            name: value for name, value in given.items() if type(value) in (str, int) and not name.startswith("x-")
        }
        if queue == DEAD:
            headers = {**headers, **dead_letter(given, namespace)}
        super().__init__(queue, message.body, headers, int(given.get("x-delivery-count", 0)))
        self._channel, self._tag, self._outbox = message.channel, message.delivery_tag, outbox

    async def _acked(self) -> None:
        await self._tell(self._written())

    async def _written(self) -> None:
        channel = self._channel.number.to_bytes(2, "big")
        await asyncio.shield(self._outbox.put(ACK[:1], channel, ACK[3:11], self._tag.to_bytes(8, "big"), ACK[19:]))

    async def _rejected(self) -> None:  # the one way back that every version counts
        await self._tell(self._channel.basic_reject(self._tag, requeue=True, wait=False))

    async def _released(self) -> None:
        await self._tell(self._channel.basic_nack(self._tag, requeue=True, wait=False))

    async def _tell(self, work: Awaitable[None]) -> None:
        try:
            await bounded(work, SETTLE)
        except BusUnavailableError as error:  # its channel is gone, so the broker delivers it again
            log.info("settled too late", queue=self.queue, error=str(error))


class RabbitSubscription:
    """`all_of_them` are the bus's subscriptions that are not stopped: it is one from now on."""

    def __init__(
        self,
        queue: str,
        handler: Handler,
        prefetch: int,
        all_of_them: list["RabbitSubscription"],
        *,
        stop_patience: float = STOP_PATIENCE,
    ) -> None:
        self.queue, self._prefetch, self._all = queue, prefetch, all_of_them
        self._hands = Hands(handler, prefetch, patience=stop_patience)
        self.link: Link | None = None
        self._channel: AbstractChannel | None = None
        self._raw: Any = None
        self._outbox: Outbox
        self._releasing: set[asyncio.Task[None]] = set()
        self._tag = ""
        self._cancelled = self._confirmed = False  # confirmed: what it gives back does not come again
        self._changing = asyncio.Lock()
        self._all.append(self)

    @property
    def wanted(self) -> bool:
        """Whether the broker is to give it messages."""
        return not self._cancelled

    @property
    def alive(self) -> bool:
        """Whether the broker gives it messages, as far as is known here."""
        return self._raw is not None and not self._raw.is_closed and self._tag in self._raw.consumers

    async def attach(self, link: Link) -> None:
        """Consume over this connection from now on. Raises BusUnavailableError."""
        async with self._changing:
            if self._cancelled:
                return
            channel = await link.channel()
            channel.close_callbacks.add(self._on_close)
            await bounded(channel.set_qos(self._prefetch), link.patience)
            raw: Any = await channel.get_underlay_channel()
            self._outbox = Outbox(raw)
            Deliveries(raw, self._on_delivered)
            raw.on_consumer_cancel_callbacks.add(lambda _: link.lose(f"the broker ended the consumer of {self.queue}"))
            self.link, self._channel, self._raw = link, channel, raw
            queue, limits = f"{link.namespace}.{self.queue}", {"x-consumer-timeout": IN_HAND}
            consumed = await bounded(raw.basic_consume(queue, self._on_message, arguments=limits), link.patience)
            self._tag = consumed.consumer_tag

    def detach(self) -> None:
        """Forget the connection. What has not begun is the broker's again; what has, finishes."""
        self.link = self._channel = self._raw = None
        self._hands.put_down()

    async def cancel(self) -> None:
        """Take no more from now on; release what no handler has begun, once that brings it back to nobody here."""
        self._cancelled = True
        self._hands.close()
        async with self._changing:
            if self.alive:
                with contextlib.suppress(BusUnavailableError):
                    await bounded(self._raw.basic_cancel(self._tag), SETTLE)
            self._confirmed = True
            for delivery in self._hands.put_down():
                await delivery.release()

    async def stop(self) -> None:
        """Cancel, let the handlers in hand finish, give up the channel."""
        await self.cancel()
        await self._hands.finish()
        async with self._changing:
            if self._channel is not None:
                with contextlib.suppress(BusUnavailableError):
                    await bounded(self._channel.close(), SETTLE)
            self.detach()
        if self in self._all:
            self._all.remove(self)

    def _on_delivered(self, message: Any) -> None:
        if self.link is None:
            return
        if self._confirmed:
            release = RabbitDelivery(self.queue, self.link.namespace, message, self._outbox).release()
            self._releasing.add(task := asyncio.get_running_loop().create_task(release))
            task.add_done_callback(self._releasing.discard)
        else:
            self._hands.take(RabbitDelivery(self.queue, self.link.namespace, message, self._outbox))

    async def _on_message(self, message: Any) -> None:
        """What came the library's long way."""
        self._on_delivered(message)

    def _on_close(self, _: object, error: BaseException | None) -> None:
        if self.link and not self._cancelled:
            self.link.lose(f"{error.__class__.__name__}: {error}"[:300])
