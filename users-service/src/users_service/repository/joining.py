"""Everything of one person becomes another's: where both have one of a kind, the other's stays."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import (
    activity,
    activity_people,
    api_tokens,
    fact_history,
    facts,
    identities,
    messages,
    people,
    receipts,
    reports,
    roles,
    runs,
    schedules,
)  # fmt: skip
from users_service.repository.statements import write_columns
from users_service.scope import Operator

#: What has a person and nothing that could clash. Messages come first: an answer that is being stored holds its message.
PLAIN = (messages, identities, receipts, activity, runs, api_tokens)
#: What a person has one of a kind of, with the columns that tell the kind.
ONE_OF_A_KIND = (
    (schedules, ("installation_id", "feature", "name")),
    (reports, ("message_id",)),
    (roles, ("installation_id",)),
    (activity_people, ("month", "feature", "installation_id")),
)  # fmt: skip


async def move(_scope: Operator, connection: AsyncConnection, old: str, new: str) -> tuple[list[str], list[str]]:
    """Give `new` all that `old` has; return the names of facts that both had, and ids of schedules of `old` that were in the
    way of one of `new`.
    """
    for table in PLAIN:
        await connection.execute(table.update().where(table.c.person_id == old).values(person_id=new))
    dropped: dict[sa.Table, list[Any]] = {}
    for table, kind in ONE_OF_A_KIND:
        dropped[table] = await _move(connection, table, kind, old, new)
    await _inverses(connection, old, new)
    await connection.execute(people.update().where(people.c.merged_into == old).values(merged_into=new))
    return await _facts(connection, old, new), [row.id for row in dropped[schedules]]


async def forget_runs(_scope: Operator, connection: AsyncConnection, of: Sequence[str]) -> None:
    """Take back the runs of schedules that are not published."""
    if of:
        await connection.execute(runs.delete().where(runs.c.schedule_id.in_(of), runs.c.state.in_(("due", "leased"))))


async def is_empty(_scope: Operator, connection: AsyncConnection, old: str) -> bool:
    """Say whether nothing has arrived under an old name."""
    for table in (messages, receipts, schedules, reports, facts):
        whose = (facts.c.scope == "person", facts.c.subject == old) if table is facts else (table.c.person_id == old,)
        if (await connection.execute(sa.select(sa.literal(1)).select_from(table).where(*whose).limit(1))).first():
            return False
    return True


async def _move(connection: AsyncConnection, table: sa.Table, kind: tuple[str, ...], old: str, new: str) -> list[Any]:
    """Give rows that `new` has none like; delete and return the others."""
    rows = await connection.execute(sa.select(table).where(table.c.person_id.in_((old, new))).with_for_update())
    mine: dict[str, dict[tuple[Any, ...], Any]] = {old: {}, new: {}}
    for row in rows:
        mine[row.person_id][tuple(row._mapping[name] for name in kind)] = row  # noqa: SLF001 - a public name that begins so
    for key in mine[old]:
        which = [table.c[name] == value for name, value in zip(kind, key, strict=True)]
        if table is activity_people and key in mine[new]:  # a day on which either was there
            days = mine[old][key].days | mine[new][key].days
            await connection.execute(table.update().where(table.c.person_id == new, *which).values(days=days))
        statement = table.delete() if key in mine[new] else table.update().values(person_id=new)
        await connection.execute(statement.where(table.c.person_id == old, *which))
    return [row for key, row in mine[old].items() if key in mine[new]]


async def _facts(connection: AsyncConnection, old: str, new: str) -> list[str]:
    query = sa.select(facts.c.subject, facts.c.name).where(facts.c.scope == "person", facts.c.subject.in_((old, new)))
    names: dict[str, set[str]] = {old: set(), new: set()}
    for subject, name in await connection.execute(query.with_for_update()):
        names[subject].add(name)
    both = sorted(names[old] & names[new])
    for table in (facts, fact_history):
        whose = (table.c.scope == "person", table.c.subject == old)
        if both:
            await connection.execute(table.delete().where(*whose, table.c.name.in_(both)))
        await connection.execute(table.update().where(*whose).values(subject=new))
    return both


async def _inverses(connection: AsyncConnection, old: str, new: str) -> None:
    """Let what can still be undone speak of the facts where they are now."""
    query = sa.select(receipts.c.id, receipts.c.inverse).where(receipts.c.person_id == new, receipts.c.inverse.is_not(None))
    rows: list[Any] = [
        {"id": row.id, "inverse": {**row.inverse, "subject": new}}
        for row in await connection.execute(query)
        if row.inverse.get("subject") == old
    ]
    await write_columns(connection, receipts, ("id",), rows)
