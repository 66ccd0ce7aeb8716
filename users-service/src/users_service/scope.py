"""For whom a question is asked of the database: one installation (the tenant), or the operator who runs all of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tenant:
    """May see and change what belongs to this installation."""

    installation_id: str


@dataclass(frozen=True)
class Operator:
    """May see and change everything; also the services themselves, whose calls carry many installations at once."""


Scope = Tenant | Operator
OPERATOR = Operator()
