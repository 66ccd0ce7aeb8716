"""How often something secret was tried in vain: of each kind and person a row among the buckets, by a digest."""

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import buckets
from users_service.repository.statements import insert_missing
from users_service.scope import Operator


def name_of(kind: str, who: str) -> str:
    """Return what tries of a kind are counted by."""
    return hashlib.sha256(f"{kind} {who}".encode()).hexdigest()


async def held(_scope: Operator, connection: AsyncConnection, name: str, now: datetime) -> tuple[int, datetime]:
    """Return how often something was tried in vain, and since when; held until the transaction ends."""
    chosen = sa.select(buckets).where(buckets.c.name == name).with_for_update()
    row = (await connection.execute(chosen)).one_or_none()
    if row is None:  # only then: whoever inserts in vain on MariaDB shares the row, and would wait for others who do
        await insert_missing(connection, buckets, [{"name": name, "level": 0.0, "at": now}])
        row = (await connection.execute(chosen)).one()
    return int(row.level), row.at


async def write(_scope: Operator, connection: AsyncConnection, name: str, count: int, since: datetime) -> None:
    """Write down how often something was tried in vain since when."""
    await connection.execute(buckets.update().where(buckets.c.name == name).values(level=float(count), at=since))
