"""API tokens: made and revoked with JEEVES_ADMIN_TOKEN or by an operator; people see and revoke their own."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from jeeves_contracts.base import Contract
from jeeves_contracts.people import Identity
from jeeves_service.errors import DeniedError, NotFoundError
from users_service.api.call import Call, Nothing
from users_service.api.jobs import Name
from users_service.api.pages import Page, PageQuery, after, cursor
from users_service.api.policies import Policy
from users_service.api.routing import Made, Resource
from users_service.repository import tokens
from users_service.scope import OPERATOR
from users_service.service.roles import Roles
from users_service.service.tokens import Wanted, make

Scope = Literal[
    "people:read", "people:write", "roles:write", "facts:read", "facts:write", "features:read", "features:write",
    "schedules:read", "schedules:write", "jobs:read", "jobs:write", "messages:read", "statistics:read", "audit:read",
    "installations:read", "dead-letters:read", "dead-letters:write", "exports:read", "erase:write", "operations:write",
]  # fmt: skip
MANAGE = Policy("tokens-manage", "bootstrap")
OWN = Policy("tokens-own", "token")
ME = Policy("whoami", "token")


class TokenRequest(Contract):
    """`person`: it acts as this person, by whatever roles they have at the time. `installation_id`: as its admin. Neither: as
    an operator.
    """

    model_config = {"extra": "forbid"}
    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
    scopes: list[Scope] = Field(min_length=1, max_length=50)
    expires_at: AwareDatetime
    person: Identity | None = None
    installation_id: Name | None = None


class TokenPath(Contract):
    token_id: UUID


class TokenTold(Contract):
    """`hint` is how it begins."""

    id: str
    name: str
    hint: str
    person_id: str | None
    installation_id: str | None
    scopes: list[str]
    created_at: AwareDatetime
    expires_at: AwareDatetime
    last_used_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class TokenMade(TokenTold):
    """`token` is told this once, and kept nowhere: it is null where the same request is repeated."""

    token: str | None


class Me(Contract):
    """Who asks, and what for. `scopes` null: for all."""

    name: str
    person_id: str | None
    identities: list[Identity]
    roles: list[str]
    admin_of: list[str]
    scopes: list[str] | None


def resource(roles: Roles) -> Resource:
    """Return the operations about tokens."""
    made = Resource()
    made.operation("GET", "/me", ME, answers=Me)(show_me)
    made.operation("GET", "/tokens", OWN, query=PageQuery, answers=Page[TokenTold])(list_tokens)
    made.operation("DELETE", "/tokens/{token_id}", OWN, takes=TokenPath)(revoke_token)

    @made.operation("POST", "/tokens", MANAGE, body=TokenRequest, answers=TokenMade, status=201)
    async def make_token(call: Call[Nothing, Nothing, TokenRequest]) -> Made:
        """Make a token. It is shown once: asked again under the same Idempotency-Key, it is told without."""
        asked = call.body
        wanted = Wanted(asked.name, list(asked.scopes), asked.expires_at, asked.person, asked.installation_id)
        row, token = await make(call.connection, roles, wanted, call.now)
        shown: dict[str, Any] = {"name": asked.name, "scopes": row["scopes"], "expires_at": asked.expires_at.isoformat()}
        await call.audit("token.make", row["id"], after=shown, at=asked.installation_id)
        return Made(TokenMade(token=token, **_told(row)), f"/api/v1/tokens/{row['id']}", secret=("token",))

    return made


async def show_me(call: Call[Nothing, Nothing, Nothing]) -> Me:
    """Tell whom a token stands for, and what it may be used for."""
    who = call.principal
    person, admin = who.person_id is not None, bool(who.admin_of) or who.is_operator
    held = {"member": person, "admin": admin, "operator": who.is_operator}
    return Me(
        name=who.label,
        person_id=who.person_id,
        identities=list(who.identities),
        roles=[role for role, has in held.items() if has],
        admin_of=sorted(who.admin_of),
        scopes=None if who.scopes is None else sorted(who.scopes),
    )


async def list_tokens(call: Call[Nothing, PageQuery, Nothing]) -> Page[TokenTold]:
    """List tokens: one's own, or for JEEVES_ADMIN_TOKEN and operators all."""
    begin = after(call.query.cursor, str)
    rows = await tokens.listed(OPERATOR, call.connection, _owner(call), begin[0] if begin else "", call.query.limit + 1)
    items = [TokenTold(**_told(row._asdict())) for row in rows[: call.query.limit]]
    return Page[TokenTold](items=items, next=cursor(items[-1].id) if len(rows) > len(items) else None)


async def revoke_token(call: Call[TokenPath, Nothing, Nothing]) -> None:
    """Revoke a token, from the next request on."""
    token = str(call.path.token_id)
    row = await tokens.revoke(OPERATOR, call.connection, token, _owner(call), call.now)
    if row is None:
        raise NotFoundError("There is no such token.")
    await call.audit("token.revoke", token, before={"name": row.name}, at=row.installation_id)


def _owner(call: Call[Any, Any, Any]) -> str | None:
    """Return whose tokens may be seen; None for everybody's."""
    if call.principal.is_bootstrap or call.principal.is_operator:
        return None
    if call.principal.person_id is None:
        raise DeniedError(OWN.name, f"An admin's token has no tokens of its own (policy {OWN.name}).")
    return call.principal.person_id


def _told(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in TokenTold.model_fields}
