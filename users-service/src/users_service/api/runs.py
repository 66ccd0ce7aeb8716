"""Runs: what schedules and jobs became, for those who look after an installation."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from jeeves_contracts.base import Contract
from users_service.api.call import Call, Nothing
from users_service.api.jobs import Name
from users_service.api.pages import Instant, Page, PageQuery, after, cursor, instant
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.domain.job_states import state_of
from users_service.repository import runs
from users_service.repository.runs import Wanted

READ = Policy("runs-read", "admin", "jobs:read")
RESOURCE = Resource()
State = Literal["queued", "published", "working", "answered", "failed", "expired", "skipped", "dropped"]


class RunsQuery(PageQuery):
    """`since`: those due then and after."""

    installation_id: Name | None = None
    person_id: Annotated[str, Field(min_length=36, max_length=36)] | None = None
    state: State | None = None
    since: Instant | None = None


class RunTold(Contract):
    """`feature` and `schedule` are null for a job on demand, and where the schedule was stopped since.

    `reference` is its message's, once it was claimed.
    """

    id: str
    kind: Literal["schedule", "job"]
    feature: str | None
    schedule: str | None
    person_id: str
    installation_id: str
    state: str
    reason: str | None
    reference: str | None
    due_at: AwareDatetime
    expires_at: AwareDatetime
    published_at: AwareDatetime | None


@RESOURCE.operation("GET", "/runs", READ, query=RunsQuery, answers=Page[RunTold])
async def list_runs(call: Call[Nothing, RunsQuery, Nothing]) -> Page[RunTold]:
    """List the runs of schedules and jobs, those due last first."""
    asked = call.query
    begin = after(asked.cursor, str, str)
    before = (instant(begin[0]), str(begin[1])) if begin else None
    wanted = Wanted(asked.state, asked.person_id, asked.since, before)
    rows = await runs.listed(call.scope(asked.installation_id), call.connection, wanted, asked.limit + 1)
    items = [_told(row) for row in rows[: asked.limit]]
    more = cursor(items[-1].due_at.isoformat(), items[-1].id) if len(rows) > len(items) else None
    return Page[RunTold](items=items, next=more)


def _told(row: Any) -> RunTold:
    state, reason = state_of(row.state, (row.became, row.why) if row.became else None)
    due: datetime = row.due_at
    return RunTold(
        id=row.id,
        kind="schedule" if row.schedule_id else "job",
        feature=row.feature,
        schedule=row.schedule,
        person_id=row.person_id,
        installation_id=row.installation_id,
        state=state,
        reason=reason,
        reference=row.reference,
        due_at=due,
        expires_at=row.expires_at,
        published_at=row.published_at,
    )
