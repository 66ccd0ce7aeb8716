"""From an Authorization header to who asks, at this moment: what was taken away a moment ago is not there any more."""

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_service.clock import Clock
from jeeves_service.errors import UnauthenticatedError
from jeeves_service.tokens import Verifier
from users_service.api.principals import Principal
from users_service.engine import Database
from users_service.repository import people, tokens
from users_service.scope import OPERATOR
from users_service.service.roles import Roles, home

SCOPE = "api"  # of the tokens by which the `jeeves` command asks
NOTED = timedelta(minutes=1)  # how exactly it is known when a token was last used
REFUSED = "This token is not valid: it is unknown, expired or revoked."


def digest(token: str) -> str:
    """Return what is kept of a token. It is long and random: a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


class Authenticator:
    """Knows JEEVES_ADMIN_TOKEN, the tokens of the API, and those that the operator's command signs."""

    def __init__(self, database: Database, clock: Clock, roles: Roles, verifier: Verifier, admin_token: str | None) -> None:
        self._database, self._clock, self._roles = database, clock, roles
        self._verifier, self._admin_token = verifier, admin_token

    async def of(self, header: str) -> Principal | None:
        """Return who asks, None without a header. Raises UnauthenticatedError for a token that is not valid."""
        kind, _, given = header.partition(" ")
        token = given.strip()
        if not header:
            return None
        if kind.lower() != "bearer" or not token or not token.isascii():
            raise UnauthenticatedError(REFUSED)
        if self._admin_token is not None and hmac.compare_digest(token.encode(), self._admin_token.encode()):
            return Principal("JEEVES_ADMIN_TOKEN", None, is_bootstrap=True)
        if token.count(".") == 2:  # noqa: PLR2004 - a JWT
            if self._verifier.issuer(header, SCOPE) != "operator":
                raise UnauthenticatedError(REFUSED)
            return Principal("the jeeves command", None, is_operator=True)
        return await self._kept(token)

    async def hold(self, connection: AsyncConnection, who: Principal) -> None:
        """Let whoever erases a person wait for what is written as that person, until the transaction ends.

        Raises UnauthenticatedError where the token ended since it was looked at.
        """
        if who.person_id is None or who.token_id is None:
            return
        await people.lock(OPERATOR, connection, [who.person_id], ())
        if not await tokens.lives(OPERATOR, connection, who.token_id):
            raise UnauthenticatedError(REFUSED)

    async def _kept(self, token: str) -> Principal:
        now = self._clock.now()
        async with self._database.read() as connection:
            row = await tokens.of_digest(OPERATOR, connection, digest(token))
            if row is None or row.revoked_at is not None or row.expires_at <= now:
                raise UnauthenticatedError(REFUSED)
            label, scopes = f"token {row.name} ({row.hint}…)", frozenset(row.scopes)
            if row.person_id is not None:
                found = await self._person(connection, row.person_id, label, scopes, row.id)
            elif row.installation_id is not None:
                found = Principal(label, scopes, admin_of=frozenset({row.installation_id}), token_id=row.id)
            else:
                found = Principal(label, scopes, is_operator=True, token_id=row.id)
        await self._note(row.id, row.last_used_at, now)
        return found

    async def _person(
        self, connection: AsyncConnection, person_id: str, label: str, scopes: frozenset[str], token_id: str
    ) -> Principal:
        roles = await self._roles.refresh(connection)
        if not roles.is_active(person_id):
            raise UnauthenticatedError("This person's account is not active.")
        mine = await tokens.identities_of(OPERATOR, connection, person_id)
        places = {home(one): roles.of_identity(one, home(one), person_id) for one in mine}
        admin_of = frozenset(place for place, has in places.items() if "admin" in has)
        operator = any("operator" in has for has in places.values())
        return Principal(label, scopes, person_id, mine, admin_of, is_operator=operator, token_id=token_id)

    async def _note(self, token: str, last: datetime | None, now: datetime) -> None:
        if last is None or now - last >= NOTED:
            async with self._database.write() as connection:
                await tokens.used(OPERATOR, connection, token, now)
