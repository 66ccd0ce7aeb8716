"""What changes did, and what would undo them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import messages, receipts
from users_service.repository.statements import within
from users_service.scope import Operator, Scope


@dataclass(frozen=True)
class Receipt:
    """A receipt that may be undone: `inverse` is None once it is too old."""

    id: int
    message_id: str
    inverse: Any
    takes_back: bool
    undone_at: datetime | None
    created_at: datetime


COLUMNS = (
    receipts.c.id, receipts.c.message_id, receipts.c.inverse, receipts.c.takes_back, receipts.c.undone_at,
    receipts.c.created_at,
)  # fmt: skip


async def add(_scope: Operator, connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Store some."""
    if rows:
        await connection.execute(receipts.insert(), list(rows))


async def held(_scope: Operator, connection: AsyncConnection, message_ids: Sequence[str]) -> list[Receipt]:
    """Return the receipts of messages, newest first, held until the transaction ends."""
    query = sa.select(*COLUMNS).where(receipts.c.message_id.in_(message_ids)).order_by(receipts.c.id.desc())
    return [Receipt(*row) for row in await connection.execute(query.with_for_update())]


async def last_of(scope: Scope, connection: AsyncConnection, person_id: str, since: datetime) -> str | None:
    """Return the message of a person's last change since then that is no undo, and was not undone."""
    query = (
        sa.select(receipts.c.message_id)
        .join(messages, messages.c.message_id == receipts.c.message_id)
        .where(
            receipts.c.person_id == person_id, receipts.c.created_at > since, receipts.c.inverse.is_not(None),
            receipts.c.undone_at.is_(None), ~receipts.c.takes_back, within(scope, messages.c.installation_id),
        )
        .order_by(receipts.c.id.desc())
        .limit(1)
    )  # fmt: skip
    found: str | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def can_undo(scope: Scope, connection: AsyncConnection, message_id: str, since: datetime) -> bool:
    """Say whether a message has changes that were made since then and not undone."""
    query = sa.select(receipts.c.id).join(messages, messages.c.message_id == receipts.c.message_id)
    query = query.where(
        receipts.c.message_id == message_id, receipts.c.created_at > since, receipts.c.inverse.is_not(None),
        receipts.c.undone_at.is_(None), within(scope, messages.c.installation_id),
    )  # fmt: skip
    return (await connection.execute(query.limit(1))).first() is not None


async def undone(_scope: Operator, connection: AsyncConnection, ids: Sequence[int], by: str, now: datetime) -> None:
    """Note that changes were taken back by a message."""
    await connection.execute(receipts.update().where(receipts.c.id.in_(ids)).values(undone_at=now, undone_by=by))


async def stale(_scope: Operator, connection: AsyncConnection, after: int, before: datetime, limit: int) -> list[int]:
    """Return receipts made before an instant, in the order of their ids, that still hold what was changed."""
    query = sa.select(receipts.c.id).where(
        receipts.c.id > after, receipts.c.created_at < before, receipts.c.inverse.is_not(None)
    )
    return list((await connection.execute(query.order_by(receipts.c.id).limit(limit))).scalars())


async def empty(_scope: Operator, connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Take away what was changed; what is left is that something was."""
    await connection.execute(receipts.update().where(receipts.c.id.in_(ids)).values(change={}, inverse=None))
