"""Installations: the workspaces that Jeeves is in."""

from pydantic import AwareDatetime

from jeeves_contracts.base import Contract
from users_service.api.call import Call, Nothing
from users_service.api.pages import Page, PageQuery, after, cursor
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.repository import directory

READ = Policy("installations-read", "admin", "installations:read")
RESOURCE = Resource()


class InstallationTold(Contract):
    """`removed_at`: since when Jeeves is not there any more."""

    id: str
    platform: str
    created_at: AwareDatetime
    removed_at: AwareDatetime | None


@RESOURCE.operation("GET", "/installations", READ, query=PageQuery, answers=Page[InstallationTold])
async def list_installations(call: Call[Nothing, PageQuery, Nothing]) -> Page[InstallationTold]:
    """List the installations that one administers; operators list all."""
    begin, limit = (after(call.query.cursor, str) or [""])[0], call.query.limit
    if call.principal.is_operator:
        found = await directory.places(call.operator(), call.connection, begin, limit + 1)
    else:
        mine = [one for scope in call.scopes() for one in await directory.places(scope, call.connection, "", 1)]
        found = [one for one in mine if one.id > begin][: limit + 1]
    items = [InstallationTold(**vars(one)) for one in found[:limit]]
    return Page[InstallationTold](items=items, next=cursor(items[-1].id) if len(found) > len(items) else None)
