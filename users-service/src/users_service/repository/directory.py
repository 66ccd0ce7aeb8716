"""People as their admins and operators look them up. What became one with somebody else is not among them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from jeeves_contracts.people import Identity, Role
from users_service.models import identities, installations, people, roles
from users_service.repository.roles import EVERYWHERE
from users_service.repository.statements import within
from users_service.scope import Operator, Scope, Tenant

COLUMNS = (
    people.c.id, people.c.name, people.c.email, people.c.is_active, people.c.locale, people.c.timezone, people.c.config,
    people.c.created_at,
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Whom to look for. `begins`: their name or address, whatever the case. `named` are those whom the settings give `role`."""

    begins: str | None = None
    is_active: bool | None = None
    role: Role | None = None
    named: frozenset[tuple[str, str]] = frozenset()
    workspace_id: str | None = None
    user_id: str | None = None


async def listed(scope: Scope, connection: AsyncConnection, wanted: Wanted, after: str, limit: int) -> list[Any]:
    """Return people by id, those after one."""
    here = _at(scope)
    if wanted.workspace_id is not None:
        here = here & (identities.c.workspace_id == wanted.workspace_id)
    if wanted.user_id is not None:
        here = here & (identities.c.user_id == wanted.user_id)
    query = sa.select(*COLUMNS).where(people.c.id > after, people.c.merged_into.is_(None), _has(here))
    if wanted.is_active is not None:
        query = query.where(people.c.is_active.is_(sa.true() if wanted.is_active else sa.false()))
    if wanted.begins is not None:
        begins = (sa.func.lower(c).startswith(wanted.begins.lower(), autoescape=True) for c in (people.c.name, people.c.email))
        # What they are called may come from another workspace, which is not told: see `shared`.
        query = query.where(sa.or_(*begins), ~_has(~_at(scope)))
    if wanted.role in ("admin", "operator"):
        query = query.where(_holds(scope, wanted))
    return list(await connection.execute(query.order_by(people.c.id).limit(limit)))


async def one(scope: Scope, connection: AsyncConnection, person_id: str) -> Any | None:
    """Return a person."""
    query = sa.select(*COLUMNS).where(people.c.id == person_id, people.c.merged_into.is_(None), _has(_at(scope)))
    return (await connection.execute(query)).one_or_none()


async def identities_of(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> dict[str, list[Identity]]:
    """Return people's identities, in order."""
    columns = (identities.c.person_id, identities.c.platform, identities.c.workspace_id, identities.c.user_id)
    query = sa.select(*columns).where(identities.c.person_id.in_(ids), _at(scope)).order_by(*columns)
    found: dict[str, list[Identity]] = {}
    for person_id, platform, workspace_id, user_id in await connection.execute(query):
        found.setdefault(person_id, []).append(Identity(platform=platform, workspace_id=workspace_id, user_id=user_id))
    return found


async def shared(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> set[str]:
    """Return those of these people who have an identity outside the scope."""
    query = sa.select(identities.c.person_id).where(identities.c.person_id.in_(ids), ~_at(scope))
    return set((await connection.execute(query)).scalars())


async def change(_scope: Operator, connection: AsyncConnection, person_id: str, values: dict[str, Any]) -> None:
    """Write columns of a person."""
    await connection.execute(people.update().where(people.c.id == person_id).values(values))


@dataclass(frozen=True)
class Installed:
    """Jeeves in a workspace."""

    id: str
    platform: str
    created_at: datetime
    removed_at: datetime | None


async def places(scope: Scope, connection: AsyncConnection, after: str, limit: int) -> list[Installed]:
    """Return installations by id, those after one."""
    columns = (installations.c.id, installations.c.platform, installations.c.created_at, installations.c.removed_at)
    query = sa.select(*columns).where(installations.c.id > after, within(scope, installations.c.id))
    return [Installed(*row) for row in await connection.execute(query.order_by(installations.c.id).limit(limit))]


def _at(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an identity is of an installation's own workspace."""
    if not isinstance(scope, Tenant):
        return sa.true()
    platform, _, workspace = scope.installation_id.partition(":")
    return (identities.c.platform == platform) & (identities.c.workspace_id == workspace)


def _has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return sa.exists().where(identities.c.person_id == people.c.id, condition)


def _holds(scope: Scope, wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition that somebody has a role, by the settings or by a grant."""
    names = sa.tuple_(identities.c.workspace_id, identities.c.user_id).in_(sorted(wanted.named))
    where = roles.c.installation_id == EVERYWHERE if wanted.role == "operator" else within(scope, roles.c.installation_id)
    made = sa.exists().where(roles.c.person_id == people.c.id, roles.c.role == wanted.role, where)
    return made | _has(names & _at(scope)) if wanted.named else made
