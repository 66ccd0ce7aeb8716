"""Policies, told: what each operation asks for; and why who asks can, or cannot, do something."""

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Literal

from pydantic import Field

from jeeves_contracts.base import Contract
from jeeves_service.errors import DeniedError, NotFoundError
from users_service.api.call import Call, Nothing
from users_service.api.policies import Policy
from users_service.api.routing import Method, Operation, Resource

READ = Policy("policies-read", "token")
PREFIX = "/api/v1"


class PolicyTold(Contract):
    """An operation, and the rule for it in words. `scope` is what a token must have been made for, null for none."""

    method: Method
    path: str
    operation: str
    policy: str
    rule: str
    scope: str | None


class Policies(Contract):
    items: list[PolicyTold]


class CheckQuery(Contract):
    """What one would like to do: a method, and a path such as `/people` or `/people/{person_id}`."""

    model_config = {"extra": "forbid"}
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: Annotated[str, Field(min_length=1, max_length=1000)]


class Checked(Contract):
    """May the token that asks do that, as far as the policy goes? What is not its own it does not find, all the same."""

    allowed: bool
    policy: str
    sentence: str


def resource(operations: Callable[[], Iterable[Operation]]) -> Resource:
    """Return the operations that tell about all `operations`, which are looked up when they are asked for."""
    made = Resource()

    @made.operation("GET", "/policies", READ, answers=Policies)
    async def list_policies(_: Call[Nothing, Nothing, Nothing]) -> Policies:
        """List what may be asked, and of whom."""
        return Policies(items=[_told(one) for one in sorted(operations(), key=lambda one: (one.path, one.method))])

    @made.operation("GET", "/policies/check", READ, query=CheckQuery, answers=Checked)
    async def check_policy(call: Call[Nothing, CheckQuery, Nothing]) -> Checked:
        """Tell whether who asks may do something, by which policy, and why not."""
        path = call.query.path.partition("?")[0].removeprefix(PREFIX).rstrip("/")
        found = [one for one in operations() if one.method == call.query.method and _fits(one.path, path)]
        if not found:
            raise NotFoundError("There is no such operation: see GET /policies.")
        policy = min(found, key=lambda one: one.path.count("{")).policy
        try:
            policy.check(call.principal)
        except DeniedError as refused:
            return Checked(allowed=False, policy=policy.name, sentence=str(refused))
        return Checked(allowed=True, policy=policy.name, sentence=f"You may: {policy.says}.")

    return made


def _told(one: Operation) -> PolicyTold:
    rule = f"{one.policy.says}."
    return PolicyTold(
        method=one.method, path=f"{PREFIX}{one.path}", operation=one.name, policy=one.policy.name,
        rule=rule[0].upper() + rule[1:], scope=one.policy.scope or None,
    )  # fmt: skip


def _fits(template: str, path: str) -> bool:
    """Say whether a path is one of a template's: with its values, or as the template itself."""
    pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"({\w+})", template))
    return re.fullmatch(pattern, path) is not None
