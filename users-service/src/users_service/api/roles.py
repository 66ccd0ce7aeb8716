"""Roles: admins of an installation, and operators; granted and taken back."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from jeeves_contracts.base import Contract
from jeeves_service.errors import NotFoundError
from users_service.api.call import Call, Nothing
from users_service.api.paths import PersonPath
from users_service.api.people import NOBODY, RoleTold, role_told, see
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.repository import people
from users_service.repository.people import lock as hold
from users_service.scope import OPERATOR
from users_service.service.grants import grant, revoke
from users_service.service.people import Seen, look
from users_service.service.roles import Reason, Roles

ADMINS = Policy("admins-manage", "admin", "roles:write")
OPERATORS = Policy("operators-manage", "operator", "roles:write")


class AdminPath(Contract):
    installation_id: Annotated[str, Field(min_length=1, max_length=255)]
    person_id: UUID


class Grants:
    """The operations, with the roles that they change."""

    def __init__(self, roles: Roles) -> None:
        self._roles = roles

    async def make_admin(self, call: Call[AdminPath, Nothing, Nothing]) -> RoleTold:
        """Make somebody of an installation its admin: they are it from their next message on."""
        await hold(OPERATOR, call.connection, [str(call.path.person_id)], ())  # whoever erases them waits, or was first
        seen = await self._of_installation(call)
        return await self._grant(call, seen, call.path.installation_id)

    async def unmake_admin(self, call: Call[AdminPath, Nothing, Nothing]) -> None:
        """Take the role of an admin back that was granted; what JEEVES_ADMINS says stays."""
        await self._revoke(call, await self._of_installation(call), call.path.installation_id)

    async def make_operator(self, call: Call[PersonPath, Nothing, Nothing]) -> RoleTold:
        """Make somebody an operator, of all installations."""
        await hold(OPERATOR, call.connection, [str(call.path.person_id)], ())
        return await self._grant(call, await see(call, self._roles), None)

    async def unmake_operator(self, call: Call[PersonPath, Nothing, Nothing]) -> None:
        """Take the role of an operator back that was granted; what JEEVES_OPERATORS says stays, and so does the last one."""
        await self._revoke(call, await see(call, self._roles), None)

    async def _of_installation(self, call: Call[AdminPath, Nothing, Nothing]) -> Seen:
        """Return a person of the installation, as its admins see them. Raises NotFoundError."""
        scope = call.scope(call.path.installation_id)
        if not await people.is_installed(OPERATOR, call.connection, call.path.installation_id):
            raise NotFoundError("There is no such installation.")
        await self._roles.refresh(call.connection)
        seen = await look(call.connection, self._roles, [scope], str(call.path.person_id))
        if seen is None:
            raise NotFoundError(NOBODY)
        return seen

    async def _grant(self, call: Call[Any, Any, Any], seen: Seen, place: str | None) -> RoleTold:
        reason, is_new = await grant(call.connection, seen, place, call.principal.label, call.now)
        if is_new:
            await call.audit("role.grant", seen.row.id, after=_shown(reason), at=place)
        return role_told(reason)

    async def _revoke(self, call: Call[Any, Any, Any], seen: Seen, place: str | None) -> None:
        reason = await revoke(call.connection, self._roles, seen, place)
        await call.audit("role.revoke", seen.row.id, before=_shown(reason), at=place)


def resource(roles: Roles) -> Resource:
    """Return the operations about roles."""
    made, grants = Resource(), Grants(roles)
    of_admin, of_operator = "/installations/{installation_id}/admins/{person_id}", "/operators/{person_id}"
    made.operation("PUT", of_admin, ADMINS, takes=AdminPath, answers=RoleTold)(grants.make_admin)
    made.operation("DELETE", of_admin, ADMINS, takes=AdminPath)(grants.unmake_admin)
    made.operation("PUT", of_operator, OPERATORS, takes=PersonPath, answers=RoleTold)(grants.make_operator)
    made.operation("DELETE", of_operator, OPERATORS, takes=PersonPath)(grants.unmake_operator)
    return made


def _shown(reason: Reason) -> dict[str, Any]:
    return {"role": reason.role, "because": reason.because()}
