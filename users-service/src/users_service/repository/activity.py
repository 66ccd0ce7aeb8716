"""Activity, and the days of it that are added up: what was done, without a word of what was said."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from users_service.domain.histogram import BORDERS
from users_service.domain.periods import ONE, bit, midnight
from users_service.models import activity, activity_counts, activity_days, activity_people
from users_service.repository.statements import insert_missing
from users_service.scope import Operator

ALL = "*"  # instead of a feature: any


def buckets() -> list[ColumnElement[Any]]:
    """Return how many answers fall into each bucket of the histogram, for a query that groups activity."""
    took, lower = activity.c.duration_ms, -1
    found: list[ColumnElement[Any]] = []
    for n, border in enumerate((*BORDERS, None)):
        falls = took > lower if border is None else took.between(lower + 1, border)
        found.append(sa.func.sum(sa.case((falls, 1), else_=0)).label(f"bucket_{n}"))
        lower = border if border is not None else lower
    return found


def within_day(day: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that activity is of a day."""
    return activity.c.at >= midnight(day), activity.c.at < midnight(day + ONE)


async def oldest(_scope: Operator, connection: AsyncConnection) -> datetime | None:
    """Return the time of the oldest record."""
    found: datetime | None = (await connection.execute(sa.select(sa.func.min(activity.c.at)))).scalar_one()
    return found


async def rolled(_scope: Operator, connection: AsyncConnection, first: date, last: date) -> dict[date, int]:
    """Return the days from `first` to `last` that are added up, each with how many answers it had."""
    query = sa.select(activity_days.c.day, activity_days.c.count).where(activity_days.c.day.between(first, last))
    return {row[0]: row[1] for row in await connection.execute(query)}


async def count(_scope: Operator, connection: AsyncConnection, day: date) -> int:
    """Return how many records a day has."""
    query = sa.select(sa.func.count()).select_from(activity).where(*within_day(day))
    return int((await connection.execute(query)).scalar_one())


async def roll_up(_scope: Operator, connection: AsyncConnection, day: date, now: datetime) -> bool:
    """Add a day up, unless it was; say whether this did. Who does the same at this moment waits, and finds it done."""
    row = {"day": day, "count": 0, "at": now}
    if not await insert_missing(connection, activity_days, [row], returning="day"):
        return False
    await _add_up(connection, day)
    return True


async def roll_up_again(_scope: Operator, connection: AsyncConnection, day: date) -> None:
    """Add a day up anew, instead of what was added up before."""
    which = sa.select(activity_days.c.day).where(activity_days.c.day == day).with_for_update()
    await connection.execute(which)
    await connection.execute(activity_counts.delete().where(activity_counts.c.day == day))
    await _add_up(connection, day)


async def _add_up(connection: AsyncConnection, day: date) -> None:
    kinds = (activity.c.installation_id, activity.c.feature, activity.c.command, activity.c.outcome, activity.c.trigger)
    told = [sa.func.coalesce(one, "") if one.nullable else one for one in kinds]
    tally = (sa.func.count(), sa.func.max(activity.c.duration_ms), *buckets())
    added = sa.select(sa.literal(day, sa.Date), *told, *tally).where(*within_day(day)).group_by(*kinds)
    await connection.execute(activity_counts.insert().from_select([column.name for column in activity_counts.c], added))
    for feature in (sa.literal(ALL, activity.c.feature.type), sa.func.coalesce(activity.c.feature, "")):
        await connection.execute(_used(connection.dialect.name, day, feature))
    total = sa.select(sa.func.coalesce(sa.func.sum(activity_counts.c.count), 0)).where(activity_counts.c.day == day)
    await connection.execute(
        activity_days.update().where(activity_days.c.day == day).values(count=total.scalar_subquery()),
    )


def _used(dialect: str, day: date, feature: ColumnElement[Any]) -> Any:
    """Note of each person of a day that they were active on it: as often as one likes."""
    month = sa.literal(day.replace(day=1), sa.Date)
    columns = (month, feature, activity.c.installation_id, activity.c.person_id, sa.literal(bit(day), sa.Integer))
    people, names = sa.select(*columns).where(*within_day(day)).distinct(), [column.name for column in activity_people.c]
    known = activity_people.c.days
    if dialect in ("postgresql", "sqlite"):
        insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(activity_people).from_select(names, people)
        keys = [column.name for column in activity_people.primary_key]
        return insert.on_conflict_do_update(index_elements=keys, set_={"days": known.bitwise_or(insert.excluded.days)})
    insert = mysql.insert(activity_people).from_select(names, people)
    return insert.on_duplicate_key_update(days=known.bitwise_or(insert.inserted.days))
