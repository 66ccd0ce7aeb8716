"""Passwords: only their hashes are kept, and a wrong one costs as much time as a right one, whoever it is for.

Argon2id with 19 MiB and 2 passes: the least that OWASP recommends, looked up in November 2026. Whoever raises the parameters
raises them for everybody, each at their next login.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.exc import DBAPIError

from jeeves_service.clock import Clock
from jeeves_service.errors import NotFoundError, TooManyError
from users_service.engine import Database
from users_service.repository import passwords, tries
from users_service.scope import OPERATOR
from users_service.service.batches import database, was_in_the_way

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # KiB
AT_ONCE = 2  # hashes, each of which takes a thread and its memory
MOST, WITHIN = 10, timedelta(hours=1)  # wrong passwords for an address
SHORTEST, LONGEST = 12, 200  # characters
Out = TypeVar("Out")


class Passwords:
    """Sets and checks them. Each method raises TransientError when the database is away."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._room = asyncio.Semaphore(AT_ONCE)
        self._dummy = ""

    async def set(self, person_id: str, password: str) -> None:
        """Keep a hash of a person's password. Raises NotFoundError where there is no such active person."""
        made = await self._aside(lambda: HASHER.hash(_normal(password)))
        with database():
            async with self._database.write() as connection:
                if not await passwords.put(OPERATOR, connection, person_id, made):
                    raise NotFoundError("There is no such person, or they are not active.")

    async def check(self, email: str, password: str) -> str | None:
        """Return the person who has this address and this password; None for a wrong one, and for whom nobody knows.

        Raises TooManyError after too many wrong ones, also where the right one comes then.
        """
        email, given = email.lower(), _normal(password)
        name = tries.name_of("password", email)
        with database():
            kept = await self._again(name, email)
            self._dummy = self._dummy or await self._aside(lambda: HASHER.hash("nobody's"))
            known = kept[1] if kept is not None else None
            is_right = await self._aside(lambda: _fits(known or self._dummy, given))
            if kept is None or known is None or not is_right:
                return None
            better = await self._aside(lambda: HASHER.hash(given)) if HASHER.check_needs_rehash(known) else None
            async with self._database.write() as connection:
                await tries.write(OPERATOR, connection, name, 0, self._clock.now())
                if better is not None:
                    await passwords.put(OPERATOR, connection, kept[0], better, known)
        return kept[0]

    async def _again(self, name: str, email: str) -> tuple[str, str | None] | None:
        """Begin, and once more where the transaction stood in another's way."""
        try:
            return await self._begin(name, email)
        except DBAPIError as error:
            if not was_in_the_way(error):
                raise
        return await self._begin(name, email)

    async def _begin(self, name: str, email: str) -> tuple[str, str | None] | None:
        """Count a try before it is made, so that many at once are no more than so many; return id and hash."""
        now = self._clock.now()
        async with self._database.write() as connection:
            wrong, since = await tries.held(OPERATOR, connection, name, now)
            if now - since >= WITHIN:
                wrong, since = 0, now
            if wrong >= MOST:
                raise TooManyError("Too many wrong passwords: wait.", (since + WITHIN - now).total_seconds())
            await tries.write(OPERATOR, connection, name, wrong + 1, since if wrong else now)
            row = await passwords.of_address(OPERATOR, connection, email)
        return (row.id, row.password_hash) if row is not None else None

    async def _aside(self, work: Callable[[], Out]) -> Out:
        """Run something that takes its time in a thread, few at once."""
        async with self._room:
            return await asyncio.to_thread(work)


def _normal(password: str) -> str:
    """Return a password as it is hashed: typed the same on every keyboard."""
    return unicodedata.normalize("NFC", password)


def _fits(known: str, given: str) -> bool:
    try:
        return HASHER.verify(known, given)
    except (VerificationError, InvalidHashError):
        return False
