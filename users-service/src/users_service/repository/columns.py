"""Columns by name: for forms, which know them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.scope import Operator


async def read(
    _scope: Operator, connection: AsyncConnection, table: sa.TableClause, key: str, names: tuple[str, ...]
) -> dict[str, Any] | None:
    """Return these columns of the row whose `id` is the key, held until the transaction ends; None where there is none."""
    query = sa.select(*(table.c[name] for name in names)).where(table.c.id == key).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return dict(row._mapping) if row is not None else None  # noqa: SLF001 - its public face for rows of any shape
