"""People, their identities, the installations they speak in."""

import uuid
from collections.abc import Collection, Mapping
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
    """Somebody as they are known. `own` names what they set themselves, whatever the platform says."""

    person_id: str
    locale: str | None
    timezone: str | None
    name: str | None = None
    email: str | None = None
    own: frozenset[str] = frozenset()
    erased_at: datetime | None = None


def key(identity: Identity) -> Key:
    """Return what makes an identity unique."""
    return identity.platform, identity.workspace_id, identity.user_id


async def find_or_create(
    _scope: Operator,
    connection: AsyncConnection,
    wanted: Collection[Identity],
    now: datetime,
    said: Mapping[Key, datetime] | None = None,
) -> dict[Key, Person]:
    """Return the person of each identity.

    Free of races: a new person's id follows from the identity, so two transactions that both miss it write the same row.
    `said` is when each said the last that is in hand: nobody begins anew by what they said before they were erased.
    """
    keys = sorted({key(identity) for identity in wanted})
    found = await _find(connection, keys)
    missing = [one for one in keys if one not in found]
    if missing:
        await insert_missing(connection, people, [{"id": id_of(one), "created_at": now} for one in missing])
        gone = await _erased(connection, {one: said[one] for one in missing}) if said else {}
        links = [
            {"platform": one[0], "workspace_id": one[1], "user_id": one[2], "person_id": id_of(one), "created_at": now}
            for one in missing
            if one not in gone
        ]
        if links:
            await insert_missing(connection, identities, links)
            found |= await _find(connection, missing)
        found |= gone
    return found


def id_of(one: Key) -> str:
    """Return the id that the person of an identity has, when nobody knew it before."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(one)))


async def _erased(connection: AsyncConnection, said: Mapping[Key, datetime]) -> dict[Key, Person]:
    """Return those who were erased after all that is in hand of them was said."""
    ids = {id_of(one): one for one in said}
    query = sa.select(people.c.id, people.c.erased_at).where(people.c.id.in_(ids), people.c.erased_at.is_not(None))
    return {
        ids[row.id]: Person(row.id, None, None, erased_at=row.erased_at)
        for row in await connection.execute(query)
        if said[ids[row.id]] <= row.erased_at
    }


async def is_erased(scope: Operator, connection: AsyncConnection, identity: Identity, said_at: datetime) -> bool:
    """Say whether a person was erased after they said something."""
    one = key(identity)
    person = (await known(scope, connection, [identity])).get(one) or (await _erased(connection, {one: said_at})).get(one)
    return person is not None and person.erased_at is not None and said_at <= person.erased_at


async def known(_scope: Operator, connection: AsyncConnection, wanted: Collection[Identity]) -> dict[Key, Person]:
    """Return the person of each identity that is known."""
    return await _find(connection, sorted({key(identity) for identity in wanted}))


async def held(scope: Operator, connection: AsyncConnection, identity: Identity) -> Person | None:
    """Return the person of an identity, held until the transaction ends; None when it is known no more, or never was."""
    one = key(identity)
    seen = (await known(scope, connection, [identity])).get(one)
    if seen is None:
        return None
    await lock(scope, connection, [seen.person_id], ())
    now = (await known(scope, connection, [identity])).get(one)
    return now if now is not None and now.person_id == seen.person_id else None


async def is_installed(_scope: Operator, connection: AsyncConnection, installation_id: str) -> bool:
    """Say whether there is such an installation."""
    live = sa.select(installations.c.id).where(installations.c.id == installation_id, installations.c.removed_at.is_(None))
    return (await connection.execute(live)).first() is not None


async def _find(connection: AsyncConnection, keys: Collection[Key]) -> dict[Key, Person]:
    platforms, workspaces, users = (sorted(set(part)) for part in zip(*keys, strict=True))
    lists = {"platforms": platforms, "workspaces": workspaces, "users": users}  # all that are asked for, and perhaps more
    rows = await connection.execute(_known(connection.dialect.name), lists)
    found = {(row[0], row[1], row[2]): _person(*row[3:]) for row in rows}
    return {one: found[one] for one in keys if one in found}


def _person(person_id: str, *rest: Any) -> Person:
    locale, timezone, name, email, config, erased_at = rest
    return Person(person_id, locale, timezone, name, email, frozenset(config.get("own", ())), erased_at)


@lru_cache
def _known(dialect: str) -> Any:
    columns = (identities.c.platform, identities.c.workspace_id, identities.c.user_id)
    lists = zip(columns, ("platforms", "workspaces", "users"), strict=True)
    return (
        sa.select(
            *columns,
            people.c.id,
            people.c.locale,
            people.c.timezone,
            people.c.name,
            people.c.email,
            people.c.config,
            people.c.erased_at,
        )
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
