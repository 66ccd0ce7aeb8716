"""Exports: everything about one person as one document."""

from typing import Any

from jeeves_contracts.base import Contract
from jeeves_service.errors import InvalidError, NotFoundError
from users_service.api.call import Call, Nothing
from users_service.api.erasure import PersonPath
from users_service.api.pages import Instant
from users_service.api.policies import Policy
from users_service.api.routing import Raw, Resource
from users_service.domain.export import Export
from users_service.repository.exports import Period
from users_service.service.exports import LARGEST, TooLargeError, export
from users_service.service.roles import Roles

READ = Policy("people-export", "person", "exports:read")
NAME = "jeeves-export.json"


class PeriodQuery(Contract):
    """What grows with time (messages, runs, activity, reports, audit) is told from `since` on, and before `until`."""

    model_config = {"extra": "forbid"}
    since: Instant | None = None
    until: Instant | None = None


def export_routes(roles: Roles) -> Resource:
    """Return the operations."""
    resource = Resource()

    @resource.operation("GET", "/people/{person_id}/export", READ, takes=PersonPath, query=PeriodQuery, answers=Export)
    async def export_person(call: Call[PersonPath, PeriodQuery, Nothing]) -> Raw:
        """Tell everything about a person, at most 20 MB: what is larger is asked for in parts, by `since` and `until`."""
        person_id = str(call.path.person_id)
        if not (call.principal.person_id == person_id or call.principal.is_operator):
            raise NotFoundError("There is no such person.")
        return await _export(roles, call, person_id)

    @resource.operation("GET", "/me/export", READ, query=PeriodQuery, answers=Export)
    async def export_me(call: Call[Nothing, PeriodQuery, Nothing]) -> Raw:
        """Tell everything about the person whom a token stands for."""
        return await _export(roles, call, call.own)

    return resource


async def _export(roles: Roles, call: Call[Any, PeriodQuery, Nothing], person_id: str) -> Raw:
    period = Period(call.query.since, call.query.until)
    try:
        found = await export(call.connection, roles, person_id, call.now, period)
    except TooLargeError:
        limit = f"{LARGEST // 1_000_000} MB"
        raise InvalidError({"until": f"this is more than {limit}: ask for it in parts, by since and until"}) from None
    if found is None:
        raise NotFoundError("There is no such person.")
    return Raw(found, "application/json", NAME)
