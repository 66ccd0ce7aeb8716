"""People as others look them up, and as they are changed: by themselves, by their admins, by operators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.people import Identity
from jeeves_service.errors import ConflictError
from users_service.repository import counters, directory, merges, tokens
from users_service.repository import roles as grants
from users_service.repository.directory import Wanted
from users_service.scope import OPERATOR, Scope
from users_service.service.roles import Reason, Roles

OWN = ("locale", "name", "timezone")  # what people set themselves


@dataclass(frozen=True)
class Seen:
    """A person as somebody sees them: with the identities and the roles that are theirs to see.

    `is_shared`: there are identities that they do not see; then name and address, which may come from there, are not told.
    """

    row: Any
    identities: Sequence[Identity]
    roles: Sequence[Reason]
    is_shared: bool = False


async def look(connection: AsyncConnection, roles: Roles, scopes: Sequence[Scope], person_id: str) -> Seen | None:
    """Return a person as far as these scopes together see them; None where none does."""
    found = [row for scope in scopes if (row := await directory.one(scope, connection, person_id))]
    if not found:
        return None
    mine = [
        one for scope in scopes for one in (await directory.identities_of(scope, connection, [person_id])).get(person_id, ())
    ]
    every = await directory.identities_of(OPERATOR, connection, [person_id])
    shared = len(set(mine)) < len(every[person_id])
    return Seen(found[0], mine, roles.held(mine, person_id), shared)


async def listed(  # noqa: PLR0917 - which page of what
    connection: AsyncConnection, roles: Roles, scope: Scope, wanted: Wanted, after: str, limit: int
) -> list[Seen]:
    """Return people by id, those after one."""
    rows = await directory.listed(scope, connection, wanted, after, limit)
    ids = [row.id for row in rows]
    mine = await directory.identities_of(scope, connection, ids)
    shared = await directory.shared(scope, connection, ids)
    return [Seen(row, mine[row.id], roles.held(mine[row.id], row.id), row.id in shared) for row in rows]


async def describe(connection: AsyncConnection, seen: Seen, values: dict[str, Any]) -> None:
    """Write what a person says of themself, which platforms do not write over; None gives it back to them."""
    own = set(seen.row.config.get("own", ()))
    own = {*own - values.keys(), *(name for name, value in values.items() if value is not None)}
    config = {**seen.row.config, "own": sorted(own)}
    await directory.change(OPERATOR, connection, seen.row.id, {**values, "config": config})


async def activate(connection: AsyncConnection, person_id: str) -> None:
    """Do what a person asks again, from the next message on. Tokens that were revoked stay so."""
    await counters.grow(OPERATOR, connection, counters.ROLES)
    await directory.change(OPERATOR, connection, person_id, {"is_active": True})


async def deactivate(connection: AsyncConnection, roles: Roles, seen: Seen, now: datetime) -> None:
    """Do nothing for a person any more, from the next message and request on; their tokens end for good.

    Raises ConflictError for whom the settings make an operator, and for the last operator.
    """
    every = (await directory.identities_of(OPERATOR, connection, [seen.row.id]))[seen.row.id]
    if said := roles.setting("operator", every):
        raise ConflictError(f"{said}: take it out there first.")
    await counters.grow(OPERATOR, connection, counters.ROLES)  # held: one after the other
    await keep_one(connection, roles, seen.row.id)
    await directory.change(OPERATOR, connection, seen.row.id, {"is_active": False})
    await tokens.revoke_all(OPERATOR, connection, seen.row.id, now)
    await merges.forget(OPERATOR, connection, [seen.row.id])


async def keep_one(connection: AsyncConnection, roles: Roles, person_id: str) -> None:
    """Raise ConflictError where nobody else is an operator: the caller holds the counter of roles."""
    if not roles.operators and await grants.operators(OPERATOR, connection) == {person_id}:
        raise ConflictError("They are the last operator: make somebody else one first, or name one in JEEVES_OPERATORS.")
