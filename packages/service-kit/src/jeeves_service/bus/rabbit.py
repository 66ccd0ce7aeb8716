"""The bus over RabbitMQ, 3.10 to 4.x. Connects, and connects again, by itself.

A supervisor owns the connection. It sees a closed one at once, asks the broker every few seconds whether it still answers and
counts our consumers (the client library's own reconnecting has lost some), and replaces the whole connection when in doubt.
"""

import asyncio
import contextlib
import random

from jeeves_service.bus.handling import STOP_PATIENCE
from jeeves_service.bus.port import Handler, Headers
from jeeves_service.bus.rabbit_consumer import RabbitSubscription
from jeeves_service.bus.rabbit_link import PATIENCE, Link, bounded
from jeeves_service.bus.topology import Queue
from jeeves_service.errors import BusUnavailableError, UnroutableError
from jeeves_service.logs import logger

CONFIRM = 2.0  # seconds that a publish may take, waiting for a connection that has just been lost included
WATCH = 5.0  # seconds between two looks at a connection that seems well
BACKOFF = (0.1, 5.0)  # seconds between two tries to connect, at first and at most
NOT_STARTED = "the bus is not started"
log = logger(__name__)


class RabbitBus:
    """`namespace` is the exchange's name and begins the queues' names. For the seconds see their defaults."""

    def __init__(
        self,
        url: str,
        declared: tuple[Queue, ...],
        *,
        namespace: str = "jeeves",
        watch: float = WATCH,
        patience: float = PATIENCE,
        stop_patience: float = STOP_PATIENCE,
    ) -> None:
        self._url, self._namespace = url, namespace
        self._watching, self._patience, self._stop_patience = watch, patience, stop_patience
        self._queues = {queue.name: queue for queue in declared}
        self._subscriptions: list[RabbitSubscription] = []
        self._link: Link | None = None
        self._up, self._why, self._patient_until = asyncio.Event(), NOT_STARTED, 0.0
        self._pause = BACKOFF[0]
        self._supervisor: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to connect."""
        self._lost("not connected yet")
        self._supervisor = asyncio.create_task(self._supervise())

    async def stop(self) -> None:
        """Cancel all subscriptions, then stop them, then disconnect."""
        subscriptions = tuple(self._subscriptions)
        await asyncio.gather(*(subscription.cancel() for subscription in subscriptions))
        await asyncio.gather(*(subscription.stop() for subscription in subscriptions))
        if self._supervisor:
            self._supervisor.cancel()
            await asyncio.wait([self._supervisor])
        self._lost("the bus is stopped")
        self._patient_until = 0.0
        if self._closing:
            await asyncio.wait(self._closing)

    async def check(self) -> None:
        """Raise BusUnavailableError unless the broker answers, and every subscription is alive."""
        if self._link is None:
            raise BusUnavailableError(self._why)
        for subscription in self._subscriptions:
            if subscription.wanted and not subscription.alive:
                raise BusUnavailableError(f"no consumer on {subscription.queue}")
        await self._link.ping(1.0)

    async def declare(self, queue: Queue) -> None:
        """Make sure that a queue exists: now, or as soon as there is a connection."""
        if self._link:
            await self._link.declare(queue)
        self._queues[queue.name] = queue

    async def publish(self, key: str, body: bytes, headers: Headers | None = None) -> None:
        """Store an event in every queue bound to its routing key."""
        await bounded(self._publish(self._namespace, key, body, headers), CONFIRM)

    async def send(self, queue: str, body: bytes, headers: Headers | None = None) -> None:
        """Store a message in one queue."""
        await bounded(self._publish("", f"{self._namespace}.{queue}", body, headers), CONFIRM)

    async def consume(self, queue: str, handler: Handler, *, prefetch: int) -> RabbitSubscription:
        """Handle a queue's messages over every connection from now on. Raises UnroutableError when it was not declared."""
        if queue not in self._queues:
            raise UnroutableError(f"no queue {queue}")
        subscription = RabbitSubscription(queue, handler, prefetch, self._subscriptions, stop_patience=self._stop_patience)
        if link := self._link:
            try:
                await subscription.attach(link)
            except BusUnavailableError as error:
                link.lose(str(error))
        return subscription

    async def _publish(self, exchange: str, key: str, body: bytes, headers: Headers | None) -> None:
        while (link := self._link) is None:
            await self._soon()
        await link.publish(exchange, key, body, headers or {})

    async def _soon(self) -> None:
        """Wait for a connection that has just been lost; not for one that has been away for long."""
        left = self._patient_until - asyncio.get_running_loop().time()
        if left <= 0:
            raise BusUnavailableError(self._why)
        async with asyncio.timeout(left):
            await self._up.wait()

    async def _supervise(self) -> None:
        while True:
            try:
                await self._hold(await Link.open(self._url, self._namespace, self._patience))
            except BusUnavailableError as error:
                self._lost(str(error))
            except Exception as error:
                self._lost(error.__class__.__name__)
                log.exception("bus supervisor failed")
            log.warning("bus not connected", why=self._why, again_in=round(self._pause, 1))
            await asyncio.sleep(self._pause * random.uniform(0.8, 1.2))  # noqa: S311 - replicas do not come all at once
            self._pause = min(BACKOFF[1], self._pause * 2)

    async def _hold(self, link: Link) -> None:
        """Live through one connection. Raises BusUnavailableError at its end."""
        try:
            await self._equip(link)
            self._link = link
            self._up.set()
            log.info("bus connected", queues=len(self._queues), consumers=len(self._subscriptions))
            await self._watch(link)
        finally:
            self._lost(link.why or "the connection was given up")
            for subscription in self._subscriptions:
                subscription.detach()
            task = asyncio.create_task(link.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _equip(self, link: Link) -> None:
        """Declare and consume all that is wanted, also what is asked for meanwhile."""
        declared: set[str] = set()
        while True:
            if queue := next((each for name, each in self._queues.items() if name not in declared), None):
                await link.declare(queue)
                declared.add(queue.name)
            elif subscription := next((each for each in self._subscriptions if each.wanted and each.link is not link), None):
                await subscription.attach(link)
            else:
                return

    async def _watch(self, link: Link) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._watching):
                    await link.lost.wait()
            if link.lost.is_set():
                raise BusUnavailableError(link.why)
            if await link.blocked():
                continue
            await link.ping()
            for subscription in tuple(self._subscriptions):
                alive = subscription.alive and await link.consumers(subscription.queue)
                if subscription.wanted and not alive:  # asked last: it may have been cancelled meanwhile
                    raise BusUnavailableError(f"no consumer on {subscription.queue}")
            self._pause = BACKOFF[0]

    def _lost(self, why: str) -> None:
        if self._link or self._why == NOT_STARTED:
            self._patient_until = asyncio.get_running_loop().time() + CONFIRM
        self._link, self._why = None, why
        self._up.clear()
