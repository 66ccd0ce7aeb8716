"""Pause and resume: while it is paused nobody's message is claimed, and nothing is lost."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_service.errors import InvalidError
from users_service.domain.pauses import PAUSED, UNTIL, is_paused
from users_service.repository import counters
from users_service.scope import OPERATOR

PAUSES = "pauses"  # counts how often somebody asked for either


@dataclass(frozen=True)
class Paused:
    """`until` is None where it is until somebody resumes."""

    until: datetime | None


async def paused(connection: AsyncConnection, now: datetime) -> Paused | None:
    """Return until when everything is paused; None where it is not."""
    seen = await counters.revisions(OPERATOR, connection)
    if not is_paused(seen, now):
        return None
    return Paused(datetime.fromtimestamp(seen[UNTIL], UTC) if seen.get(UNTIL) else None)


async def pause(connection: AsyncConnection, until: datetime | None, now: datetime) -> None:
    """Pause, or change until when. Raises InvalidError."""
    if until is not None and until <= now:
        raise InvalidError({"until": "it is in the future"})
    seen = await _held(connection)
    if seen.get(PAUSED, 0) % 2 == 0:
        await counters.grow(OPERATOR, connection, PAUSED)
    await counters.put(OPERATOR, connection, UNTIL, int(until.timestamp()) if until else 0)


async def resume(connection: AsyncConnection) -> None:
    """Resume. Nothing happens where it is not paused."""
    seen = await _held(connection)
    if seen.get(PAUSED, 0) % 2 == 1:
        await counters.grow(OPERATOR, connection, PAUSED)
    await counters.put(OPERATOR, connection, UNTIL, 0)


async def _held(connection: AsyncConnection) -> counters.Revisions:
    """Return the counters, held so that two who pause and resume at once come one after the other."""
    await counters.grow(OPERATOR, connection, PAUSES)
    return await counters.revisions(OPERATOR, connection)
