"""What somebody was answered before, in the same conversation."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.delivery import Previous
from users_service.models import messages
from users_service.repository.statements import within
from users_service.scope import Operator, Scope

RECENT = timedelta(minutes=15)


async def answers(
    _scope: Operator, connection: AsyncConnection, threaded: Collection[str], direct: Collection[str], now: datetime
) -> dict[str, Previous]:
    """Return the last answer that the same person had in the quarter of an hour before each message.

    In the same thread for messages of `threaded`, in the same conversation for those of `direct`.
    """
    asked = ((threaded, "thread_id"), (direct, "channel_id"))
    parts = [_before(ids, place, now - RECENT) for ids, place in asked if ids]
    if not parts:
        return {}
    query = parts[0] if len(parts) == 1 else sa.union_all(*parts)
    return {
        row.mine: Previous(feature=row.feature, command=row.command, reason=row.reason or "", memo=row.memo or {})
        for row in await connection.execute(query)
    }


def _before(
    ids: Collection[str], place: str, since: datetime
) -> sa.Select[tuple[str, str | None, str | None, str | None, object]]:
    mine, then, older = messages.alias("mine"), messages.alias("before"), messages.alias("older")
    micros = int(RECENT / timedelta(microseconds=1))
    last = (
        sa.select(older.c.message_id)
        .where(
            older.c.person_id == mine.c.person_id,
            older.c[place] == mine.c[place],
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
    return (
        sa.select(mine.c.message_id.label("mine"), then.c.feature, then.c.command, then.c.reason, then.c.memo)
        .select_from(mine)
        .join(then, then.c.message_id == last)
        .where(mine.c.message_id.in_(ids))
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
