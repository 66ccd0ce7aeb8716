"""What still waits on the embedded bus, to RabbitMQ: published and confirmed, and kept in its file all the same."""

import asyncio
from pathlib import Path

from jeeves_service.bus.port import Bus, Headers
from jeeves_service.bus.sqlite_waiting import count, waiting
from jeeves_service.bus.topology import Queue, queues
from jeeves_service.errors import BusUnavailableError, ConflictError

TRIES = 10  # for one message, of 2 s each
PAUSE = 0.5  # seconds between two tries


def must_have_a_broker(path: Path, broker: str | None) -> None:
    """Raise ConflictError where messages wait and there is nowhere to take them."""
    if not broker and (held := count(path)):
        words = f"{sum(held.values())} messages still wait on the bus ({', '.join(held)})."
        raise ConflictError(f"{words} Say which RabbitMQ takes them: --amqp, or JEEVES_AMQP_URL.")


def known(path: Path) -> tuple[Queue, ...]:
    """Return every queue that there may be: all that are declared at start, and those in which something waits."""
    always = queues()
    names = {queue.name for queue in always}
    return (*always, *(Queue(name) for name in count(path) if name not in names))


async def publish(path: Path, bus: Bus) -> int:
    """Publish everything that waits, each message confirmed before the next; return how many. Raises BusUnavailableError.

    Who publishes a part, and later all of it again, does no harm: a message that comes twice is answered once.
    """
    if not count(path):
        return 0
    await bus.start()
    try:
        published = 0
        for queue, body, headers in waiting(path):
            await _sent(bus, queue, body, headers)
            published += 1
        return published
    finally:
        await bus.stop()


async def _sent(bus: Bus, queue: str, body: bytes, headers: Headers) -> None:
    for _ in range(TRIES - 1):
        try:
            return await bus.send(queue, body, headers)
        except BusUnavailableError:
            await asyncio.sleep(PAUSE)
    return await bus.send(queue, body, headers)
