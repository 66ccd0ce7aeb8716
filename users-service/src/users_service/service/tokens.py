"""API tokens: made, listed, revoked. What is shown once is kept nowhere."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.people import Identity
from jeeves_service.errors import InvalidError
from users_service.api.authenticate import digest
from users_service.repository import people, tokens
from users_service.scope import OPERATOR
from users_service.service.roles import Roles

LONGEST = timedelta(days=366)
HINT = 12  # characters that are kept to know a token by


@dataclass(frozen=True)
class Wanted:
    """A token to be made: for a person, for an installation's admin, or (neither) for an operator."""

    name: str
    scopes: list[str]
    expires_at: datetime
    identity: Identity | None = None
    installation_id: str | None = None


async def make(connection: AsyncConnection, roles: Roles, wanted: Wanted, now: datetime) -> tuple[dict[str, Any], str]:
    """Make a token; return its row, and the token itself. Raises InvalidError."""
    if not now < wanted.expires_at <= now + LONGEST:
        raise InvalidError({"expires_at": "it is in the future, and at most a year away"})
    if wanted.identity is not None and wanted.installation_id is not None:
        raise InvalidError({"installation_id": "a token stands for a person or for an installation's admin, not for both"})
    if wanted.installation_id is not None and not await people.is_installed(OPERATOR, connection, wanted.installation_id):
        raise InvalidError({"installation_id": "there is no such installation"})
    person_id = None
    if wanted.identity is not None:
        person = await people.held(OPERATOR, connection, wanted.identity)
        if person is None:
            raise InvalidError({"person": "Jeeves does not know this person: they say something to it first"})
        person_id = person.person_id
        if not (await roles.refresh(connection)).is_active(person_id):
            raise InvalidError({"person": "their account is not active"})
    token = f"jeeves_{secrets.token_urlsafe(32)}"
    row = {
        "id": str(uuid.uuid4()), "name": wanted.name, "digest": digest(token), "hint": token[:HINT], "person_id": person_id,
        "installation_id": wanted.installation_id, "scopes": sorted(set(wanted.scopes)), "created_at": now,
        "expires_at": wanted.expires_at, "last_used_at": None, "revoked_at": None,
    }  # fmt: skip
    await tokens.add(OPERATOR, connection, row)
    return row, token
