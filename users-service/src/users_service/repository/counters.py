"""Numbers that only grow: by them a process knows whether what it remembers is still so."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import counters
from users_service.repository.statements import upsert
from users_service.scope import Operator

REGISTRY, ROLES, PAUSED, ERASURES = "registry", "roles", "paused", "erasures"
EVERY: Any = sa.select(counters.c.name, counters.c.value)
Revisions = dict[str, int]


async def revisions(_scope: Operator, connection: AsyncConnection) -> Revisions:
    """Return all of them by name. One that is not there is 0."""
    return {row.name: row.value for row in await connection.execute(EVERY)}


async def grow(_scope: Operator, connection: AsyncConnection, name: str) -> None:
    """Let one grow: held until the transaction ends, so that changes of what it counts come one after the other."""
    grown = await connection.execute(counters.update().where(counters.c.name == name).values(value=counters.c.value + 1))
    if not grown.rowcount:
        await connection.execute(upsert(connection, counters, {"name": name, "value": 1}))


async def put(_scope: Operator, connection: AsyncConnection, name: str, value: int) -> None:
    """Set one of those that do not only grow."""
    await connection.execute(upsert(connection, counters, {"name": name, "value": value}))
