"""What platforms tell of people: language, zone, name, address; each as it was told last."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import people
from users_service.repository.people import Person
from users_service.repository.statements import write_columns
from users_service.scope import Operator


async def remember(
    _scope: Operator, connection: AsyncConnection, before: Collection[Person], now: Collection[Person], at: datetime
) -> None:
    """Write what changed of people. An address that is another's already is left out: it is no reason to fail."""
    was = {person.person_id: person for person in before}
    changed = sorted((one for one in now if one != was[one.person_id]), key=lambda person: person.person_id)
    spoken = [one for one in changed if (one.locale, one.timezone) != _spoken(was[one.person_id])]
    rows: list[Any] = [{"id": one.person_id, "locale": one.locale, "timezone": one.timezone} for one in spoken]
    await write_columns(connection, people, ("id",), rows)
    named = [one for one in changed if one.name != was[one.person_id].name]
    rows = [{"id": one.person_id, "name": one.name, "profile_at": at} for one in named]
    await write_columns(connection, people, ("id",), rows)
    addressed = [one for one in changed if one.email and one.email != was[one.person_id].email]
    if addressed:
        await _address(connection, addressed, at)


def _spoken(person: Person) -> tuple[str | None, str | None]:
    return person.locale, person.timezone


async def _address(connection: AsyncConnection, changed: Sequence[Person], at: datetime) -> None:
    """Write addresses that are nobody's: all at once, or (where another transaction was quicker) each by itself."""
    wanted = {one.email: one for one in reversed(changed)}  # of two with one address, the first has it
    taken = (await connection.execute(sa.select(people.c.email).where(people.c.email.in_(wanted)))).scalars()
    free = [one for email, one in wanted.items() if email not in set(taken)]
    if not free or await _write(connection, free, at) or len(free) == 1:
        return
    for one in free:
        await _write(connection, [one], at)


async def _write(connection: AsyncConnection, changed: Sequence[Person], at: datetime) -> bool:
    rows = [{"id": one.person_id, "email": one.email, "profile_at": at} for one in changed]
    try:
        async with connection.begin_nested():
            await write_columns(connection, people, ("id",), rows)
    except IntegrityError:
        return False
    return True
