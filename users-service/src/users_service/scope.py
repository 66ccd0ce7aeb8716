"""For whom a question is asked of the database: an admin's installation (the tenant), or the operator who runs all of them.

What only an operator, or a service in its name, may do takes an `Operator`: a type checker refuses a `Tenant` there. What both
may ask takes a `Scope` and is kept inside it.
"""

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
