"""Roles that are granted and taken back; those that the settings make are only told."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_service.errors import ConflictError, NotFoundError
from users_service.repository import counters
from users_service.repository import roles as grants
from users_service.repository.roles import EVERYWHERE
from users_service.scope import OPERATOR
from users_service.service.people import Seen, keep_one
from users_service.service.roles import Reason, Roles


async def grant(
    connection: AsyncConnection, seen: Seen, installation_id: str | None, by: str, now: datetime
) -> tuple[Reason, bool]:
    """Make somebody an admin of an installation or (None) an operator; return why they are it now, and whether that is new.

    Raises ConflictError for whom was deactivated.
    """
    if not seen.row.is_active:
        raise ConflictError("This person is deactivated: activate them first.")
    if before := _held(seen, installation_id):
        return before, False
    reason = Reason("admin" if installation_id else "operator", None, by, now, installation_id=installation_id)
    await counters.grow(OPERATOR, connection, counters.ROLES)
    row = {
        "installation_id": installation_id or EVERYWHERE, "person_id": seen.row.id, "role": reason.role, "granted_by": by,
        "created_at": now,
    }  # fmt: skip
    await grants.grant(OPERATOR, connection, row)
    return reason, True


async def revoke(connection: AsyncConnection, roles: Roles, seen: Seen, installation_id: str | None) -> Reason:
    """Take a role back; return why they had it.

    Raises NotFoundError where they have not; ConflictError where the settings make it, or nobody else would be an operator.
    """
    before = _held(seen, installation_id)
    if before is None:
        raise NotFoundError("They are no admin of this installation." if installation_id else "They are no operator.")
    if said := roles.setting(before.role, seen.identities):
        raise ConflictError(f"{said}: take it out there.")
    await counters.grow(OPERATOR, connection, counters.ROLES)  # held: two who take it from each other do so in turn
    if installation_id is None:
        await keep_one(connection, roles, seen.row.id)
    await grants.revoke(OPERATOR, connection, installation_id or EVERYWHERE, seen.row.id)
    return before


def _held(seen: Seen, installation_id: str | None) -> Reason | None:
    wanted = "admin" if installation_id else "operator"
    return next((one for one in seen.roles if (one.role, one.installation_id) == (wanted, installation_id)), None)
