"""Replies, from pending to sent or refused."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Reply
from jeeves_contracts.delivery import ReplyRef
from jeeves_contracts.ids import reply_id
from jeeves_contracts.people import Conversation
from users_service.domain.takes import OPEN, ReplyRow
from users_service.models import messages, replies
from users_service.repository.statements import within
from users_service.scope import Operator, Scope

COLUMNS = (
    replies.c.message_id, replies.c.n, replies.c.state, replies.c.take, replies.c.taken_at, replies.c.resent_in_doubt,
)  # fmt: skip


def conversation_of(data: Any) -> Conversation:
    """Read the conversation out of a message's stored data."""
    return Conversation.model_validate(data["conversation"])


async def unsent(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> dict[str, list[ReplyRef]]:
    """Return the replies neither sent nor refused of these messages, in order."""
    query = (
        sa.select(replies.c.message_id, replies.c.n, messages.c.data)
        .join(messages, messages.c.message_id == replies.c.message_id)
        .where(replies.c.message_id.in_(ids), replies.c.state.in_(OPEN), within(scope, messages.c.installation_id))
        .order_by(replies.c.message_id, replies.c.n)
    )
    found: dict[str, list[ReplyRef]] = {}
    for row in await connection.execute(query):
        ref = ReplyRef(reply_id=reply_id(row.message_id, row.n), conversation=conversation_of(row.data))
        found.setdefault(row.message_id, []).append(ref)
    return found


async def counts(_scope: Operator, connection: AsyncConnection, ids: Collection[str]) -> dict[str, int]:
    """Return how many replies each message has had."""
    query = (
        sa.select(replies.c.message_id, sa.func.max(replies.c.n))
        .where(replies.c.message_id.in_(ids))
        .group_by(replies.c.message_id)
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


def pending(message_id: str, after: int, given: Sequence[Reply], now: datetime, *, notice: bool) -> list[dict[str, Any]]:
    """Return the rows of new replies, numbered on from `after`."""
    return [
        {
            "message_id": message_id,
            "n": n,
            "state": "pending",
            "notice": notice,
            "content": reply.model_dump(mode="json", exclude_none=True),
            "created_at": now,
        }
        for n, reply in enumerate(given, start=after + 1)
    ]


async def insert(_scope: Operator, connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    """Add replies."""
    if rows:
        await connection.execute(replies.insert(), rows)


async def locked(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> dict[str, list[ReplyRow]]:
    """Return all replies of these messages in order, held until the transaction ends."""
    query = (
        sa.select(*COLUMNS)
        .where(replies.c.message_id.in_(ids), _visible(scope))
        .order_by(replies.c.message_id, replies.c.n)
        .with_for_update()
    )
    found: dict[str, list[ReplyRow]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.message_id, []).append(ReplyRow(*row))
    return found


async def contents(
    scope: Scope, connection: AsyncConnection, wanted: Collection[tuple[str, int]]
) -> dict[tuple[str, int], tuple[Any, Any, str]]:
    """Return (content, the message's data, its trigger) of replies."""
    query = (
        sa.select(replies.c.message_id, replies.c.n, replies.c.content, messages.c.data, messages.c.trigger)
        .join(messages, messages.c.message_id == replies.c.message_id)
        .where(sa.tuple_(replies.c.message_id, replies.c.n).in_(list(wanted)), within(scope, messages.c.installation_id))
    )
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in await connection.execute(query)}


async def update(_scope: Operator, connection: AsyncConnection, changes: Sequence[dict[str, Any]]) -> None:
    """Write columns of replies, each given with its `message_id` and `n`; all changes have the same columns."""
    if not changes:
        return
    names = [name for name in changes[0] if name not in ("message_id", "n")]
    statement = (
        replies.update()
        .where(replies.c.message_id == sa.bindparam("key"), replies.c.n == sa.bindparam("number"))
        .values({name: sa.bindparam(f"new_{name}") for name in names})
    )
    rows = [{"key": one["message_id"], "number": one["n"], **{f"new_{name}": one[name] for name in names}} for one in changes]
    await connection.execute(statement, rows)


def _visible(scope: Scope) -> sa.ColumnElement[bool]:
    if isinstance(scope, Operator):
        return sa.true()
    return replies.c.message_id.in_(sa.select(messages.c.message_id).where(within(scope, messages.c.installation_id)))
