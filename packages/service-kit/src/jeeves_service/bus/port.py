"""What a bus does, whichever it is: at least once, in order per queue, nothing confirmed that could be lost."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from jeeves_service.bus.topology import Queue

Headers = Mapping[str, str | int]


class Delivery(Protocol):
    """A message in hand. It is settled once, by one of `ack`, `reject`, `release`; later calls do nothing.

    Headers of a dead letter: `reason` (`crash limit`, or what its sender gave) and `origin` (the queue it came from).
    """

    @property
    def body(self) -> bytes: ...

    @property
    def headers(self) -> Headers: ...

    @property
    def queue(self) -> str: ...

    @property
    def returns(self) -> int:
        """How often it came back from a consumer that died, raised or rejected it."""
        ...

    async def ack(self) -> None:
        """Say that it is done with. Returns once the bus was told; a bus that has gone away delivers it again."""
        ...

    async def reject(self) -> None:
        """Give it back to the front of its queue because its handling failed: counted towards the queue's limit."""
        ...

    async def release(self) -> None:
        """Give it back to the front of its queue unhandled: not counted."""
        ...


Handler = Callable[[Delivery], Awaitable[None]]


class Subscription(Protocol):
    async def stop(self) -> None:
        """Take no more, let the handlers in hand finish, release what none has begun."""
        ...


class Bus(Protocol):
    """Adapters are made with the queues they declare, reconnect by themselves, and may be used before they are connected."""

    async def start(self) -> None:
        """Begin to connect. Does not wait for a broker that is away."""
        ...

    async def stop(self) -> None:
        """Stop all subscriptions, then disconnect."""
        ...

    async def check(self) -> None:
        """Raise BusUnavailableError unless connected with every subscription alive."""
        ...

    async def declare(self, queue: Queue) -> None:
        """Make sure that a queue exists, now and after each reconnect."""
        ...

    async def publish(self, key: str, body: bytes, headers: Headers | None = None) -> None:
        """Store an event in every queue bound to its routing key, and return once that is confirmed durable.

        Raises UnroutableError when no queue is bound, BusUnavailableError when there is no confirm within 2 s.
        """
        ...

    async def send(self, queue: str, body: bytes, headers: Headers | None = None) -> None:
        """Store a message in one queue by its name; as `publish` otherwise."""
        ...

    async def consume(self, queue: str, handler: Handler, *, prefetch: int) -> Subscription:
        """Handle up to `prefetch` messages of a queue at a time.

        A handler settles its delivery. One that raises has it rejected and the error logged; one that returns without
        settling has it rejected, too.
        """
        ...
