"""Identities on the way to one person: by digests of codes, for as long as these are good."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import merges, messages, people
from users_service.scope import Operator


async def add(_scope: Operator, connection: AsyncConnection, row: dict[str, Any]) -> None:
    """Begin."""
    await connection.execute(merges.insert().values(row))


async def held(_scope: Operator, connection: AsyncConnection, digest: str, now: datetime) -> Any | None:
    """Return what a code that is still good belongs to, held until the transaction ends."""
    query = sa.select(merges).where(merges.c.digest == digest, merges.c.expires_at > now)
    return (await connection.execute(query.with_for_update())).one_or_none()


async def advance(
    _scope: Operator, connection: AsyncConnection, merge: str, second: str, digest: str, expires_at: datetime
) -> None:
    """Put the second person's code in the place of the first's."""
    values = {"second_id": second, "digest": digest, "expires_at": expires_at}
    await connection.execute(merges.update().where(merges.c.id == merge).values(values))


async def forget(_scope: Operator, connection: AsyncConnection, persons: Collection[str]) -> None:
    """End all that these people have begun."""
    await connection.execute(merges.delete().where(merges.c.first_id.in_(persons) | merges.c.second_id.in_(persons)))


async def expire(_scope: Operator, connection: AsyncConnection, first: str, now: datetime) -> None:
    """End what a person began before without going on, and what is too old."""
    begun = (merges.c.first_id == first) & merges.c.second_id.is_(None)
    await connection.execute(merges.delete().where(begun | (merges.c.expires_at <= now)))


async def quiet(_scope: Operator, connection: AsyncConnection, person_id: str) -> None:
    """Wait for answers to a person that are being stored: they hold their messages, then people; so do we, in this order."""
    query = sa.select(messages.c.message_id).where(messages.c.person_id == person_id, messages.c.state == "claimed")
    await connection.execute(query.order_by(messages.c.message_id).with_for_update())


async def lock(_scope: Operator, connection: AsyncConnection, persons: Collection[str]) -> dict[str, Any]:
    """Hold people until the transaction ends, also against new messages of theirs; return what is known of them."""
    query = sa.select(people).where(people.c.id.in_(persons)).order_by(people.c.id).with_for_update()
    return {row.id: row for row in await connection.execute(query)}
