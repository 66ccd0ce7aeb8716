"""What could not be handled, kept whole."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import dead_letters
from users_service.repository.statements import insert_missing, within
from users_service.scope import Operator, Scope


async def store(_scope: Operator, connection: AsyncConnection, row: dict[str, Any]) -> None:
    """Keep a letter; the same one again changes nothing."""
    await insert_missing(connection, dead_letters, [row])


@dataclass(frozen=True)
class Wanted:
    """Which letters are asked for: None for any. `before` is the id of the last one told."""

    kind: str | None = None
    state: str | None = None
    origin: str | None = None
    before: int | None = None


async def listed(scope: Scope, connection: AsyncConnection, wanted: Wanted, limit: int) -> list[Any]:
    """Return letters, newest first, without their bodies."""
    columns = [column for column in dead_letters.c if column.name not in ("body", "digest")]
    query = sa.select(*columns).where(within(scope, dead_letters.c.installation_id))
    for name in ("kind", "state", "origin"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(dead_letters.c[name] == value)
    if wanted.before is not None:
        query = query.where(dead_letters.c.id < wanted.before)
    return list(await connection.execute(query.order_by(dead_letters.c.id.desc()).limit(limit)))


async def one(scope: Scope, connection: AsyncConnection, letter: int) -> Any | None:
    """Return a letter, held until the transaction ends; None when there is none."""
    query = sa.select(dead_letters).where(dead_letters.c.id == letter, within(scope, dead_letters.c.installation_id))
    return (await connection.execute(query.with_for_update())).one_or_none()


async def mark(_scope: Operator, connection: AsyncConnection, letter: int, state: str) -> None:
    """Note what was done with a letter."""
    await connection.execute(dead_letters.update().where(dead_letters.c.id == letter).values(state=state))
