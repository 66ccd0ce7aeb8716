"""What people told Jeeves, with what it was before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.base import Json
from users_service.models import fact_history, facts
from users_service.repository.statements import upsert
from users_service.scope import Operator

PERSON = "person"


async def of_people(
    _scope: Operator, connection: AsyncConnection, persons: Collection[str], names: Collection[str] | None = None
) -> dict[str, Json]:
    """Return each person's facts by name: those of `names`, or all."""
    named = sa.true() if names is None else facts.c.name.in_(names)
    query = sa.select(facts.c.subject, facts.c.name, facts.c.value)
    query = query.where(facts.c.scope == PERSON, facts.c.subject.in_(persons), named)
    found: dict[str, Json] = {}
    for row in await connection.execute(query):
        found.setdefault(row.subject, {})[row.name] = row.value
    return found


@dataclass(frozen=True)
class Origin:
    """Whose change it is, and which message asked for it."""

    person_id: str
    message_id: str
    now: datetime


async def put(scope: Operator, connection: AsyncConnection, origin: Origin, name: str, value: JsonValue) -> JsonValue:
    """Set a person's fact (None forgets it) and return what it was, None for nothing."""
    person_id, source, now = origin.person_id, origin.message_id, origin.now
    before = (await of_people(scope, connection, [person_id])).get(person_id, {}).get(name)
    if value is None:
        await connection.execute(
            facts.delete().where(facts.c.scope == PERSON, facts.c.subject == person_id, facts.c.name == name)
        )
    else:
        row = {"scope": PERSON, "subject": person_id, "name": name, "value": value, "source": source, "since": now}
        await connection.execute(upsert(connection, facts, row))
    history = {"scope": PERSON, "subject": person_id, "name": name, "value": value, "source": source, "at": now}
    await connection.execute(fact_history.insert(), history)
    return before
