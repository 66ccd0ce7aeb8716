"""Token buckets, shared by all replicas."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import buckets
from users_service.repository.statements import insert_missing
from users_service.scope import Operator


async def spend(
    _scope: Operator, connection: AsyncConnection, name: str, wanted: int, now: datetime, *, size: int, seconds: float
) -> float:
    """Take `wanted` out of a bucket that fills in `seconds`; return what is left: below 0, nothing was taken."""
    held = sa.select(buckets).where(buckets.c.name == name).with_for_update()
    row = (await connection.execute(held)).one_or_none()
    if row is None:
        await insert_missing(connection, buckets, [{"name": name, "level": float(size), "at": now}])
        row = (await connection.execute(held)).one()
    passed = max(0.0, (now - row.at).total_seconds())
    left: float = min(float(size), row.level + passed * size / seconds) - wanted
    if left >= 0:
        await connection.execute(buckets.update().where(buckets.c.name == name).values(level=left, at=max(now, row.at)))
    return left
