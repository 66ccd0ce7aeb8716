"""One request, as an operation sees it: inside one transaction, whose every effect is undone where it raises."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.base import Contract, Json
from jeeves_service.errors import DeniedError, InvalidError, NotFoundError, PreconditionFailedError
from users_service.api.policies import Policy
from users_service.api.principals import Principal
from users_service.repository import audit
from users_service.scope import OPERATOR, Operator, Scope, Tenant


class Nothing(Contract):
    """No path parameters, no query, no body, or no answer."""

    model_config = {"extra": "forbid"}


P = TypeVar("P", bound=Contract)
Q = TypeVar("Q", bound=Contract)
B = TypeVar("B", bound=Contract)


def etag(representation: Contract) -> str:
    """Return the version of what is told, as an ETag: it changes with every word of it."""
    return f'"{hashlib.sha256(render(representation)).hexdigest()[:24]}"'


def render(value: Contract) -> bytes:
    """Return JSON as the API tells it: every field, nulls too."""
    return value.__pydantic_serializer__.to_json(value)


@dataclass
class Call(Generic[P, Q, B]):
    """`path`, `query` and `body` are checked. Without `connection` (an operation that asks others) it opens its own."""

    principal: Principal
    policy: Policy
    path: P
    query: Q
    body: B
    now: datetime
    headers: Mapping[str, str]
    connection: AsyncConnection = field(repr=False)

    @property
    def own(self) -> str:
        """The person who asks. Raises DeniedError where a token stands for none."""
        if self.principal.person_id is None:
            raise DeniedError(
                self.policy.name, f"This is for people, and the token stands for none (policy {self.policy.name})."
            )
        return self.principal.person_id

    def scope(self, installation_id: str | None) -> Scope:
        """Return what may be seen and changed of an installation, or (None) in general.

        Raises NotFoundError for an installation that is not theirs, whether it exists or not; InvalidError where one must be
        named.
        """
        mine = self.principal.admin_of
        if self.principal.is_operator:
            return Tenant(installation_id) if installation_id else OPERATOR
        if installation_id is None and len(mine) == 1:
            return Tenant(next(iter(mine)))
        if installation_id is None:
            raise InvalidError({"installation_id": "name one of the installations that you administer"})
        if installation_id not in mine:
            raise NotFoundError("There is no such installation.")
        return Tenant(installation_id)

    def scopes(self) -> list[Scope]:
        """Return everything that they may see: where a thing is asked for by its id, it is looked for in each."""
        if self.principal.is_operator:
            return [OPERATOR]
        return [Tenant(place) for place in sorted(self.principal.admin_of)]

    def operator(self) -> Operator:
        """Return the operator's scope. Raises DeniedError for others."""
        if not self.principal.is_operator:
            raise DeniedError(self.policy.name, f"Only operators may (policy {self.policy.name}).")
        return OPERATOR

    def expect(self, current: Contract) -> None:
        """Raise PreconditionFailedError where the request's `If-Match` means another state than the current one."""
        wanted = self.headers.get("If-Match")
        if wanted is not None and wanted.strip() != "*" and etag(current) not in [one.strip() for one in wanted.split(",")]:
            raise PreconditionFailedError("It has changed since you read it: read it again, and decide anew.")

    @property
    def mask(self) -> frozenset[str]:
        """The fields of the body that are meant: those of `update_mask`, else those that it has."""
        given = frozenset(self.body.model_fields_set)
        named = getattr(self.query, "update_mask", None)
        if not named:
            return given
        mask = frozenset(part.strip() for part in named.split(","))
        if unknown := mask - type(self.body).model_fields.keys():
            raise InvalidError({"update_mask": f"there is no field {min(unknown)}"})
        return mask

    def masked(self) -> dict[str, Any]:
        """Return the values of the fields that are meant: the default of one that the mask names and the body lacks."""
        return {name: getattr(self.body, name) for name in sorted(self.mask)}

    async def audit(
        self, action: str, subject: str, *, before: Json | None = None, after: Json | None = None, at: str | None = None
    ) -> None:
        """Note who changed what, in the same transaction. `at` is the installation that it concerns, None where all."""
        entry = audit.Entry(self.now, self.principal.label, action, subject, self.principal.person_id, at, before, after)
        await audit.add(OPERATOR, self.connection, entry)


class Masked(Contract):
    """The query of a PATCH: without a mask, the fields that the body has are changed."""

    model_config = {"extra": "forbid"}
    update_mask: str | None = None
