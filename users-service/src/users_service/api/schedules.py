"""Schedules: what is done for people at times. People see and stop their own; admins see which there are."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from jeeves_contracts.base import Contract
from jeeves_contracts.people import Identity, Platform
from jeeves_service.errors import InvalidError, NotFoundError
from users_service.api.call import Call, Nothing
from users_service.api.jobs import JobTold, Name, told
from users_service.api.pages import Page, PageQuery, after, cursor
from users_service.api.paths import PersonPath, themself
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.repository import people, schedules
from users_service.repository.schedules import Wanted
from users_service.scope import OPERATOR, Scope
from users_service.service import jobs
from users_service.service.jobs import Listed

READ = Policy("schedules-read", "admin", "schedules:read")
READ_OWN = Policy("schedules-own-read", "self", "schedules:read")
STOP_OWN = Policy("schedules-own-stop", "self", "schedules:write")
RESOURCE = Resource()


class SchedulesQuery(PageQuery):
    """Whose: of everybody; of a person, by their id or (`workspace_id` and `user_id`) as the platform knows them."""

    installation_id: Name | None = None
    person_id: Annotated[str, Field(min_length=36, max_length=36)] | None = None
    platform: Platform = "slack"
    workspace_id: Name | None = None
    user_id: Name | None = None


class SchedulePath(PersonPath):
    feature: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=40)]


class WhichQuery(Contract):
    """`installation_id`: needed where the person has two of the name."""

    model_config = {"extra": "forbid"}
    installation_id: Name | None = None


class ScheduleTold(Contract):
    """`rule` in words, `last` its newest run. `command` is told to the person themself only: null for others."""

    id: str
    person_id: str
    installation_id: str
    feature: str
    name: str
    command: str | None
    rule: str
    timezone: str
    next_due: AwareDatetime | None
    last: JobTold | None


@RESOURCE.operation("GET", "/schedules", READ, query=SchedulesQuery, answers=Page[ScheduleTold])
async def list_schedules(call: Call[Nothing, SchedulesQuery, Nothing]) -> Page[ScheduleTold]:
    """List the schedules of an installation, or of a person there."""
    asked, identity = call.query, None
    if (asked.workspace_id is None) != (asked.user_id is None):
        raise InvalidError({"user_id": "a person is named by workspace_id and user_id together"})
    if asked.workspace_id is not None and asked.user_id is not None:
        identity = Identity(platform=asked.platform, workspace_id=asked.workspace_id, user_id=asked.user_id)
    return await _page(call, call.scope(asked.installation_id), asked.person_id, identity)


@RESOURCE.operation(
    "GET", "/people/{person_id}/schedules", READ_OWN, takes=PersonPath, query=PageQuery, answers=Page[ScheduleTold]
)
async def list_own_schedules(call: Call[PersonPath, PageQuery, Nothing]) -> Page[ScheduleTold]:
    """List one's own schedules."""
    return await _page(call, OPERATOR, themself(call), None)


@RESOURCE.operation("DELETE", "/people/{person_id}/schedules/{feature}/{name}", STOP_OWN, takes=SchedulePath, query=WhichQuery)
async def stop_schedule(call: Call[SchedulePath, WhichQuery, Nothing]) -> None:
    """Stop one of one's own schedules. What is on its way of it is still done."""
    mine = themself(call)
    await people.lock(OPERATOR, call.connection, [mine], [])
    found = [
        row
        for row in await schedules.of_person(OPERATOR, call.connection, mine)
        if (row.feature, row.name) == (call.path.feature, call.path.name)
        and call.query.installation_id in (None, row.installation_id)
    ]
    if not found:
        raise NotFoundError("There is no such schedule.")
    if len(found) > 1:
        raise InvalidError({"installation_id": "there are several of this name: say in which installation"})
    await jobs.stop(OPERATOR, call.connection, found[0].id)
    gone: dict[str, Any] = {"feature": call.path.feature, "name": call.path.name}
    await call.audit("schedule.stop", mine, before=gone, at=found[0].installation_id)


async def _page(call: Call[Any, Any, Any], scope: Scope, person: str | None, identity: Identity | None) -> Page[ScheduleTold]:
    begin, limit = after(call.query.cursor, str, str, str), call.query.limit
    wanted = Wanted(person, identity, (begin[0], begin[1], begin[2]) if begin else None)
    rows = await schedules.listed(scope, call.connection, wanted, limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    found = await jobs.told(scope, call.connection, rows[:limit], call.now)
    items = [_listed(one, call.principal.person_id) for one in found]
    return Page[ScheduleTold](items=items, next=cursor(last.feature, last.name, last.id) if last else None)


def _listed(one: Listed, reader: str | None) -> ScheduleTold:
    command = one.command if one.person_id == reader else None
    return ScheduleTold(**vars(one) | {"command": command, "last": told(one.last) if one.last else None})
