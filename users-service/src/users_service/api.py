"""`/api/v1`: the public API, for who has JEEVES_ADMIN_TOKEN. Tokens of people and programs come later."""

import hmac
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field
from quart import Blueprint, Response, request, url_for

from jeeves_contracts.base import Contract
from jeeves_contracts.people import Identity, Platform
from jeeves_service.errors import UnauthenticatedError
from jeeves_service.web import answer, body_of, problem
from users_service.scope import OPERATOR
from users_service.service.jobs import Asked, Job, Jobs, Listed

UNAUTHENTICATED = 401
#: Without control characters: no database or log has to bear them.
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Said = Annotated[str, Field(min_length=1, max_length=1500, pattern=r"^\s*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")]


class Whose(Contract):
    """A person on a platform."""

    platform: Platform = "slack"
    workspace_id: Name
    user_id: Name

    @property
    def identity(self) -> Identity:
        return Identity(platform=self.platform, workspace_id=self.workspace_id, user_id=self.user_id)


class JobRequest(Whose):
    """A command for somebody, as if they had said it to Jeeves alone; its answer comes to them as a direct message."""

    command: Said
    expires_seconds: int = Field(default=3600, ge=60, le=7 * 86_400)


class JobTold(Contract):
    """`queued` → `published` (on the bus) → `working` → `answered` or `failed`; `expired`, `skipped`, `dropped`: not done."""

    id: str
    state: str
    reason: str | None = None
    due_at: AwareDatetime
    expires_at: AwareDatetime
    published_at: AwareDatetime | None = None


class ScheduleTold(Contract):
    """`rule` in words, `last` its newest run."""

    feature: str
    name: str
    command: str
    rule: str
    timezone: str
    next_due: AwareDatetime | None = None
    last: JobTold | None = None


class Schedules(Contract):
    items: list[ScheduleTold]


def admits(token: str | None, header: str) -> bool:
    """Say whether an `Authorization` header bears the token, in a time that tells nothing of it. Nothing does without one."""
    kind, _, given = header.partition(" ")
    return token is not None and kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def api_routes(jobs: Jobs, token: str | None) -> Blueprint:
    """Return the routes; without a token all of them answer 401."""
    routes = Blueprint("api", __name__, url_prefix="/api/v1")

    @routes.before_request
    async def guard() -> None:
        if not admits(token, request.headers.get("Authorization", "")):
            raise UnauthenticatedError("A bearer token is needed: the value of JEEVES_ADMIN_TOKEN.")

    @routes.after_request
    async def challenge(response: Response) -> Response:
        if response.status_code == UNAUTHENTICATED:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @routes.post("/jobs")
    async def add() -> Response:
        asked = await body_of(JobRequest)
        key, expires = request.headers.get("Idempotency-Key"), timedelta(seconds=asked.expires_seconds)
        job = await jobs.add(OPERATOR, Asked(asked.identity, asked.command, expires, key))
        response = answer(_told(job), 202)
        response.headers["Location"] = url_for("api.show", job=job.id)
        return response

    @routes.get("/jobs/<uuid:job>")
    async def show(job: UUID) -> Response:
        found = await jobs.one(OPERATOR, str(job))
        return answer(_told(found)) if found else problem(404, "Not found", "There is no such job.")

    @routes.get("/schedules")
    async def schedules() -> Response:
        asked = Whose.model_validate(request.args.to_dict())
        found = await jobs.schedules_of(OPERATOR, asked.identity)
        return answer(Schedules(items=[_listed(one) for one in found]))

    return routes


def _told(job: Job) -> JobTold:
    return JobTold(**vars(job))


def _listed(one: Listed) -> ScheduleTold:
    return ScheduleTold(**vars(one) | {"last": _told(one.last) if one.last else None})
