"""API tokens. Only their digests are kept."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.people import Identity
from users_service.models import api_tokens, identities
from users_service.scope import Operator


async def of_digest(_scope: Operator, connection: AsyncConnection, digest: str) -> Any | None:
    """Return a token's row by its digest."""
    return (await connection.execute(sa.select(api_tokens).where(api_tokens.c.digest == digest))).one_or_none()


async def lives(_scope: Operator, connection: AsyncConnection, token: str) -> bool:
    """Say whether there is a token that was not revoked."""
    query = sa.select(api_tokens.c.id).where(api_tokens.c.id == token, api_tokens.c.revoked_at.is_(None))
    return (await connection.execute(query)).first() is not None


async def used(_scope: Operator, connection: AsyncConnection, token: str, now: datetime) -> None:
    """Note when a token was last used."""
    await connection.execute(api_tokens.update().where(api_tokens.c.id == token).values(last_used_at=now))


async def identities_of(_scope: Operator, connection: AsyncConnection, person_id: str) -> tuple[Identity, ...]:
    """Return all identities of a person."""
    columns = (identities.c.platform, identities.c.workspace_id, identities.c.user_id)
    rows = await connection.execute(sa.select(*columns).where(identities.c.person_id == person_id).order_by(*columns))
    return tuple(Identity(platform=row.platform, workspace_id=row.workspace_id, user_id=row.user_id) for row in rows)


async def add(_scope: Operator, connection: AsyncConnection, row: dict[str, Any]) -> None:
    """Keep a token's digest."""
    await connection.execute(api_tokens.insert().values(row))


async def listed(_scope: Operator, connection: AsyncConnection, owner: str | None, after: str, limit: int) -> list[Any]:
    """Return tokens by id, those after one; of a person, or (None) all."""
    query = sa.select(api_tokens).where(api_tokens.c.id > after).order_by(api_tokens.c.id).limit(limit)
    return list(await connection.execute(query if owner is None else query.where(api_tokens.c.person_id == owner)))


async def revoke(_scope: Operator, connection: AsyncConnection, token: str, owner: str | None, now: datetime) -> Any | None:
    """Revoke a token that is not yet; return its row, None where there is none such of this owner."""
    mine = sa.true() if owner is None else api_tokens.c.person_id == owner
    which = (api_tokens.c.id == token, api_tokens.c.revoked_at.is_(None), mine)
    row = (await connection.execute(sa.select(api_tokens).where(*which).with_for_update())).one_or_none()
    if row is not None:
        await connection.execute(api_tokens.update().where(api_tokens.c.id == token).values(revoked_at=now))
    return row


async def revoke_all(_scope: Operator, connection: AsyncConnection, person_id: str, now: datetime) -> None:
    """Revoke every token of a person."""
    which = (api_tokens.c.person_id == person_id, api_tokens.c.revoked_at.is_(None))
    await connection.execute(api_tokens.update().where(*which).values(revoked_at=now))
