"""Schedules: what people have asked to be done at times."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.people import Identity
from users_service.models import identities, installations, people, schedules
from users_service.repository.statements import within
from users_service.scope import Operator, Scope


async def of_person(scope: Scope, connection: AsyncConnection, person_id: str) -> list[Any]:
    """Return a person's schedules, by feature and name."""
    query = sa.select(schedules).where(schedules.c.person_id == person_id, within(scope, schedules.c.installation_id))
    return list(await connection.execute(query.order_by(schedules.c.feature, schedules.c.name)))


async def put(_scope: Operator, connection: AsyncConnection, row: dict[str, Any], *, new: bool) -> None:
    """Add a schedule, or write over the one of this id."""
    if new:
        await connection.execute(schedules.insert(), row)
    else:
        await connection.execute(schedules.update().where(schedules.c.id == row["id"]).values(row))


async def delete(_scope: Operator, connection: AsyncConnection, schedule: str) -> None:
    """Forget one."""
    await connection.execute(schedules.delete().where(schedules.c.id == schedule))


async def soonest(_scope: Operator, connection: AsyncConnection) -> datetime | None:
    """Return when the next schedule is due."""
    found: datetime | None = (await connection.execute(sa.select(sa.func.min(schedules.c.next_due)))).scalar_one()
    return found


async def due(_scope: Operator, connection: AsyncConnection, now: datetime, limit: int) -> list[Any]:
    """Return schedules that are due, held until the transaction ends, without those that another transaction holds."""
    query = sa.select(schedules).where(schedules.c.next_due <= now).order_by(schedules.c.next_due, schedules.c.id).limit(limit)
    return list(await connection.execute(query.with_for_update(skip_locked=True)))


async def advance(_scope: Operator, connection: AsyncConnection, following: Sequence[tuple[str, datetime | None]]) -> None:
    """Write when schedules are due next."""
    if following:
        statement = schedules.update().where(schedules.c.id == sa.bindparam("key")).values(next_due=sa.bindparam("following"))
        await connection.execute(statement, [{"key": one, "following": due} for one, due in following])


async def served(
    _scope: Operator, connection: AsyncConnection, persons: Collection[str], places: Collection[str]
) -> tuple[set[str], set[str]]:
    """Return those of the persons who are active, and those of the installations that are not removed."""
    active = sa.select(people.c.id).where(people.c.id.in_(persons), people.c.is_active)
    live = sa.select(installations.c.id).where(installations.c.id.in_(places), installations.c.removed_at.is_(None))
    return set((await connection.execute(active)).scalars()), set((await connection.execute(live)).scalars())


@dataclass(frozen=True)
class Wanted:
    """Whose schedules are asked for. `after` is the (feature, name, id) of the last one told."""

    person_id: str | None = None
    identity: Identity | None = None
    after: tuple[str, str, str] | None = None


async def listed(scope: Scope, connection: AsyncConnection, wanted: Wanted, limit: int) -> list[Any]:
    """Return schedules by feature and name; none of one whom nobody knows."""
    query = sa.select(schedules).where(within(scope, schedules.c.installation_id))
    if wanted.person_id is not None:
        query = query.where(schedules.c.person_id == wanted.person_id)
    if wanted.identity is not None:
        query = query.join(identities, identities.c.person_id == schedules.c.person_id).where(
            identities.c.platform == wanted.identity.platform,
            identities.c.workspace_id == wanted.identity.workspace_id,
            identities.c.user_id == wanted.identity.user_id,
        )
    keys = (schedules.c.feature, schedules.c.name, schedules.c.id)
    if wanted.after is not None:
        last = [
            sa.and_(*(key == value for key, value in zip(keys[:at], wanted.after, strict=False)), keys[at] > wanted.after[at])
            for at in range(len(keys))
        ]
        query = query.where(sa.or_(*last))
    return list(await connection.execute(query.order_by(*keys).limit(limit)))
