"""What is asked for over the API: a command to be done soon for somebody, what became of it, and what schedules there are."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.ids import message_id
from jeeves_contracts.people import Identity
from jeeves_service.clock import Clock
from jeeves_service.errors import PermanentError
from users_service.domain.job_states import message_of, state_of
from users_service.engine import Database
from users_service.repository import people, runs, schedules
from users_service.scope import Operator, Scope
from users_service.service.batches import database
from users_service.service.schedules import said

LONGEST_ID = 255


@dataclass(frozen=True)
class Asked:
    """A job as it is asked for. `key` is the asker's own name for it: asked again under it, it is the same job."""

    identity: Identity
    command: str
    expires: timedelta
    key: str | None = None

    @property
    def installation_id(self) -> str:
        return f"{self.identity.platform}:{self.identity.workspace_id}"

    @property
    def digest(self) -> str | None:
        """What is kept of the key, whatever characters it has."""
        return hashlib.sha256(self.key.encode()).hexdigest() if self.key else None


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

    feature: str
    name: str
    command: str
    rule: str
    timezone: str
    next_due: datetime | None
    last: Job | None


class Jobs:
    """Takes jobs on demand; a scheduler publishes them like runs that are due."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def add(self, scope: Operator, asked: Asked) -> Job:
        """Store a job, due now. Raises PermanentError with a sentence why not, TransientError when the database is away."""
        with database():
            async with self._database.write() as connection:
                row = await self._row(scope, connection, asked)
                if not await runs.insert_new(scope, connection, [row]):
                    return await self._again(scope, connection, asked)
                return Job(row["id"], "queued", None, row["due_at"], row["expires_at"], None)

    async def one(self, scope: Scope, job: str) -> Job | None:
        """Return what became of a job, or of a schedule's run; None when there is none."""
        with database():
            async with self._database.read() as connection:
                row = await runs.one(scope, connection, run=job)
                return (await _jobs(scope, connection, [row]))[0] if row else None

    async def schedules_of(self, scope: Scope, identity: Identity) -> list[Listed]:
        """Return a person's schedules, each with its newest run."""
        now = self._clock.now()
        with database():
            async with self._database.read() as connection:
                rows = await schedules.of_identity(scope, connection, identity)
                newest = await runs.newest(scope, connection, [row.id for row in rows])
                last = dict(zip(newest, await _jobs(scope, connection, list(newest.values())), strict=True))
        return [
            Listed(
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

    async def _row(self, scope: Operator, connection: AsyncConnection, asked: Asked) -> dict[str, Any]:
        now, place, one = self._clock.now(), asked.installation_id, str(uuid.uuid4())
        _, live = await schedules.served(scope, connection, [], [place])
        if not live or len(message_id(place, "job", one)) > LONGEST_ID:
            raise PermanentError(f"Jeeves is not installed in this workspace of {asked.identity.platform}.")
        person = (await people.find_or_create(scope, connection, [asked.identity], now))[people.key(asked.identity)]
        active, _ = await schedules.served(scope, connection, [person.person_id], [])
        if not active:
            raise PermanentError("This person's account is not active.")
        return {
            "id": one,
            "key": asked.digest,
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

    @staticmethod
    async def _again(scope: Operator, connection: AsyncConnection, asked: Asked) -> Job:
        row = await runs.one(scope, connection, key=asked.digest or "")
        wanted = (asked.command, asked.installation_id, asked.identity.user_id, asked.expires)
        if row is None or (row.command, row.installation_id, row.user_id, row.expires_at - row.due_at) != wanted:
            raise PermanentError("This Idempotency-Key was used for another job.")
        return (await _jobs(scope, connection, [row]))[0]


async def _jobs(scope: Scope, connection: AsyncConnection, rows: list[Any]) -> list[Job]:
    outcomes = await runs.outcomes(scope, connection, [message_of(row) for row in rows])
    return [
        Job(row.id, *state_of(row.state, outcomes.get(message_of(row))), row.due_at, row.expires_at, row.published_at)
        for row in rows
    ]
