"""Everything about a person goes: each function a part of it, inside one transaction that holds the person.

Messages first: whoever stores an answer, or a reply to one, holds its message, and is waited for.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.people import Identity
from users_service.domain.takes import OPEN
from users_service.models import (
    activity,
    activity_people,
    api_tokens,
    fact_history,
    facts,
    identities,
    merges,
    messages,
    people,
    receipts,
    replies,
    reports,
    roles,
    runs,
    schedules,
)
from users_service.repository.exports import family
from users_service.repository.people import id_of, key
from users_service.repository.retention import delete_messages
from users_service.repository.statements import insert_missing, write_columns
from users_service.scope import Operator

ERASED = "erased"  # the reason of a message or a reply that ended so
BATCH = 500
#: What is left of a message: that it was there, so that nothing delivered again is taken for new.
EMPTY: dict[str, Any] = {
    "data": None, "memo": None, "feature": None, "command": None, "reason": ERASED, "replay_delivery_id": None,
    "channel_id": "", "thread_id": "", "platform_order": 0,
}  # fmt: skip
BLANK: dict[str, Any] = {
    "name": None, "email": None, "password_hash": None, "config": {}, "locale": None, "timezone": None, "greeted_at": None,
    "profile_at": None, "merged_into": None, "merged_at": None,
}  # fmt: skip


@dataclass(frozen=True)
class Who:
    """A person: all ids that they ever had, and who they are on platforms."""

    ids: tuple[str, ...]
    identities: tuple[Identity, ...]
    name: str | None
    email: str | None
    is_active: bool


async def who(scope: Operator, connection: AsyncConnection, person_id: str) -> Who | None:
    """Return a person with all that was merged into them, held until the transaction ends: nobody refers to them meanwhile.

    None when there is none, or nothing is left of one. What was merged is found by where it went.
    """
    root, ids = await family(scope, connection, person_id)
    held = sa.select(people).where(people.c.id.in_(ids)).order_by(people.c.id).with_for_update()
    rows = {row.id: row for row in await connection.execute(held)}
    columns = (identities.c.platform, identities.c.workspace_id, identities.c.user_id)
    found = await connection.execute(sa.select(*columns).where(identities.c.person_id.in_(ids)).order_by(*columns))
    known = tuple(Identity(platform=row[0], workspace_id=row[1], user_id=row[2]) for row in found)
    row = rows.get(root)
    if row is None or (row.erased_at is not None and not known):
        return None
    return Who(tuple(sorted(rows)), known, row.name, row.email, all(one.is_active for one in rows.values()))


async def counts(_scope: Operator, connection: AsyncConnection, ids: Collection[str]) -> dict[str, int]:
    """Return how much there is of each kind that a person would know."""
    mine = messages.c.person_id.in_(ids)
    which: dict[str, tuple[sa.Table, list[Any]]] = {
        "facts": (facts, [facts.c.scope == "person", facts.c.subject.in_(ids)]),
        "schedules": (schedules, [schedules.c.person_id.in_(ids)]),
        "messages": (messages, [mine, messages.c.data.is_not(None)]),
        "answers": (
            replies,
            [replies.c.content.is_not(None), replies.c.message_id.in_(sa.select(messages.c.message_id).where(mine))],
        ),
    }
    return {
        name: (await connection.execute(sa.select(sa.func.count()).select_from(table).where(*where))).scalar_one()
        for name, (table, where) in which.items()
    }


async def empty_messages(_scope: Operator, connection: AsyncConnection, ids: Collection[str], but: str | None) -> None:
    """Take the words out of people's messages and their replies, but of one; end what is at work on them or unsent."""
    mine = [messages.c.person_id.in_(ids)] + ([messages.c.message_id != but] if but else [])
    at_work = messages.update().where(*mine, messages.c.state == "claimed")
    await connection.execute(at_work.values(fence=messages.c.fence + 1, state="failed"))
    await connection.execute(messages.update().where(*mine).values(EMPTY))
    await _empty_replies(connection, replies.c.message_id.in_(sa.select(messages.c.message_id).where(*mine)))


async def _empty_replies(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> None:
    ended = replies.update().where(which, replies.c.state.in_(OPEN))
    await connection.execute(ended.values(state="refused", take=replies.c.take + 1))
    await connection.execute(replies.update().where(which).values(content=None, ts=None, reason=ERASED))


async def delete_own(_scope: Operator, connection: AsyncConnection, ids: Collection[str]) -> list[str]:
    """Delete what is people's alone; return the ids of their tokens. Schedules before runs: a lease under way is waited for."""
    for table in (facts, fact_history):
        await connection.execute(table.delete().where(table.c.scope == "person", table.c.subject.in_(ids)))
    tokens = list((await connection.execute(sa.select(api_tokens.c.id).where(api_tokens.c.person_id.in_(ids)))).scalars())
    for table in (receipts, reports, schedules, runs, roles, api_tokens, identities):
        await connection.execute(table.delete().where(table.c.person_id.in_(ids)))
    await connection.execute(merges.delete().where(sa.or_(merges.c.first_id.in_(ids), merges.c.second_id.in_(ids))))
    return tokens


async def detach_activity(
    _scope: Operator, connection: AsyncConnection, ids: Collection[str], until: datetime | None = None
) -> None:
    """Let what was done be nobody's: an id by chance in place of the person's, and of each message's."""
    nobody = str(uuid.uuid4())
    mine = [activity.c.person_id.in_(ids)] + ([activity.c.at <= until] if until else [])
    while rows := list(await connection.execute(sa.select(activity.c.message_id, activity.c.fence).where(*mine).limit(BATCH))):
        statement = activity.update().where(activity.c.message_id == sa.bindparam("key"), activity.c.fence == sa.bindparam("n"))
        values = {"message_id": sa.bindparam("new"), "person_id": nobody}
        renamed = [{"key": row.message_id, "n": row.fence, "new": f"{ERASED}:{uuid.uuid4()}"} for row in rows]
        await connection.execute(statement.values(values), renamed)
    if until is None:
        for one in ids:  # each of those that were merged has rows of its own, perhaps of the same month
            renamed_days = activity_people.update().where(activity_people.c.person_id == one)
            await connection.execute(renamed_days.values(person_id=nobody if len(ids) == 1 else str(uuid.uuid4())))


async def blank(_scope: Operator, connection: AsyncConnection, person: Who, now: datetime) -> None:
    """Leave of people a number that follows from who they are, so that nothing said until now is taken up again.

    Who was deactivated stays so, under each of these numbers.
    """
    numbers = [id_of(key(one)) for one in person.identities]
    if numbers:
        await insert_missing(connection, people, [{"id": one, "created_at": now} for one in sorted(set(numbers))])
    every = sorted({*numbers, *person.ids})
    values = {**BLANK, "is_active": person.is_active, "created_at": now, "erased_at": now}
    await connection.execute(people.update().where(people.c.id.in_(every)).values(values))


async def unfinished(_scope: Operator, connection: AsyncConnection) -> Sequence[Any]:
    """Return who was erased of late (id, erased_at)."""
    query = sa.select(people.c.id, people.c.erased_at).where(people.c.erased_at.is_not(None)).order_by(people.c.id)
    return list(await connection.execute(query))


async def leftovers(
    _scope: Operator, connection: AsyncConnection, person_id: str, erased_at: datetime, *, unsent: bool
) -> list[str]:
    """Return the messages of before an erasure that still have words: those of which a reply is unsent only if `unsent`."""
    query = sa.select(messages.c.message_id).where(
        messages.c.person_id == person_id, messages.c.created_at <= erased_at, messages.c.data.is_not(None)
    )
    if not unsent:
        waiting = sa.exists().where(replies.c.message_id == messages.c.message_id, replies.c.state.in_(OPEN))
        query = query.where(messages.c.state != "claimed", ~waiting)
    return list((await connection.execute(query.order_by(messages.c.message_id).limit(BATCH))).scalars())


async def empty(_scope: Operator, connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Take the words out of some messages and their replies."""
    await write_columns(connection, messages, ("message_id",), [{"message_id": one, **EMPTY} for one in ids])
    await _empty_replies(connection, replies.c.message_id.in_(ids))


async def forget(scope: Operator, connection: AsyncConnection, person_id: str, erased_at: datetime) -> int:
    """Delete some of what is left of messages of before an erasure; return how many rows."""
    mine = (messages.c.person_id == person_id, messages.c.created_at <= erased_at)
    query = sa.select(messages.c.message_id).where(*mine).order_by(messages.c.message_id).limit(BATCH)
    return sum((await delete_messages(scope, connection, list((await connection.execute(query)).scalars()))).values())


async def close(_scope: Operator, connection: AsyncConnection, person_id: str, erased_at: datetime) -> None:
    """Delete the number that was left of a person. It stays where they said something since, or were deactivated."""
    known = sa.exists().where(identities.c.person_id == people.c.id)
    query = sa.select(people.c.is_active, known).where(people.c.id == person_id, people.c.erased_at == erased_at)
    row = (await connection.execute(query.with_for_update())).one_or_none()
    if row is None:
        return
    if row[1] or not row[0]:
        await connection.execute(people.update().where(people.c.id == person_id).values(erased_at=None))
        return
    await connection.execute(
        activity_people.update().where(activity_people.c.person_id == person_id).values(person_id=str(uuid.uuid4()))
    )
    used = [
        sa.exists().where(column == people.c.id)
        for column in (
            messages.c.person_id,
            receipts.c.person_id,
            reports.c.person_id,
            schedules.c.person_id,
            roles.c.person_id,
        )
    ] + [sa.exists().where(column == people.c.id) for column in (api_tokens.c.person_id, merges.c.first_id, merges.c.second_id)]
    await connection.execute(people.delete().where(people.c.id == person_id, ~sa.or_(*used)))
