"""Answers that people reported to their admins."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import messages, reports
from users_service.repository.statements import insert_missing
from users_service.scope import Operator, Tenant


async def add(_scope: Operator, connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    """File reports; one that the same person made before changes nothing."""
    if rows:
        await insert_missing(connection, reports, rows)


async def newest(scope: Tenant, connection: AsyncConnection, limit: int) -> list[Any]:
    """Return what was reported in an installation, each answer once, the last reported first."""
    at = sa.func.max(reports.c.at).label("at")
    last = sa.select(reports.c.message_id, at).where(reports.c.installation_id == scope.installation_id)
    found = last.group_by(reports.c.message_id).order_by(at.desc()).limit(limit).subquery()
    query = sa.select(
        messages.c.reference, messages.c.feature, messages.c.command, messages.c.state, messages.c.reason, found.c.at
    ).join(found, found.c.message_id == messages.c.message_id)
    return list(await connection.execute(query.order_by(found.c.at.desc(), messages.c.reference)))
