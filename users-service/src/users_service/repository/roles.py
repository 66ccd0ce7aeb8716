"""Who was made admin or operator, who was deactivated, and who became one with somebody else a moment ago."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import people, roles
from users_service.repository.statements import insert_missing
from users_service.scope import Operator

EVERYWHERE = "*"  # the installation of which operators are


async def granted(_scope: Operator, connection: AsyncConnection) -> dict[tuple[str, str], sa.Row[tuple[str, ...]]]:
    """Return every role that was granted, with `role`, `granted_by`, `created_at`, by (installation, person)."""
    return {(row.installation_id, row.person_id): row for row in await connection.execute(sa.select(roles))}


async def inactive(_scope: Operator, connection: AsyncConnection) -> frozenset[str]:
    """Return the people who were deactivated."""
    return frozenset((await connection.execute(sa.select(people.c.id).where(people.c.is_active.is_(sa.false())))).scalars())


async def shells(_scope: Operator, connection: AsyncConnection) -> Mapping[str, list[str]]:
    """Return the people under whose old names something may still arrive: these names, by who they are now."""
    found: dict[str, list[str]] = {}
    query = sa.select(people.c.merged_into, people.c.id).where(
        people.c.merged_into.is_not(None), people.c.merged_at.is_not(None)
    )
    for real, shell in await connection.execute(query.order_by(people.c.id)):
        found.setdefault(real, []).append(shell)
    return found


async def grant(_scope: Operator, connection: AsyncConnection, row: dict[str, Any]) -> None:
    """Grant a role, unless it is granted."""
    await insert_missing(connection, roles, [row])


async def revoke(_scope: Operator, connection: AsyncConnection, installation_id: str, person_id: str) -> bool:
    """Take a role back; False where it was not granted."""
    which = (roles.c.installation_id == installation_id, roles.c.person_id == person_id)
    return bool((await connection.execute(roles.delete().where(*which))).rowcount)


async def operators(_scope: Operator, connection: AsyncConnection) -> frozenset[str]:
    """Return the active people who were made operators."""
    query = sa.select(roles.c.person_id).join(people, people.c.id == roles.c.person_id)
    return frozenset(
        (await connection.execute(query.where(roles.c.installation_id == EVERYWHERE, people.c.is_active))).scalars()
    )
