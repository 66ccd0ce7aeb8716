"""What the dispatcher consumes: the work queue, and an overflow queue for each feature that it knows."""

import asyncio
import contextlib

from jeeves_dispatcher.service import Handler
from jeeves_dispatcher.users import Users
from jeeves_service.bus.port import Bus, Subscription
from jeeves_service.bus.topology import WORK, overflow_queue
from jeeves_service.clock import Clock
from jeeves_service.logs import logger
from jeeves_service.patience import Patience, StoppedError

PREFETCH = 256  # messages in hand: most wait for an action, at most WAITERS of them for another message
OVERFLOW_PREFETCH = 32
LOOK = 0.5  # seconds between two looks at the registry
log = logger(__name__)


class Consumers:
    """Subscribes, also to what becomes known later."""

    def __init__(self, bus: Bus, users: Users, handler: Handler, clock: Clock, patience: Patience) -> None:
        self._bus, self._users, self._handler, self._clock, self._patience = bus, users, handler, clock, patience
        self._subscriptions: list[Subscription] = []
        self._known: set[str] = set()
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to consume."""
        self._subscriptions.append(await self._bus.consume(WORK, self._handler.handle, prefetch=PREFETCH))
        self._following = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Take no more, give back what waits, finish what is at work."""
        if self._following:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError, StoppedError):
                await self._following
        await asyncio.gather(*(subscription.cancel() for subscription in self._subscriptions))
        self._patience.stop()
        await asyncio.gather(*(subscription.stop() for subscription in self._subscriptions))

    async def _follow(self) -> None:
        """Declare and consume the overflow queue of each feature as it becomes known: at once, for some may lie there."""
        await self._users.learn()
        while True:
            for name in sorted({feature.name for feature in self._users.registry.features} - self._known):
                try:
                    queue = overflow_queue(name)
                    await self._bus.declare(queue)
                    subscription = await self._bus.consume(
                        queue.name, self._handler.handle_overflow, prefetch=OVERFLOW_PREFETCH
                    )
                except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the following
                    log.warning("an overflow queue cannot be had yet", feature=name, error=str(error))
                    break
                self._subscriptions.append(subscription)
                self._known.add(name)
            await self._clock.sleep(LOOK)
