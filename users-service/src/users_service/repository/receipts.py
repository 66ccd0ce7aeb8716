"""What changes did, and what would undo them."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import receipts
from users_service.scope import Operator


async def add(
    _scope: Operator,
    connection: AsyncConnection,
    *,
    message_id: str,
    person_id: str,
    change: dict[str, Any],
    inverse: dict[str, Any],
    now: datetime,
) -> None:
    """Store one."""
    row = {"message_id": message_id, "person_id": person_id, "change": change, "inverse": inverse, "created_at": now}
    await connection.execute(receipts.insert(), row)
