"""What people told Jeeves, with what it was before."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.base import Json
from users_service.domain.book import Known
from users_service.domain.facts import MAX_PAST, Owner
from users_service.domain.records import Kept, Noted
from users_service.models import fact_history, facts, messages
from users_service.repository.statements import among, upsert
from users_service.scope import Operator

SCOPES = ("person", "channel", "workspace")


async def of_owners(
    _scope: Operator, connection: AsyncConnection, which: Collection[Owner], names: Collection[str]
) -> dict[Owner, Json]:
    """Return the facts of these names that each owner has."""
    subjects: dict[str, list[str]] = {scope: [one.subject for one in which if one.scope == scope] for scope in SCOPES}
    found: dict[Owner, Json] = {}
    for scope, subject, name, value in await connection.execute(
        _of_owners(connection.dialect.name), {**subjects, "names": list(names)}
    ):
        found.setdefault(Owner(scope, subject), {})[name] = value
    return found


@lru_cache
def _of_owners(dialect: str) -> Any:
    query = sa.select(facts.c.scope, facts.c.subject, facts.c.name, facts.c.value)
    each = (sa.and_(facts.c.scope == scope, among(dialect, facts.c.subject, scope)) for scope in SCOPES)
    return query.where(sa.or_(*each), among(dialect, facts.c.name, "names"))


async def held(_scope: Operator, connection: AsyncConnection, of: Owner) -> dict[str, Kept]:
    """Return all facts of an owner by name, held until the transaction ends."""
    query = sa.select(facts.c.name, facts.c.value, facts.c.source, facts.c.since).where(_is(facts, of))
    rows = await connection.execute(query.order_by(facts.c.name).with_for_update())
    return {row.name: Kept(value=row.value, source=row.source, since=row.since) for row in rows}


async def put(_scope: Operator, connection: AsyncConnection, of: Owner, name: str, kept: Kept) -> None:
    """Set a fact."""
    row = {"scope": of.scope, "subject": of.subject, "name": name, "value": kept.value, "source": kept.source}
    await connection.execute(upsert(connection, facts, {**row, "since": kept.since}))


async def delete(_scope: Operator, connection: AsyncConnection, of: Owner, name: str) -> None:
    """Forget a fact."""
    await connection.execute(facts.delete().where(_is(facts, of), facts.c.name == name))


async def note(_scope: Operator, connection: AsyncConnection, of: Owner, noted: Sequence[Noted]) -> None:
    """Write into the history, oldest first."""
    if noted:
        rows = [{"scope": of.scope, "subject": of.subject, **one.model_dump(mode="python")} for one in noted]
        await connection.execute(fact_history.insert(), rows)


async def trim(_scope: Operator, connection: AsyncConnection, of: Owner, name: str) -> None:
    """Keep of a fact's history what it is and the last values that it was."""
    mine = (_is(fact_history, of), fact_history.c.name == name)
    newest = sa.select(fact_history.c.id).where(*mine).order_by(fact_history.c.id.desc())
    surplus = (await connection.execute(newest.offset(MAX_PAST + 1).limit(1))).scalar_one_or_none()
    if surplus is not None:
        await connection.execute(fact_history.delete().where(*mine, fact_history.c.id <= surplus))


async def erase(_scope: Operator, connection: AsyncConnection, of: Owner) -> None:
    """Forget every fact of an owner, with its history."""
    await connection.execute(facts.delete().where(_is(facts, of)))
    await connection.execute(fact_history.delete().where(_is(fact_history, of)))


async def history(_scope: Operator, connection: AsyncConnection, of: Owner) -> list[Noted]:
    """Return an owner's whole history, oldest first."""
    columns = (fact_history.c.name, fact_history.c.value, fact_history.c.source, fact_history.c.at)
    query = sa.select(*columns).where(_is(fact_history, of)).order_by(fact_history.c.id)
    return [Noted(**row._mapping) for row in await connection.execute(query)]  # noqa: SLF001


async def known(_scope: Operator, connection: AsyncConnection, which: Collection[Owner]) -> list[Known]:
    """Return all facts of owners, by name."""
    query = (
        sa.select(facts, messages.c.trigger)
        .join(messages, messages.c.message_id == facts.c.source, isouter=True)
        .where(_of(facts, which))
        .order_by(facts.c.name)
    )
    return [
        Known(Owner(row.scope, row.subject), row.name, row.value, row.source, row.since, row.trigger)
        for row in await connection.execute(query)
    ]


async def past(_scope: Operator, connection: AsyncConnection, which: Collection[Owner]) -> list[tuple[Owner, Noted]]:
    """Return owners' history, newest first."""
    query = sa.select(fact_history).where(_of(fact_history, which)).order_by(fact_history.c.id.desc())
    return [
        (Owner(row.scope, row.subject), Noted(name=row.name, value=row.value, source=row.source, at=row.at))
        for row in await connection.execute(query)
    ]


async def forgotten(_scope: Operator, connection: AsyncConnection, before: datetime, limit: int) -> list[tuple[Owner, str]]:
    """Return the facts that were forgotten before an instant, and of which there is still a history."""
    later = fact_history.alias("later")
    newer = sa.exists().where(
        later.c.subject == fact_history.c.subject, later.c.name == fact_history.c.name,
        later.c.scope == fact_history.c.scope, later.c.id > fact_history.c.id,
    )  # fmt: skip
    query = sa.select(fact_history.c.scope, fact_history.c.subject, fact_history.c.name)
    query = query.where(fact_history.c.value.is_(None), fact_history.c.at < before, ~newer).limit(limit)
    return [(Owner(row.scope, row.subject), row.name) for row in await connection.execute(query)]


async def forget_history(_scope: Operator, connection: AsyncConnection, of: Owner, name: str, before: datetime) -> None:
    """Forget what a forgotten fact was."""
    gone = (_is(fact_history, of), fact_history.c.name == name, fact_history.c.at < before)
    await connection.execute(fact_history.delete().where(*gone))


def _is(table: sa.Table, of: Owner) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.scope == of.scope, table.c.subject == of.subject)


def _of(table: sa.Table, which: Iterable[Owner]) -> sa.ColumnElement[bool]:
    """A list of subjects for each scope: what an index is good at."""
    subjects: dict[Any, set[str]] = {}
    for one in which:
        subjects.setdefault(one.scope, set()).add(one.subject)
    parts = [sa.and_(table.c.scope == scope, table.c.subject.in_(sorted(mine))) for scope, mine in sorted(subjects.items())]
    return sa.or_(sa.false(), *parts)
