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
        """How often it came back from a consumer that died, raised or rejected it; on RabbitMQ before 4.3 also: released."""
        ...

    async def ack(self) -> None:
        """Say that it is done with. Returns once the bus was told; a bus that has gone away delivers it again."""
        ...

    async def reject(self) -> None:
        """Give it back to the front of its queue because its handling failed: counted towards the queue's limit.

        Takes 0.1 s for each of its returns, 5 s at most, so that what is rejected for ever does not spin.
        """
        ...

    async def release(self) -> None:
        """Give it back to the front of its queue unhandled: not counted, as far as the broker allows.

        RabbitMQ before 4.3 counts whatever is given back. The crash limit leaves room for that: see `topology.CRASH_LIMIT`.
        """
        ...


Handler = Callable[[Delivery], Awaitable[None]]


class Subscription(Protocol):
    """Both calls may be repeated.

    Who holds several subscriptions cancels all of them before it stops any, and before it tells its handlers to give back what
    they hold: what is given back while a consumer is there would come again at once.
    """

    async def cancel(self) -> None:
        """Take no more from now on. Handlers in hand go on; what none has begun is released.

        Returns once the bus has confirmed that no further delivery comes, or has not answered for 2 s.
        """
        ...

    async def stop(self) -> None:
        """Cancel, and let the handlers in hand finish for 15 s at most; then they are cancelled."""
        ...


class Bus(Protocol):
    """Adapters are made with the queues they declare, reconnect by themselves, and may be used before they are connected."""

    async def start(self) -> None:
        """Begin to connect. Does not wait for a broker that is away."""
        ...

    async def stop(self) -> None:
        """Cancel all subscriptions, then stop them, then disconnect."""
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

        A handler settles its delivery. One that is cancelled by `stop`, or raises StoppedError, has it released. One that
        raises anything else has it rejected and the error logged; one that returns without settling has it rejected, too.
        """
        ...
