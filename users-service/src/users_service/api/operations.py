"""Operations: pause everything, and go on."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from jeeves_contracts.base import Contract
from users_service.api.call import Call, Nothing
from users_service.api.pages import Instant
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.repository import audit
from users_service.scope import OPERATOR
from users_service.service import operations

OPERATE = Policy("operations", "operator", "operations:write")
RESOURCE = Resource()
PAUSE, RESUME = "operations.pause", "operations.resume"
MEANWHILE = (
    "What people say waits, and does not expire: they are answered after the resume, and an answer that comes more than a "
    "minute late says so. Jobs and runs of schedules expire at their own time (a job an hour after it was asked for, where it "
    "does not say otherwise), and are then not done. What was claimed before the pause is finished, and replies go out."
)


class PauseRequest(Contract):
    """`until`: it resumes by itself then. `reason` is for other operators."""

    model_config = {"extra": "forbid"}
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")] | None = None
    until: Instant | None = None


class OperationsTold(Contract):
    """Whether messages are answered. While they are not: since when, until when (null: until a resume), by whom, and why."""

    paused: bool
    since: AwareDatetime | None
    until: AwareDatetime | None
    by: str | None
    reason: str | None
    meanwhile: str | None


@RESOURCE.operation("GET", "/operations", OPERATE, answers=OperationsTold)
async def show_operations(call: Call[Nothing, Nothing, Nothing]) -> OperationsTold:
    """Tell whether messages are answered."""
    return await _told(call)


@RESOURCE.operation("POST", "/operations/pause", OPERATE, body=PauseRequest, answers=OperationsTold)
async def pause(call: Call[Nothing, Nothing, PauseRequest]) -> OperationsTold:
    """Answer nobody until further notice, and lose nothing. Asked again, it changes the reason and until when."""
    until = call.body.until
    await operations.pause(call.connection, until, call.now)
    after: dict[str, Any] = {"reason": call.body.reason, "until": until.isoformat() if until else None}
    await call.audit(PAUSE, "everything", after=after)
    return await _told(call)


@RESOURCE.operation("POST", "/operations/resume", OPERATE, answers=OperationsTold)
async def resume(call: Call[Nothing, Nothing, Nothing]) -> OperationsTold:
    """Go on: everything that waited is answered."""
    if await operations.paused(call.connection, call.now):
        await call.audit(RESUME, "everything")
    await operations.resume(call.connection)
    return await _told(call)


async def _told(call: Call[Any, Any, Any]) -> OperationsTold:
    paused = await operations.paused(call.connection, call.now)
    wanted = audit.Wanted(action=PAUSE)
    entry = next(iter(await audit.newest(OPERATOR, call.connection, None, 1, wanted)), None) if paused else None
    return OperationsTold(
        paused=paused is not None,
        since=entry.at if entry else None,
        until=paused.until if paused else None,
        by=entry.actor if entry else None,
        reason=entry.after.get("reason") if entry and entry.after else None,
        meanwhile=MEANWHILE if paused else None,
    )
