"""All rows about one person, a batch at a time. Whoever asks was found to be that person, or the operator."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import (
    activity,
    activity_people,
    api_tokens,
    audit,
    fact_history,
    facts,
    identities,
    messages,
    people,
    receipts,
    replies,
    reports,
    runs,
    schedules,
)
from users_service.scope import Operator

BATCH = 200  # rows that are in memory at once
SPOKEN = 10  # messages, each with all that it was answered: files of a megabyte, too

#: Tables whose rows belong to people, and how an export tells them.
EXPORTED = {
    "people": "person", "identities": "identities", "roles": "roles", "facts": "facts", "fact_history": "fact_history",
    "schedules": "schedules", "runs": "runs", "messages": "messages", "replies": "messages", "receipts": "messages",
    "reports": "reports", "activity": "activity", "activity_people": "active_days", "api_tokens": "tokens", "audit": "audit",
}  # fmt: skip
#: Tables with a column that may hold a person, and why an export leaves them out.
LEFT_OUT = {
    "merges": "a code, as a digest, that is good for ten minutes: it tells nothing about anybody",
    "dead_letters": "for operators, kept as they came: what the person said is told with their messages",
}


@dataclass(frozen=True)
class Period:
    """What grows with time is told of this period only."""

    since: datetime | None = None
    until: datetime | None = None

    def of(self, column: sa.ColumnElement[Any]) -> list[Any]:
        """Return the conditions on a column."""
        since = [] if self.since is None else [column >= self.since]
        return since + ([] if self.until is None else [column < self.until])


async def family(_scope: Operator, connection: AsyncConnection, person_id: str) -> tuple[str, list[str]]:
    """Return who a person is now, and all ids that are theirs: those of people who became one with them, too."""
    root, seen = person_id, set[str]()
    while root not in seen:
        seen.add(root)
        query = sa.select(people.c.merged_into).where(people.c.id == root)
        root = (await connection.execute(query)).scalar_one_or_none() or root
    ids = {root}
    while True:
        merged = sa.select(people.c.id).where(people.c.merged_into.in_(ids), people.c.id.not_in(ids))
        more = set((await connection.execute(merged)).scalars())
        if not more:
            return root, sorted(ids)
        ids |= more


async def person(_scope: Operator, connection: AsyncConnection, person_id: str) -> Any | None:
    """Return a person's row without their password's hash."""
    columns = [column for column in people.c if column.name != "password_hash"]
    has = people.c.password_hash.is_not(None).label("has_password")
    return (await connection.execute(sa.select(*columns, has).where(people.c.id == person_id))).one_or_none()


async def small(_scope: Operator, connection: AsyncConnection, name: str, ids: Collection[str]) -> Sequence[Any]:
    """Return all rows of a table that has few of a person."""
    own = {"facts": facts, "fact_history": fact_history}
    if name in own:
        table = own[name]
        order = table.c.since if name == "facts" else table.c.id
        query = sa.select(table).where(table.c.scope == "person", table.c.subject.in_(ids)).order_by(order, table.c.name)
    else:
        table = {
            "identities": identities, "schedules": schedules, "tokens": api_tokens, "active_days": activity_people,
        }[name]  # fmt: skip
        query = sa.select(*(column for column in table.c if column.name != "digest"))
        query = query.where(table.c.person_id.in_(ids)).order_by(*table.primary_key)
    return list(await connection.execute(query))


async def grown(
    _scope: Operator, connection: AsyncConnection, name: str, ids: Collection[str], period: Period
) -> AsyncIterator[Sequence[Any]]:
    """Yield batches of a table that grows with time, the oldest first."""
    table, at = {
        "runs": (runs, runs.c.due_at), "reports": (reports, reports.c.at), "activity": (activity, activity.c.at),
        "audit": (audit, audit.c.at), "messages": (messages, messages.c.created_at),
    }[name]  # fmt: skip
    mine: sa.ColumnElement[bool] = table.c.person_id.in_(ids)
    if table is audit:
        mine = sa.or_(mine, audit.c.subject.in_(ids))
    if table is messages:  # what an erasure left of those before it is nothing
        erased = sa.select(people.c.erased_at).where(people.c.id == messages.c.person_id).scalar_subquery()
        mine = sa.and_(mine, sa.or_(messages.c.data.is_not(None), erased.is_(None), messages.c.created_at > erased))
    keys = [at, *(column for column in table.primary_key if column is not at)]
    size = SPOKEN if table is messages else BATCH
    last: list[Any] | None = None
    while True:
        query = sa.select(table).where(mine, *period.of(at)).order_by(*keys).limit(size)
        rows = list(await connection.execute(query if last is None else query.where(_after(keys, last))))
        if rows:
            yield rows
        if len(rows) < size:
            return
        last = [getattr(rows[-1], column.name) for column in keys]


def _after(keys: Sequence[sa.ColumnElement[Any]], last: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that a row comes after another one in the order of keys."""
    parts = [
        sa.and_(*(key == value for key, value in zip(keys[:n], last[:n], strict=True)), keys[n] > last[n])
        for n in range(len(keys))
    ]
    return sa.or_(*parts)


async def answers(_scope: Operator, connection: AsyncConnection, ids: Collection[str]) -> dict[str, list[Any]]:
    """Return the replies of messages, in order."""
    query = sa.select(replies).where(replies.c.message_id.in_(ids)).order_by(replies.c.message_id, replies.c.n)
    return _by_message(await connection.execute(query))


async def changes(_scope: Operator, connection: AsyncConnection, ids: Collection[str]) -> dict[str, list[Any]]:
    """Return the receipts of messages, in order."""
    query = sa.select(receipts).where(receipts.c.message_id.in_(ids)).order_by(receipts.c.id)
    return _by_message(await connection.execute(query))


def _by_message(rows: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.message_id, []).append(row)
    return found
