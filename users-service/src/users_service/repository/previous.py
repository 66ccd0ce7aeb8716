"""What somebody was answered before, in the same conversation."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.delivery import Previous
from users_service.models import messages, replies
from users_service.repository.statements import within
from users_service.scope import Operator, Scope

RECENT = timedelta(minutes=15)


async def answers(
    _scope: Operator, connection: AsyncConnection, threaded: Collection[str], direct: Collection[str], now: datetime
) -> dict[str, Previous]:
    """Return the last answer that the same person had in the quarter of an hour before each message.

    In the same thread for messages of `threaded`, in the same conversation for those of `direct`, and for those of both, too,
    where they are the first that this person says in the thread: it is below an answer. A direct conversation has the
    answers in it that a schedule brought.
    """
    below = set(threaded) & set(direct)
    asked = ((threaded, False, False), (set(direct) - below, True, False), (below, True, True))
    parts = [_before(ids, now - RECENT, in_direct=direct, first=first) for ids, direct, first in asked if ids]
    if not parts:
        return {}
    query = parts[0] if len(parts) == 1 else sa.union_all(*parts)
    return {
        row.mine: Previous(feature=row.feature, command=row.command, reason=row.reason or "", memo=row.memo or {})
        for row in await connection.execute(query)
    }


def _before(
    ids: Collection[str], since: datetime, *, in_direct: bool, first: bool
) -> sa.Select[tuple[str, str | None, str | None, str | None, object]]:
    mine, then, older = messages.alias("mine"), messages.alias("before"), messages.alias("older")
    micros = int(RECENT / timedelta(microseconds=1))
    place = older.c.thread_id == mine.c.thread_id
    if in_direct:  # a schedule's run stands under the person's own id, not under the conversation's
        by_schedule = sa.and_(older.c.trigger == "schedule", older.c.feature.is_not(None))
        place = sa.or_(older.c.channel_id == mine.c.channel_id, by_schedule)
    last = (
        sa.select(older.c.message_id)
        .where(
            older.c.person_id == mine.c.person_id,
            place,
            older.c.installation_id == mine.c.installation_id,
            older.c.platform_order < mine.c.platform_order,
            older.c.platform_order >= mine.c.platform_order - micros,
            older.c.claimed_at > since,
            older.c.state.in_(("answered", "failed")),
        )
        .order_by(older.c.platform_order.desc())
        .limit(1)
        .correlate(mine)
        .scalar_subquery()
    )
    query = (
        sa.select(mine.c.message_id.label("mine"), then.c.feature, then.c.command, then.c.reason, then.c.memo)
        .select_from(mine)
        .join(then, then.c.message_id == last)
        .where(mine.c.message_id.in_(ids))
    )
    return query.where(~_spoke_there(mine)) if first else query


def _spoke_there(mine: sa.FromClause) -> sa.Exists:
    """Say whether the person said something in the thread before."""
    said = messages.alias("said")
    return sa.exists().where(
        said.c.person_id == mine.c.person_id,
        said.c.thread_id == mine.c.thread_id,
        said.c.installation_id == mine.c.installation_id,
        said.c.platform_order < mine.c.platform_order,
    )


async def by_action(scope: Scope, connection: AsyncConnection, message_id: str, since: datetime) -> list[Any]:
    """Return the last message (id, person, what answered, data) before this one that an action answered: the same person's,
    in the same conversation, since then; an empty list where there is none.
    """
    mine, older = messages.alias("mine"), messages.alias("older")
    columns = (older.c.message_id, older.c.person_id, older.c.feature, older.c.command, older.c.data)
    query = (
        sa.select(*columns)
        .join(mine, sa.and_(mine.c.person_id == older.c.person_id, mine.c.channel_id == older.c.channel_id))
        .where(mine.c.message_id == message_id, older.c.installation_id == mine.c.installation_id)
        .where(older.c.platform_order < mine.c.platform_order, older.c.claimed_at > since, older.c.feature.is_not(None))
        .where(within(scope, older.c.installation_id))
    )
    return list(await connection.execute(query.order_by(older.c.platform_order.desc()).limit(1)))


async def shown(scope: Scope, connection: AsyncConnection, message_id: str) -> list[Any]:
    """Return the contents of a message's replies, in order, without those that were erased."""
    query = (
        sa.select(replies.c.content)
        .join(messages, messages.c.message_id == replies.c.message_id)
        .where(replies.c.message_id == message_id, within(scope, messages.c.installation_id))
        .order_by(replies.c.n)
    )
    return [content for content in (await connection.execute(query)).scalars() if content is not None]
