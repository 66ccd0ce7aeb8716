"""What is asked for over the API: a command to be done soon for somebody, what became of it, and what schedules there are."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.ids import message_id
from jeeves_contracts.people import Identity
from jeeves_service.errors import InvalidError
from users_service.domain.job_states import message_of, state_of
from users_service.repository import people, runs, schedules
from users_service.scope import OPERATOR, Operator, Scope
from users_service.service.schedules import said

LONGEST_ID = 255


@dataclass(frozen=True)
class Asked:
    """A job as it is asked for."""

    identity: Identity
    command: str
    expires: timedelta

    @property
    def installation_id(self) -> str:
        return f"{self.identity.platform}:{self.identity.workspace_id}"


@dataclass(frozen=True)
class Job:
    """A run as it is told. For its states see `job_states.state_of`."""

    id: str
    state: str
    reason: str | None
    due_at: datetime
    expires_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class Listed:
    """A schedule as it is told: `rule` in words, `last` its newest run."""

    id: str
    person_id: str
    installation_id: str
    feature: str
    name: str
    command: str
    rule: str
    timezone: str
    next_due: datetime | None
    last: Job | None


async def add(connection: AsyncConnection, asked: Asked, now: datetime) -> Job:
    """Store a job, due now: a scheduler publishes it like a run that is due. Raises InvalidError."""
    row = await _row(OPERATOR, connection, asked, now)
    await runs.insert_new(OPERATOR, connection, [row])
    return Job(row["id"], "queued", None, row["due_at"], row["expires_at"], None)


async def one(scope: Scope, connection: AsyncConnection, job: str) -> Job | None:
    """Return what became of a job, or of a schedule's run; None when there is none."""
    row = await runs.one(scope, connection, job)
    return (await _jobs(scope, connection, [row]))[0] if row else None


async def told(scope: Scope, connection: AsyncConnection, rows: Sequence[Any], now: datetime) -> list[Listed]:
    """Return schedules as they are told, each with its newest run."""
    newest = await runs.newest(scope, connection, [row.id for row in rows])
    last = dict(zip(newest, await _jobs(scope, connection, list(newest.values())), strict=True))
    return [
        Listed(
            id=row.id,
            person_id=row.person_id,
            installation_id=row.installation_id,
            feature=row.feature,
            name=row.name,
            command=row.command,
            rule=said(row, now, None),
            timezone=row.timing["rule"].get("timezone", "UTC"),
            next_due=row.next_due,
            last=last.get(row.id),
        )
        for row in rows
    ]


async def stop(scope: Operator, connection: AsyncConnection, schedule: str) -> None:
    """Stop a schedule; what is on the bus of it is still done. The caller holds its person."""
    await schedules.delete(scope, connection, schedule)  # before its runs: a lease under way inserts none after that
    await runs.forget_open(scope, connection, schedule)


async def _row(scope: Operator, connection: AsyncConnection, asked: Asked, now: datetime) -> dict[str, Any]:
    place, one = asked.installation_id, str(uuid.uuid4())
    _, live = await schedules.served(scope, connection, [], [place])
    if not live or len(message_id(place, "job", one)) > LONGEST_ID:
        raise InvalidError({"workspace_id": f"Jeeves is not installed in this workspace of {asked.identity.platform}"})
    person = await people.held(scope, connection, asked.identity)
    if person is None:
        raise InvalidError({"user_id": "Jeeves does not know this person: they say something to it first"})
    active, _ = await schedules.served(scope, connection, [person.person_id], [])
    if not active:
        raise InvalidError({"user_id": "this person's account is not active"})
    return {
        "id": one,
        "state": "due",
        "ready_at": now,
        "due_at": now,
        "expires_at": now + asked.expires,
        "installation_id": place,
        "person_id": person.person_id,
        "platform": asked.identity.platform,
        "workspace_id": asked.identity.workspace_id,
        "user_id": asked.identity.user_id,
        "command": asked.command,
    }


async def _jobs(scope: Scope, connection: AsyncConnection, rows: list[Any]) -> list[Job]:
    outcomes = await runs.outcomes(scope, connection, [message_of(row) for row in rows])
    return [
        Job(row.id, *state_of(row.state, outcomes.get(message_of(row))), row.due_at, row.expires_at, row.published_at)
        for row in rows
    ]
