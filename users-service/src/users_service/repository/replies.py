"""Replies, from pending to sent or refused."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Reply
from jeeves_contracts.delivery import ReplyRef
from jeeves_contracts.ids import reply_id
from jeeves_contracts.people import Conversation
from users_service.domain.takes import OPEN, ReplyRow
from users_service.models import messages, replies
from users_service.repository.statements import among, within, write_columns
from users_service.scope import Operator, Scope

COLUMNS = (
    replies.c.message_id, replies.c.n, replies.c.state, replies.c.take, replies.c.taken_at, replies.c.resent_in_doubt,
)  # fmt: skip
INSERT = replies.insert()


def conversation_of(data: Any) -> Conversation:
    """Read the conversation out of a message's stored data."""
    return Conversation.model_validate(data["conversation"])


async def unsent(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> dict[str, list[ReplyRef]]:
    """Return the replies neither sent nor refused of these messages, in order."""
    found: dict[str, list[ReplyRef]] = {}
    for message_id, n, data in await connection.execute(_unsent(connection.dialect.name, scope), {"ids": list(ids)}):
        ref = ReplyRef(reply_id=reply_id(message_id, n), conversation=conversation_of(data))
        found.setdefault(message_id, []).append(ref)
    return found


@lru_cache
def _unsent(dialect: str, scope: Scope) -> Any:
    return (
        sa.select(replies.c.message_id, replies.c.n, messages.c.data)
        .join(messages, messages.c.message_id == replies.c.message_id)
        .where(
            among(dialect, replies.c.message_id, "ids"), replies.c.state.in_(OPEN), within(scope, messages.c.installation_id)
        )
        .order_by(replies.c.message_id, replies.c.n)
    )


async def counts(_scope: Operator, connection: AsyncConnection, ids: Collection[str]) -> dict[str, int]:
    """Return how many replies each message has had."""
    return {row[0]: row[1] for row in await connection.execute(_counts(connection.dialect.name), {"ids": list(ids)})}


@lru_cache
def _counts(dialect: str) -> Any:
    query = sa.select(replies.c.message_id, sa.func.max(replies.c.n)).where(among(dialect, replies.c.message_id, "ids"))
    return query.group_by(replies.c.message_id)


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
        await connection.execute(INSERT, rows)


async def locked(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> dict[str, list[ReplyRow]]:
    """Return all replies of these messages in order, held until the transaction ends."""
    found: dict[str, list[ReplyRow]] = {}
    for row in await connection.execute(_locked(connection.dialect.name, scope), {"ids": list(ids)}):
        found.setdefault(row[0], []).append(ReplyRow(*row))
    return found


@lru_cache
def _locked(dialect: str, scope: Scope) -> Any:
    query = sa.select(*COLUMNS).where(among(dialect, replies.c.message_id, "ids"), _visible(scope))
    return query.order_by(replies.c.message_id, replies.c.n).with_for_update()


async def contents(
    scope: Scope, connection: AsyncConnection, wanted: Collection[tuple[str, int]]
) -> dict[tuple[str, int], tuple[Any, Any, str]]:
    """Return (content, the message's data, its trigger) of replies."""
    ids = {message_id for message_id, _ in wanted}
    found = await connection.execute(_contents(connection.dialect.name, scope), {"ids": list(ids)})
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in found if (row[0], row[1]) in wanted}


@lru_cache
def _contents(dialect: str, scope: Scope) -> Any:
    return (
        sa.select(replies.c.message_id, replies.c.n, replies.c.content, messages.c.data, messages.c.trigger)
        .join(messages, messages.c.message_id == replies.c.message_id)
        .where(among(dialect, replies.c.message_id, "ids"), within(scope, messages.c.installation_id))
    )


async def update(_scope: Operator, connection: AsyncConnection, changes: Sequence[dict[str, Any]]) -> None:
    """Write columns of replies, each given with its `message_id` and `n`; all changes have the same columns."""
    await write_columns(connection, replies, ("message_id", "n"), changes)


def _visible(scope: Scope) -> sa.ColumnElement[bool]:
    if isinstance(scope, Operator):
        return sa.true()
    return replies.c.message_id.in_(sa.select(messages.c.message_id).where(within(scope, messages.c.installation_id)))
