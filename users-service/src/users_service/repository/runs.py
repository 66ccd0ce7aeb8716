"""Runs of schedules and jobs on demand: due, leased, published."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import messages, runs, schedules
from users_service.repository.statements import insert_missing, within
from users_service.scope import Operator, Scope

OPEN = ("due", "leased")


async def soonest(_scope: Operator, connection: AsyncConnection) -> datetime | None:
    """Return when the next run may be leased, or leased again."""
    query = sa.select(sa.func.min(runs.c.ready_at)).where(runs.c.state.in_(OPEN))
    found: datetime | None = (await connection.execute(query)).scalar_one()
    return found


async def ready(_scope: Operator, connection: AsyncConnection, now: datetime, limit: int) -> list[Any]:
    """Return runs that nobody has leased now, held until the transaction ends, without those that another one holds."""
    query = sa.select(runs).where(runs.c.state.in_(OPEN), runs.c.ready_at <= now)
    query = query.order_by(runs.c.ready_at, runs.c.id).limit(limit)
    return list(await connection.execute(query.with_for_update(skip_locked=True)))


async def insert_new(_scope: Operator, connection: AsyncConnection, rows: list[dict[str, Any]]) -> set[str]:
    """Insert the runs whose id and due instant are not there yet; return their ids."""
    if not rows:
        return set()
    return await insert_missing(connection, runs, rows, returning="id")


async def update(_scope: Operator, connection: AsyncConnection, changes: Sequence[dict[str, Any]]) -> None:
    """Write columns of runs, each given with its `id`; all changes have the same columns."""
    if not changes:
        return
    names = [name for name in changes[0] if name != "id"]
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    statement = runs.update().where(runs.c.id == sa.bindparam("which")).values(values)
    rows = [{"which": one["id"], **{f"new_{name}": one[name] for name in names}} for one in changes]
    await connection.execute(statement, rows)


async def publish(_scope: Operator, connection: AsyncConnection, ids: Collection[str], now: datetime) -> int:
    """Note that runs are on the bus, whoever has their lease by now: it is a fact. Return how many were not noted before."""
    statement = runs.update().where(runs.c.id.in_(ids), runs.c.state != "published")
    return (await connection.execute(statement.values(state="published", published_at=now))).rowcount


async def forget_open(_scope: Operator, connection: AsyncConnection, schedule: str) -> None:
    """Take back a schedule's runs that are not published."""
    await connection.execute(runs.delete().where(runs.c.schedule_id == schedule, runs.c.state.in_(OPEN)))


async def one(scope: Scope, connection: AsyncConnection, run: str) -> Any | None:
    """Return a run by its id."""
    query = sa.select(runs).where(runs.c.id == run, within(scope, runs.c.installation_id))
    return (await connection.execute(query)).one_or_none()


@dataclass(frozen=True)
class Wanted:
    """Which runs are asked for. `state` as `job_states.state_of` tells it, `before` the (due_at, id) of the last one told."""

    state: str | None = None
    person_id: str | None = None
    since: datetime | None = None
    before: tuple[datetime, str] | None = None


async def listed(scope: Scope, connection: AsyncConnection, wanted: Wanted, limit: int) -> list[Any]:
    """Return runs, those due last first, each with its `feature` and `schedule` (null for a job on demand, or one stopped)."""
    said = runs.c.installation_id.concat(":job:").concat(runs.c.id)  # `job_states.message_of`
    query = (
        sa.select(runs, schedules.c.feature, schedules.c.name.label("schedule"), messages.c.state.label("became"))
        .add_columns(messages.c.reason.label("why"), messages.c.reference)
        .join(schedules, schedules.c.id == runs.c.schedule_id, isouter=True)
        .join(messages, messages.c.message_id == said, isouter=True)
        .where(within(scope, runs.c.installation_id))
    )
    if wanted.state is not None:
        query = query.where(STATES[wanted.state])
    if wanted.person_id is not None:
        query = query.where(runs.c.person_id == wanted.person_id)
    if wanted.since is not None:
        query = query.where(runs.c.due_at >= wanted.since)
    if wanted.before is not None:
        due, last = wanted.before
        query = query.where(sa.or_(runs.c.due_at < due, sa.and_(runs.c.due_at == due, runs.c.id < last)))
    return list(await connection.execute(query.order_by(runs.c.due_at.desc(), runs.c.id.desc()).limit(limit)))


_nothing, _late = messages.c.state.is_(None), sa.and_(messages.c.state == "failed", messages.c.reason == "expired")
#: As `job_states.state_of` tells them, by a run's own state and its message's.
STATES: dict[str, sa.ColumnElement[bool]] = {
    "queued": sa.and_(_nothing, runs.c.state.in_(OPEN)),
    **{state: sa.and_(_nothing, runs.c.state == state) for state in ("published", "skipped", "dropped")},
    "working": messages.c.state == "claimed",
    "answered": messages.c.state == "answered",
    "failed": sa.and_(messages.c.state == "failed", sa.func.coalesce(messages.c.reason, "") != "expired"),
    "expired": sa.or_(_late, sa.and_(_nothing, runs.c.state == "expired")),
}


async def newest(scope: Scope, connection: AsyncConnection, of: Collection[str]) -> dict[str, Any]:
    """Return the newest run of each of these schedules."""
    last = sa.select(runs.c.schedule_id, sa.func.max(runs.c.due_at).label("due_at")).where(runs.c.schedule_id.in_(of))
    newest_of = last.group_by(runs.c.schedule_id).subquery()
    query = sa.select(runs).join(
        newest_of, (runs.c.schedule_id == newest_of.c.schedule_id) & (runs.c.due_at == newest_of.c.due_at)
    )
    return {row.schedule_id: row for row in await connection.execute(query.where(within(scope, runs.c.installation_id)))}


async def outcomes(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """Return the states of messages with their reasons, of those that were ever claimed."""
    query = sa.select(messages.c.message_id, messages.c.state, messages.c.reason)
    query = query.where(messages.c.message_id.in_(ids), within(scope, messages.c.installation_id))
    return {row.message_id: (row.state, row.reason) for row in await connection.execute(query)}
