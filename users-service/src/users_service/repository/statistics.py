"""Numbers of answers and of active people: from days that are added up, and from the activity of the others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from users_service.domain.histogram import SIZE
from users_service.domain.periods import masks, whole_month
from users_service.models import activity, activity_counts, activity_people
from users_service.repository.activity import ALL, buckets
from users_service.repository.statements import within
from users_service.scope import Scope

FAILED = "failed"
MONTH = 31  # days of the longest
ARMS = 20  # times of one statement: a larger one is compiled by PostgreSQL, which takes longer than to run it


@dataclass(frozen=True)
class Which:
    """`kinds` are the columns by which numbers are told apart; None of the others: any."""

    kinds: tuple[str, ...] = ()
    feature: str | None = None
    outcome: str | None = None

    @property
    def of_feature(self) -> bool:
        """Whether people are counted for what they used."""
        return self.feature is not None or "feature" in self.kinds


@dataclass(frozen=True)
class Time:
    """Some days: those that are added up as bits, by the first day of their month; the others as (begin, end)."""

    months: Mapping[date, int]
    spans: Sequence[tuple[datetime, datetime]]


async def closed(
    scope: Scope,
    connection: AsyncConnection,
    which: Which,
    days: tuple[date, date],
    but: Collection[date],
    *,
    by_day: bool,
    limit: int,
) -> list[Any]:
    """Return rows (day where told apart, kinds, answers, failed, slowest_ms, buckets) of days that are added up, `but` some."""
    table = activity_counts.c
    keys = [*([table.day] if by_day else []), *(table[name] for name in which.kinds)]
    failed = sa.func.sum(sa.case((table.outcome == FAILED, table.count), else_=0))
    sums = [sa.func.sum(table[f"bucket_{n}"]).label(f"bucket_{n}") for n in range(SIZE)]
    told = (
        sa.func.sum(table["count"]).label("answers"),
        failed.label("failed"),
        sa.func.max(table.slowest_ms).label("slowest_ms"),
    )
    query = sa.select(*keys, *told, *sums).where(table.day.between(*days), within(scope, table.installation_id))
    if but:
        query = query.where(table.day.not_in(sorted(but)))
    if which.feature is not None:
        query = query.where(table.feature == which.feature)
    if which.outcome is not None:
        query = query.where(table.outcome == which.outcome)
    return list(await connection.execute(query.group_by(*keys).limit(limit)))


async def live(
    scope: Scope, connection: AsyncConnection, which: Which, span: tuple[datetime, datetime], limit: int
) -> list[Any]:
    """Return rows (kinds, answers, failed, slowest_ms, buckets) of the activity from one time to before another."""
    keys = [activity.c[name] for name in which.kinds]
    failed = sa.func.sum(sa.case((activity.c.outcome == FAILED, 1), else_=0))
    slowest = sa.func.max(activity.c.duration_ms)
    query = sa.select(*keys, sa.func.count().label("answers"), failed.label("failed"), slowest.label("slowest_ms"), *buckets())
    query = query.where(*_during(scope, which, span))
    if which.outcome is not None:
        query = query.where(activity.c.outcome == which.outcome)
    return list(await connection.execute(query.group_by(*keys).having(sa.func.count() > 0).limit(limit)))


async def people(scope: Scope, connection: AsyncConnection, which: Which, times: Sequence[Time]) -> list[Any]:
    """Return rows (number of the time, kinds, count) of how many people were active in each time, however often.

    Somebody who is active in several installations counts in each.
    """
    arms = [_people(scope, which, number, time) for number, time in enumerate(times)]
    found: list[Any] = []
    for n in range(0, len(arms), ARMS):
        some = arms[n : n + ARMS]
        found += await connection.execute(sa.union_all(*some) if len(some) > 1 else some[0])
    return found


def _people(scope: Scope, which: Which, number: int, time: Time) -> sa.Select[Any]:
    table, seen = activity_people.c, activity.c
    told, met = sa.literal(number, sa.Integer).label("time"), sa.or_(sa.false(), *(_met(*one) for one in time.months.items()))
    if len(time.months) == 1 and not time.spans:  # a row for each: nobody has to be told from others
        keys = [table[name] for name in which.kinds]
        return sa.select(told, *keys, sa.func.count()).where(met, *_level(scope, which)).group_by(*keys)
    arms = [sa.select(*_each(table, which)).where(met, *_level(scope, which)).distinct()] if time.months else []
    arms += [sa.select(*_each(seen, which)).where(*_during(scope, which, span)).distinct() for span in time.spans]
    each = (sa.union(*arms) if len(arms) > 1 else arms[0]).subquery()
    kinds = list(each.c)[: len(which.kinds)]
    return sa.select(told, *kinds, sa.func.count()).select_from(each).group_by(*kinds)


def _met(month: date, days: int) -> ColumnElement[bool]:
    """Return the condition that somebody was active on one of some days of a month, given as bits."""
    whole, of_month = masks(whole_month(month)) == {month: days}, activity_people.c.month == month
    return of_month if whole else sa.and_(of_month, activity_people.c.days.bitwise_and(days) != 0)


async def people_by_day(scope: Scope, connection: AsyncConnection, which: Which, months: Collection[date]) -> list[Any]:
    """Return rows (month, kinds, number on the first day, …) of how many people were active on each day of months."""
    table = activity_people.c
    keys = [table.month, *(table[name] for name in which.kinds)]
    numbers = [sa.func.sum(sa.case((table.days.bitwise_and(1 << n) != 0, 1), else_=0)) for n in range(MONTH)]
    query = sa.select(*keys, *numbers).where(table.month.in_(sorted(months)), *_level(scope, which)).group_by(*keys)
    return list(await connection.execute(query))


def _each(columns: Any, which: Which) -> list[Any]:
    """Return what tells one person of a kind from another, for activity and for what is added up alike."""
    kinds = [sa.func.coalesce(columns[name], "") if name == "feature" else columns[name] for name in which.kinds]
    keys = [kind.label(f"kind_{n}") for n, kind in enumerate(kinds)]
    return [*keys, columns.installation_id.label("place"), columns.person_id.label("person")]


def _during(scope: Scope, which: Which, span: tuple[datetime, datetime]) -> list[Any]:
    found = [activity.c.at >= span[0], activity.c.at < span[1], within(scope, activity.c.installation_id)]
    if which.feature is not None:
        found.append(sa.func.coalesce(activity.c.feature, "") == which.feature)
    return found


def _level(scope: Scope, which: Which) -> list[Any]:
    """Return the conditions for rows of one feature, of each, or of all together."""
    feature, place = activity_people.c.feature, within(scope, activity_people.c.installation_id)
    if not which.of_feature:
        return [feature == ALL, place]
    return [feature != ALL if which.feature is None else feature == which.feature, place]
