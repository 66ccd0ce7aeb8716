"""Move from the embedded form to the distributed one: rows first, then messages, then the commit."""

import asyncio
from collections.abc import Iterator

from jeeves.environment import Given
from jeeves.hold import holding
from jeeves.move import waiting
from jeeves.move.places import MOVED, Embedded, destination
from jeeves_service.bus import connect
from jeeves_service.bus.port import Bus
from jeeves_service.errors import ConflictError
from users_service.move import Counted, move


def move_all(given: Given, to: str | None, amqp: str | None) -> Iterator[str]:
    """Move everything; return lines that say what was.

    Raises SettingsError, AlreadyRunningError, ConflictError where it may not be, TransientError where something is away: then
    nothing was moved, and all is as before.
    """
    url, broker = destination(given, to, amqp)
    embedded = Embedded(given.data)
    with holding(given.data, given.port):
        if not embedded.database.exists():
            raise ConflictError(f"There is nothing to move: {embedded.database} is not there.")
        waiting.must_have_a_broker(embedded.bus, broker)
        bus = connect(broker, waiting.known(embedded.bus)) if broker else None
        counted, published = asyncio.run(moved(embedded, url, bus))
        embedded.retire()
    yield from (f"{one.table:20} {one.rows:>10} rows" for one in counted)
    yield f"{'messages of the bus':20} {published:>10} published"
    yield f"All is moved. The old files are kept as *{MOVED} in {embedded.folder}: delete them when you are sure."
    yield "From now on start Jeeves with JEEVES_DATABASE_URL, or JEEVES_DATABASE_URL_FILE, set to where its data is."


async def moved(embedded: Embedded, url: str, bus: Bus | None) -> tuple[list[Counted], int]:
    """Copy the rows, and while they are not committed yet publish what waits; return what was copied, and how many messages.

    So there is no moment in which a message is nowhere. Where it ends before the commit, messages may be on both buses: moved
    once more they come twice, and are answered once.
    """
    published = 0

    async def publish() -> None:
        nonlocal published
        if bus:
            published = await waiting.publish(embedded.bus, bus)

    return await move(embedded.url, url, publish), published
