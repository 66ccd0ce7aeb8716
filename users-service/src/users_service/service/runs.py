"""Runs: lease what is due, note what is published (docs/protocol.md, step 9)."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from prometheus_client import Counter
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.schedules import LeaseAnswer, LeasedRun, LeaseRequest, PublishedAnswer, PublishedRequest, Timing
from jeeves_service.clock import Clock
from jeeves_service.logs import logger
from users_service.domain.job_states import job_of
from users_service.domain.misfires import Plan, plan
from users_service.engine import Database
from users_service.repository import runs, schedules
from users_service.scope import OPERATOR
from users_service.service.batches import database

LEASE = timedelta(seconds=30)
LONGEST = 60.0  # seconds until a scheduler is to ask again, at most
UNREADABLE = timedelta(hours=1)  # until a schedule that cannot be read is looked at again
NAMESPACE = uuid.UUID("0d7a7f0a-4b1b-4c39-9c5e-6a1f4e2f7c11")
COPIED = ("installation_id", "person_id", "platform", "workspace_id", "user_id", "locale", "command")
log = logger(__name__)


@dataclass
class _Hand:
    """What one transaction hands out and writes."""

    owner: str
    now: datetime
    limit: int
    runs: list[LeasedRun] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)

    @property
    def room(self) -> int:
        return max(0, self.limit - len(self.runs))

    def take(self, row: Any) -> bool:
        """Hand a run out. False for one that is no message: it must not stand in the way of the others."""
        try:
            self.runs.append(LeasedRun(run_id=row.id, job=job_of(row)))
        except ValidationError:
            log.exception("a run is no message", run_id=row.id)
            return False
        return True

    def close(self, row: Any, state: str) -> None:
        """Write what becomes of a run that was there."""
        owner, ready = (self.owner, self.now + LEASE) if state == "leased" else (None, self.now)
        self.changes.append({"id": row.id, "state": state, "owner": owner, "ready_at": ready})
        self.counts.append("again" if state == row.state else state)


class Runs:
    """Hands runs out to schedulers, any number of them."""

    def __init__(self, database: Database, clock: Clock, counted: Counter) -> None:
        """`counted` counts runs by what became of them: `leased`, `again` (its lease had ended), or why it is not done."""
        self._database, self._clock, self._counted = database, clock, counted

    async def lease(self, request: LeaseRequest) -> LeaseAnswer:
        """Lease what is due to one scheduler. Raises TransientError when the database is away."""
        now = self._clock.now()
        with database():
            async with self._database.read() as connection:  # nearly always nothing is due: then nothing is locked
                soonest = await self._soonest(connection)
            if soonest is None or soonest > now:
                return LeaseAnswer(next_in=_seconds(soonest, now))
            async with self._database.write() as connection:
                hand = _Hand(request.owner, now, request.limit)
                await self._lease(connection, hand)
                soonest = await self._soonest(connection)
        for outcome in hand.counts:
            self._counted.labels(outcome).inc()
        return LeaseAnswer(runs=hand.runs, next_in=_seconds(soonest, now))

    async def published(self, request: PublishedRequest) -> PublishedAnswer:
        """Note that runs are on the bus. Raises TransientError when the database is away."""
        with database():
            async with self._database.write() as connection:
                noted = await runs.publish(OPERATOR, connection, request.run_ids, self._clock.now())
        return PublishedAnswer(noted=noted)

    async def _soonest(self, connection: AsyncConnection) -> datetime | None:
        found = (await schedules.soonest(OPERATOR, connection), await runs.soonest(OPERATOR, connection))
        return min((one for one in found if one is not None), default=None)

    async def _lease(self, connection: AsyncConnection, hand: _Hand) -> None:
        ready = await runs.ready(OPERATOR, connection, hand.now, hand.limit)
        due = await schedules.due(OPERATOR, connection, hand.now, hand.limit - len(ready)) if len(ready) < hand.limit else []
        rows = [*ready, *due]
        active, live = await schedules.served(
            OPERATOR, connection, {row.person_id for row in rows}, {row.installation_id for row in rows}
        )
        served = {row.id for row in rows if row.person_id in active and row.installation_id in live}
        for row in ready:
            state = "dropped" if row.id not in served else "expired" if row.expires_at <= hand.now else "leased"
            hand.close(row, state if state != "leased" or hand.take(row) else "dropped")
        new: list[dict[str, Any]] = []
        following: list[tuple[str, datetime | None]] = []
        for row in due:
            planned = _planned(row, hand.now)
            following.append((row.id, planned.next_due))
            if row.id in served:
                new += _rows(row, planned, hand.now)
        await self._insert(connection, hand, new)
        await runs.update(OPERATOR, connection, hand.changes)
        await schedules.advance(OPERATOR, connection, following)

    async def _insert(self, connection: AsyncConnection, hand: _Hand, new: list[dict[str, Any]]) -> None:
        """Store new runs and hand them out, as far as there is room: the rest is due for whoever asks next."""
        for one in [one for one in new if one["state"] == "due"][: hand.room]:
            one |= {"state": "leased", "owner": hand.owner, "ready_at": hand.now + LEASE}
        fresh = await runs.insert_new(OPERATOR, connection, new)
        for row in (SimpleNamespace(**one) for one in new if one["id"] in fresh and one["state"] != "due"):
            hand.counts.append(row.state)
            if row.state == "leased" and not hand.take(row):
                hand.close(row, "dropped")


def _planned(row: Any, now: datetime) -> Plan:
    try:
        return plan(Timing.model_validate(row.timing, strict=False), row.since, row.next_due, now)
    except Exception:  # whatever it is, the others are not to wait for it; and a machine without zones may get them back
        log.exception("a schedule cannot be read", schedule=row.id)
        return Plan((), now + UNREADABLE)


def _rows(row: Any, planned: Plan, now: datetime) -> list[dict[str, Any]]:
    """Return the runs of a schedule that are new: due, or left out and remembered as such."""
    rule, expires = row.timing["rule"], timedelta(seconds=row.timing["expires_seconds"])
    states = dict.fromkeys(planned.runs, "due") | ({planned.dropped: str(planned.why)} if planned.dropped else {})
    return [
        {
            "id": str(uuid.uuid5(NAMESPACE, f"{row.id} {due.isoformat()}")),
            "schedule_id": row.id,
            "state": state,
            "owner": None,
            "ready_at": now,
            "due_at": due,
            "expires_at": due + expires,
            "timezone": rule["timezone"] if rule.get("cron") else None,  # a wall time is the person's own
            **{name: getattr(row, name) for name in COPIED},
        }
        for due, state in states.items()
    ]


def _seconds(soonest: datetime | None, now: datetime) -> float:
    return LONGEST if soonest is None else min(LONGEST, max(0.0, (soonest - now).total_seconds()))
