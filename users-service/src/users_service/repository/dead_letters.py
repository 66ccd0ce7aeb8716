"""What could not be handled, kept whole."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import dead_letters
from users_service.repository.statements import insert_missing, within
from users_service.scope import Operator, Scope


async def store(_scope: Operator, connection: AsyncConnection, row: dict[str, Any]) -> None:
    """Keep a letter; the same one again changes nothing."""
    await insert_missing(connection, dead_letters, [row])


async def listed(scope: Scope, connection: AsyncConnection, *, after: int, limit: int) -> list[Any]:
    """Return letters older than id `after` (0 for the newest), newest first, without their bodies."""
    columns = [column for column in dead_letters.c if column.name not in ("body", "digest")]
    query = sa.select(*columns).where(within(scope, dead_letters.c.installation_id))
    if after:
        query = query.where(dead_letters.c.id < after)
    return list(await connection.execute(query.order_by(dead_letters.c.id.desc()).limit(limit)))


async def one(scope: Scope, connection: AsyncConnection, letter: int) -> Any | None:
    """Return a letter, held until the transaction ends; None when there is none."""
    query = sa.select(dead_letters).where(dead_letters.c.id == letter, within(scope, dead_letters.c.installation_id))
    return (await connection.execute(query.with_for_update())).one_or_none()


async def mark(_scope: Operator, connection: AsyncConnection, letter: int, state: str) -> None:
    """Note what was done with a letter."""
    await connection.execute(dead_letters.update().where(dead_letters.c.id == letter).values(state=state))
