"""What is old is deleted, some rows at a time: each function chooses and deletes in one short transaction, in one order.

Rows that another transaction holds are left for the next time.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import (
    activity,
    activity_people,
    api_tokens,
    audit,
    buckets,
    dead_letters,
    idempotency,
    merges,
    messages,
    receipts,
    replies,
    reports,
    runs,
)
from users_service.repository.activity import within_day
from users_service.repository.runs import OPEN
from users_service.scope import Operator

#: Which rows of a table are older than an instant, and the order in which they are found.
OLD: Mapping[str, tuple[sa.Table, sa.Column[Any]]] = {
    "dead_letters": (dead_letters, dead_letters.c.stored_at),
    "audit": (audit, audit.c.at),
    "idempotency": (idempotency, idempotency.c.at),
    "buckets": (buckets, buckets.c.at),
    "merges": (merges, merges.c.expires_at),
}
HANGING = (replies, receipts, reports)  # what refers to messages


async def old_messages(scope: Operator, connection: AsyncConnection, before: datetime, limit: int) -> dict[str, int]:
    """Delete messages, with all that hangs on them; return how many rows of each table."""
    query = sa.select(messages.c.message_id).where(messages.c.created_at < before)
    chosen = query.order_by(messages.c.created_at).limit(limit).with_for_update(skip_locked=True)
    return await delete_messages(scope, connection, sorted((await connection.execute(chosen)).scalars()))


async def delete_messages(_scope: Operator, connection: AsyncConnection, ids: Sequence[str]) -> dict[str, int]:
    """Delete these messages, what hangs on them first; return how many rows of each table."""
    if not ids:
        return {}
    return {
        table.name: (await connection.execute(table.delete().where(table.c.message_id.in_(ids)))).rowcount
        for table in (*HANGING, messages)
    }


async def old_runs(_scope: Operator, connection: AsyncConnection, before: datetime, limit: int) -> dict[str, int]:
    """Delete runs that have ended."""
    query = sa.select(runs.c.id).where(runs.c.state.not_in(OPEN), runs.c.ready_at < before)
    return await _delete(connection, runs, query.order_by(runs.c.id).limit(limit))


async def old_tokens(_scope: Operator, connection: AsyncConnection, before: datetime, limit: int) -> dict[str, int]:
    """Delete tokens that expired or were revoked before an instant."""
    over = sa.or_(api_tokens.c.expires_at < before, api_tokens.c.revoked_at < before)
    return await _delete(connection, api_tokens, sa.select(api_tokens.c.id).where(over).order_by(api_tokens.c.id).limit(limit))


async def old_rows(_scope: Operator, connection: AsyncConnection, name: str, before: datetime, limit: int) -> dict[str, int]:
    """Delete rows of one of the tables of `OLD`."""
    table, at = OLD[name]
    (key,) = table.primary_key
    return await _delete(connection, table, sa.select(key).where(at < before).order_by(at).limit(limit))


async def old_activity(
    _scope: Operator, connection: AsyncConnection, day: date, before: datetime, limit: int
) -> dict[str, int]:
    """Delete what was done on a day that is added up."""
    query = sa.select(*activity.primary_key).where(*within_day(day), activity.c.at < before)
    return await _delete(connection, activity, query.order_by(*activity.primary_key).limit(limit))


async def old_months(_scope: Operator, connection: AsyncConnection, before: date, limit: int) -> dict[str, int]:
    """Delete on which days of a month people were there."""
    keys = activity_people.primary_key
    query = sa.select(*keys).where(activity_people.c.month < before)
    return await _delete(connection, activity_people, query.order_by(*keys).limit(limit))


async def _delete(connection: AsyncConnection, table: sa.Table, query: sa.Select[Any]) -> dict[str, int]:
    found = [tuple(row) for row in await connection.execute(query.with_for_update(skip_locked=True))]
    if not found:
        return {}
    gone = table.delete().where(sa.tuple_(*table.primary_key).in_(found))
    return {table.name: (await connection.execute(gone)).rowcount}
