"""What is kept of passwords: a hash that only `service/passwords.py` reads."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import people
from users_service.scope import Operator

ACTIVE = (people.c.is_active.is_(sa.true()), people.c.merged_into.is_(None))


async def of_address(_scope: Operator, connection: AsyncConnection, email: str) -> Any | None:
    """Return the id and the hash of the active person who has an address."""
    query = sa.select(people.c.id, people.c.password_hash).where(people.c.email == email, *ACTIVE)
    return (await connection.execute(query)).one_or_none()


async def put(_scope: Operator, connection: AsyncConnection, person_id: str, made: str, instead_of: str | None = None) -> bool:
    """Keep a hash, where `instead_of` is given only if that is still the one; False where there is no such active person."""
    which = [people.c.id == person_id, *ACTIVE, *([people.c.password_hash == instead_of] if instead_of else [])]
    return bool((await connection.execute(people.update().where(*which).values(password_hash=made))).rowcount)
