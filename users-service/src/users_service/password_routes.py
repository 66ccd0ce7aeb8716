"""`/internal/v1/passwords`: for a service that lets people log in. Its key has the scope `passwords:check`: none has it yet."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr
from quart import Blueprint, Response

from jeeves_contracts.base import Contract
from jeeves_contracts.messages import Email
from jeeves_service.web import answer, body_of, scoped
from users_service.service.passwords import LONGEST, SHORTEST, Passwords

SCOPE = "passwords:check"


class SetRequest(Contract):
    """A new password of a person."""

    person_id: UUID
    password: Annotated[SecretStr, Field(min_length=SHORTEST, max_length=LONGEST)]


class VerifyRequest(Contract):
    """What somebody typed to log in."""

    email: Email
    password: Annotated[SecretStr, Field(max_length=LONGEST)]


class Verified(Contract):
    """Whose password it is; nobody's where it is wrong, or the address unknown."""

    valid: bool
    person_id: str | None = None


def password_routes(passwords: Passwords) -> Blueprint:
    """Return the calls of a service that lets people log in."""
    routes = Blueprint("passwords", __name__, url_prefix="/internal/v1/passwords")

    @routes.post("/set")
    @scoped(SCOPE)
    async def set_password() -> Response:
        asked = await body_of(SetRequest)
        await passwords.set(str(asked.person_id), asked.password.get_secret_value())
        return Response(status=204)

    @routes.post("/verify")
    @scoped(SCOPE)
    async def verify() -> Response:
        asked = await body_of(VerifyRequest)
        person_id = await passwords.check(asked.email, asked.password.get_secret_value())
        return answer(Verified(valid=person_id is not None, person_id=person_id))

    return routes
