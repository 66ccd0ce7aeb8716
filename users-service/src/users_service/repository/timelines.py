"""What became of messages: for the person who said them, and for those who look after an installation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import activity, dead_letters, messages, replies, runs
from users_service.repository.statements import within
from users_service.scope import Scope


@dataclass(frozen=True)
class Wanted:
    """Which messages of a person. `before` is the (created_at, message_id) of the last one told."""

    person_id: str
    feature: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, str] | None = None


async def said(scope: Scope, connection: AsyncConnection, wanted: Wanted, limit: int) -> list[Any]:
    """Return what a person said, the newest first."""
    at = messages.c.created_at
    query = sa.select(messages).where(messages.c.person_id == wanted.person_id, within(scope, messages.c.installation_id))
    if wanted.feature is not None:
        query = query.where(messages.c.feature == wanted.feature)
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at < wanted.until)
    if wanted.before is not None:
        then, last = wanted.before
        query = query.where(sa.or_(at < then, sa.and_(at == then, messages.c.message_id < last)))
    return list(await connection.execute(query.order_by(at.desc(), messages.c.message_id.desc()).limit(limit)))


async def answers(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> dict[str, list[Any]]:
    """Return the replies of messages, in order."""
    query = sa.select(replies).join(messages, messages.c.message_id == replies.c.message_id)
    query = query.where(replies.c.message_id.in_(ids), within(scope, messages.c.installation_id))
    found: dict[str, list[Any]] = {}
    for row in await connection.execute(query.order_by(replies.c.message_id, replies.c.n)):
        found.setdefault(row.message_id, []).append(row)
    return found


async def of_reference(scope: Scope, connection: AsyncConnection, reference: str, person_id: str | None = None) -> Any | None:
    """Return the newest message of a reference, of one person or of all; None where there is none in scope."""
    query = sa.select(messages).where(messages.c.reference == reference, within(scope, messages.c.installation_id))
    if person_id is not None:
        query = query.where(messages.c.person_id == person_id)
    return (await connection.execute(query.order_by(messages.c.created_at.desc()).limit(1))).one_or_none()


async def activities(scope: Scope, connection: AsyncConnection, message_id: str) -> list[Any]:
    """Return each answer that a message had, by fence."""
    query = sa.select(activity).where(activity.c.message_id == message_id, within(scope, activity.c.installation_id))
    return list(await connection.execute(query.order_by(activity.c.fence)))


async def run(scope: Scope, connection: AsyncConnection, run_id: str) -> Any | None:
    """Return the run that a message was of."""
    query = sa.select(runs).where(runs.c.id == run_id, within(scope, runs.c.installation_id))
    return (await connection.execute(query)).one_or_none()


async def letters(scope: Scope, connection: AsyncConnection, subjects: Collection[str]) -> list[Any]:
    """Return the dead letters of a message and its replies, oldest first, without their bodies."""
    columns = [column for column in dead_letters.c if column.name not in ("body", "digest")]
    query = sa.select(*columns).where(dead_letters.c.subject.in_(subjects), within(scope, dead_letters.c.installation_id))
    return list(await connection.execute(query.order_by(dead_letters.c.id)))
