"""What the API can do: each operation once, with all that there is to say of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from jeeves_contracts.base import Contract
from users_service.api.call import Call, Nothing
from users_service.api.policies import Policy

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
#: `read` and `write`: inside a transaction. `none`: it asks others in between, and opens its own.
Transaction = Literal["read", "write", "none"]


@dataclass(frozen=True)
class Raw:
    """An answer that is no JSON."""

    body: bytes
    media_type: str
    filename: str | None = None


@dataclass(frozen=True)
class Made:
    """An answer to something new: where it is. Fields in `secret` are told once: a repeated request has null there."""

    value: Contract
    location: str
    secret: tuple[str, ...] = ()


Outcome = Contract | Made | Raw | None
Handler = Callable[[Call[Any, Any, Any]], Awaitable[Outcome]]
H = TypeVar("H", bound=Callable[[Any], Awaitable[Outcome]])


@dataclass(frozen=True)
class Operation:
    """`path` is a template such as `/people/{person_id}` below `/api/v1`; `takes`, `query`, `body` are its parts' models.

    `answers` is the model of a success, answered with `status`. `has_etag`: what is told has a version, and a change may ask
    for one by If-Match. `media_types` are further forms of the answer.
    """

    method: Method
    path: str
    policy: Policy
    handler: Handler
    takes: type[Contract] = Nothing
    query: type[Contract] = Nothing
    body: type[Contract] | None = None
    answers: type[Contract] | None = None
    status: int = 200
    has_etag: bool = False
    transaction: Transaction = "read"
    media_types: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its operationId."""
        return self.handler.__name__

    @property
    def summary(self) -> str:
        return (self.handler.__doc__ or "").strip().partition("\n")[0]

    @property
    def about(self) -> str:
        """What it is about: the first word of its path."""
        return self.path.split("/")[1]


@dataclass
class Resource:
    """The operations about one kind of thing; its module fills it by `@resource.operation(…)`."""

    operations: list[Operation] = field(default_factory=list)

    def operation(self, method: Method, path: str, policy: Policy, **more: Any) -> Callable[[H], H]:
        """Declare an operation; its docstring's first line is its summary."""

        def declare(handler: H) -> H:
            usual: Transaction = "read" if method == "GET" else "write"
            self.operations.append(Operation(method, path, policy, handler, **{"transaction": usual, **more}))
            return handler

        return declare
