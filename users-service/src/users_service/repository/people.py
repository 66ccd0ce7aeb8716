"""People, their identities, the installations they speak in."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.people import Identity
from users_service.models import identities, installations, people
from users_service.repository.statements import among, insert_missing
from users_service.scope import Operator

Key = tuple[str, str, str]
NAMESPACE = uuid.UUID("6f0a8f5e-7d1f-4a53-9c36-0c8a4a1d2b6e")


@dataclass(frozen=True)
class Person:
    person_id: str
    locale: str | None
    timezone: str | None
    is_admin: bool


def key(identity: Identity) -> Key:
    """Return what makes an identity unique."""
    return identity.platform, identity.workspace_id, identity.user_id


async def find_or_create(
    _scope: Operator, connection: AsyncConnection, wanted: Collection[Identity], now: datetime
) -> dict[Key, Person]:
    """Return the person of each identity.

    Free of races: a new person's id follows from the identity, so two transactions that both miss it write the same row.
    """
    keys = sorted({key(identity) for identity in wanted})
    found = await _find(connection, keys)
    missing = [one for one in keys if one not in found]
    if missing:
        rows = [{"id": str(uuid.uuid5(NAMESPACE, "\n".join(one))), "created_at": now} for one in missing]
        await insert_missing(connection, people, rows)
        links = [
            {"platform": one[0], "workspace_id": one[1], "user_id": one[2], "person_id": row["id"], "created_at": now}
            for one, row in zip(missing, rows, strict=True)
        ]
        await insert_missing(connection, identities, links)
        found |= await _find(connection, missing)
    return found


async def _find(connection: AsyncConnection, keys: Collection[Key]) -> dict[Key, Person]:
    platforms, workspaces, users = (sorted(set(part)) for part in zip(*keys, strict=True))
    lists = {"platforms": platforms, "workspaces": workspaces, "users": users}  # all that are asked for, and perhaps more
    rows = await connection.execute(_known(connection.dialect.name), lists)
    found = {(row[0], row[1], row[2]): Person(*row[3:]) for row in rows}
    return {one: found[one] for one in keys if one in found}


@lru_cache
def _known(dialect: str) -> Any:
    columns = (identities.c.platform, identities.c.workspace_id, identities.c.user_id)
    lists = zip(columns, ("platforms", "workspaces", "users"), strict=True)
    return (
        sa.select(*columns, people.c.id, people.c.locale, people.c.timezone, people.c.is_admin)
        .join(people, people.c.id == identities.c.person_id)
        .where(*(among(dialect, column, name) for column, name in lists))
    )


async def remember_installations(
    _scope: Operator, connection: AsyncConnection, wanted: Collection[tuple[str, str]], now: datetime
) -> None:
    """Make sure that installations `(id, platform)` have a row."""
    rows = [{"id": one, "platform": platform, "created_at": now} for one, platform in sorted(wanted)]
    await insert_missing(connection, installations, rows)


async def lock(
    _scope: Operator, connection: AsyncConnection, persons: Collection[str], places: Collection[str]
) -> dict[str, datetime | None]:
    """Hold people, then installations until the transaction ends, in one order for everybody; return when each was greeted.

    Nothing is kept from referring to them meanwhile: new messages of theirs do not wait (PostgreSQL: no key update).
    """
    greeted: dict[str, datetime | None] = {}
    if persons:
        held = sa.select(people.c.id, people.c.greeted_at).where(people.c.id.in_(persons)).order_by(people.c.id)
        greeted = {row.id: row.greeted_at for row in await connection.execute(held.with_for_update(key_share=True))}
    if places:
        rows = sa.select(installations.c.id).where(installations.c.id.in_(places)).order_by(installations.c.id)
        await connection.execute(rows.with_for_update(key_share=True))
    return greeted


async def greet(_scope: Operator, connection: AsyncConnection, persons: Collection[str], now: datetime) -> None:
    """Note that people were greeted."""
    if persons:
        await connection.execute(people.update().where(people.c.id.in_(persons)).values(greeted_at=now))


async def remember(_scope: Operator, connection: AsyncConnection, known: Collection[Person]) -> None:
    """Write down the language and the time zone that people's messages came with."""
    if known:
        statement = people.update().where(people.c.id == sa.bindparam("key"))
        statement = statement.values(locale=sa.bindparam("new_locale"), timezone=sa.bindparam("new_timezone"))
        ordered = sorted(known, key=lambda person: person.person_id)
        rows = [{"key": one.person_id, "new_locale": one.locale, "new_timezone": one.timezone} for one in ordered]
        await connection.execute(statement, rows)
