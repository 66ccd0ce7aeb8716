"""What was answered to requests that had an Idempotency-Key."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import idempotency
from users_service.repository.statements import insert_missing
from users_service.scope import Operator


async def begin(_scope: Operator, connection: AsyncConnection, digest: str, request: str, now: datetime) -> Any | None:
    """Take a key for this transaction: others that want it wait. Return what was answered to it before, None when it is new."""
    row = {"digest": digest, "request": request, "status": 0, "headers": {}, "body": b"", "at": now}
    if await insert_missing(connection, idempotency, [row], "digest"):
        return None
    return (await connection.execute(sa.select(idempotency).where(idempotency.c.digest == digest))).one()


async def end(
    _scope: Operator, connection: AsyncConnection, digest: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    """Keep what is answered."""
    values = {"status": status, "headers": headers, "body": body}
    await connection.execute(idempotency.update().where(idempotency.c.digest == digest).values(values))
