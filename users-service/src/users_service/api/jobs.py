"""Jobs: a command for somebody, done soon; and what became of it."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from jeeves_contracts.base import Contract
from jeeves_contracts.people import Identity, Platform
from jeeves_service.errors import NotFoundError
from users_service.api.call import Call, Nothing
from users_service.api.policies import Policy
from users_service.api.routing import Made, Resource
from users_service.service import jobs
from users_service.service.jobs import Asked, Job

#: Without control characters: no database or log has to bear them.
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Said = Annotated[str, Field(min_length=1, max_length=1500, pattern=r"^\s*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")]
ADD = Policy("jobs-add", "admin", "jobs:write")
READ = Policy("jobs-read", "admin", "jobs:read")


class JobRequest(Contract):
    """A command for somebody, as if they had said it to Jeeves alone; its answer comes to them as a direct message."""

    model_config = {"extra": "forbid"}
    platform: Platform = "slack"
    workspace_id: Name
    user_id: Name
    command: Said
    expires_seconds: int = Field(default=3600, ge=60, le=7 * 86_400)


class JobPath(Contract):
    job_id: UUID


class JobTold(Contract):
    """`queued` → `published` (on the bus) → `working` → `answered` or `failed`; `expired`, `skipped`, `dropped`: not done."""

    id: str
    state: str
    reason: str | None = None
    due_at: AwareDatetime
    expires_at: AwareDatetime
    published_at: AwareDatetime | None = None


RESOURCE = Resource()


@RESOURCE.operation("POST", "/jobs", ADD, body=JobRequest, answers=JobTold, status=202)
async def add_job(call: Call[Nothing, Nothing, JobRequest]) -> Made:
    """Have a command done for somebody."""
    asked = call.body
    identity = Identity(platform=asked.platform, workspace_id=asked.workspace_id, user_id=asked.user_id)
    wanted = Asked(identity, asked.command, timedelta(seconds=asked.expires_seconds))
    call.scope(wanted.installation_id)
    job = await jobs.add(call.connection, wanted, call.now)
    shown: dict[str, Any] = {"user": f"{identity.workspace_id}:{identity.user_id}"}
    await call.audit("job.add", job.id, after=shown, at=wanted.installation_id)
    return Made(told(job), f"/api/v1/jobs/{job.id}")


@RESOURCE.operation("GET", "/jobs/{job_id}", READ, takes=JobPath, answers=JobTold)
async def show_job(call: Call[JobPath, Nothing, Nothing]) -> JobTold:
    """Tell what became of a job, or of a schedule's run."""
    for scope in call.scopes():
        if found := await jobs.one(scope, call.connection, str(call.path.job_id)):
            return told(found)
    raise NotFoundError("There is no such job.")


def told(job: Job) -> JobTold:
    """Return a job as it is told."""
    return JobTold(**vars(job))
