"""How much is kept of a person."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.base import Json
from users_service.domain.facts import LANGUAGE, TIMEZONE
from users_service.models import facts, messages, schedules
from users_service.scope import Operator


async def counts(_scope: Operator, connection: AsyncConnection, person_id: str) -> dict[str, int]:
    """Return the numbers of a person's `facts`, `schedules` and `messages`."""
    chosen = {
        "facts": sa.select(sa.func.count()).select_from(facts).where(facts.c.scope == "person", facts.c.subject == person_id),
        "schedules": sa.select(sa.func.count()).select_from(schedules).where(schedules.c.person_id == person_id),
        "messages": sa.select(sa.func.count()).select_from(messages).where(messages.c.person_id == person_id, _has_words()),
    }
    return {kind: int((await connection.execute(query)).scalar_one()) for kind, query in chosen.items()}


def _has_words() -> Any:
    """Return the condition that a message is more than the key that is kept of it."""
    return messages.c.data.is_not(sa.null())


async def zone_and_language(_scope: Operator, connection: AsyncConnection, person_id: str) -> Json:
    """Return what a person told of these two, by the facts' names."""
    query = sa.select(facts.c.name, facts.c.value).where(
        facts.c.scope == "person", facts.c.subject == person_id, facts.c.name.in_((TIMEZONE, LANGUAGE))
    )
    return {row.name: row.value for row in await connection.execute(query)}
