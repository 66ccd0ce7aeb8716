"""Who changed what: written with the change, never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.base import Json
from users_service.models import audit
from users_service.repository.statements import within
from users_service.scope import Operator, Scope


@dataclass(frozen=True)
class Entry:
    """A change. `actor` in words that stay true, `installation_id` None where it concerns all; no secrets."""

    at: datetime
    actor: str
    action: str
    subject: str
    person_id: str | None = None
    installation_id: str | None = None
    before: Json | None = None
    after: Json | None = None


async def add(_scope: Operator, connection: AsyncConnection, *entries: Entry) -> None:
    """Note changes."""
    await connection.execute(audit.insert(), [vars(entry) for entry in entries])


@dataclass(frozen=True)
class Wanted:
    """Which changes are looked for: None for any. From `since` on, before `until`."""

    action: str | None = None
    subject: str | None = None
    person_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def newest(
    scope: Scope, connection: AsyncConnection, before: int | None, limit: int, wanted: Wanted = Wanted()
) -> list[Any]:
    """Return entries, the newest first: those with an id below `before`. A tenant sees those of its own installation."""
    named = {name: getattr(wanted, name) for name in ("action", "subject", "person_id")}
    where = [audit.c[name] == value for name, value in named.items() if value is not None]
    where += [within(scope, audit.c.installation_id)]
    where += [audit.c.at >= wanted.since] if wanted.since is not None else []
    where += [audit.c.at < wanted.until] if wanted.until is not None else []
    where += [audit.c.id < before] if before is not None else []
    return list(await connection.execute(sa.select(audit).where(*where).order_by(audit.c.id.desc()).limit(limit)))
