"""Facts: what people told Jeeves of themselves, for them alone; and what a workspace's admins told of it.

What is known of a channel belongs to those inside it, and is seen and changed from there only.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter, ValidationError

from jeeves_contracts.actions import FactName
from jeeves_contracts.base import Contract
from jeeves_contracts.knowledge import KnownFact
from jeeves_service.errors import InvalidError, NotFoundError, PreconditionFailedError
from users_service.api.call import Call, Nothing
from users_service.api.paths import InstallationPath, PersonPath, place, themself
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.domain import facts as rules
from users_service.domain.book import DASHBOARD
from users_service.domain.changes import ChangeRefusedError
from users_service.domain.facts import Owner
from users_service.scope import OPERATOR
from users_service.service import facts
from users_service.service.facts import Telling

READ = Policy("facts-own-read", "self", "facts:read")
WRITE = Policy("facts-own-write", "self", "facts:write")
READ_WORKSPACE = Policy("facts-workspace-read", "admin", "facts:read")
WRITE_WORKSPACE = Policy("facts-workspace-write", "admin", "facts:write")
RESOURCE = Resource()
NAME: TypeAdapter[str] = TypeAdapter(FactName)
#: Facts that Jeeves itself reads: what they are, and what is said where they are not.
TYPED: dict[str, tuple[Callable[[object], str | None], str]] = {
    rules.TIMEZONE: (rules.zone, "it is the name of a time zone, such as Europe/Paris"),
    rules.LANGUAGE: (rules.locale, "it is a language, such as de or en-GB"),
}
Said = Annotated[str, Field(min_length=1, max_length=200)]


class FactPath(PersonPath):
    """`name` in any case: one that differs by case only is the same fact."""

    name: Said


class WorkspaceFactPath(InstallationPath):
    """`name` in any case."""

    name: Said


class FactRequest(Contract):
    """`value` is any JSON but null, of at most 2,000 characters."""

    model_config = {"extra": "forbid"}
    value: JsonValue


class PastTold(Contract):
    """What it was, until `until`; null where it was forgotten."""

    value: JsonValue
    until: AwareDatetime


class FactTold(Contract):
    """`source` is how it came to be known, `with_fact` the fact that it follows from, `history` what it was, newest first."""

    name: str
    value: JsonValue
    source: Literal["said", "button", "schedule", "dashboard"]
    since: AwareDatetime
    with_fact: str | None
    history: list[PastTold]


class Facts(Contract):
    """All of them, by name: there are at most 100."""

    items: list[FactTold]


@RESOURCE.operation("GET", "/people/{person_id}/facts", READ, takes=PersonPath, answers=Facts)
async def list_facts(call: Call[PersonPath, Nothing, Nothing]) -> Facts:
    """List what Jeeves knows of oneself. Nobody else sees it, admins and operators neither."""
    return await _all(call, _mine(call))


@RESOURCE.operation("GET", "/people/{person_id}/facts/{name}", READ, takes=FactPath, answers=FactTold, has_etag=True)
async def show_fact(call: Call[FactPath, Nothing, Nothing]) -> FactTold:
    """Tell one of one's own facts."""
    return await _one(call, _mine(call))


@RESOURCE.operation(
    "PUT", "/people/{person_id}/facts/{name}", WRITE, takes=FactPath, body=FactRequest, answers=FactTold, has_etag=True
)
async def put_fact(call: Call[FactPath, Nothing, FactRequest]) -> FactTold:
    """Tell Jeeves something about oneself. What it was stays in its history."""
    return await _put(call, _mine(call), None)


@RESOURCE.operation("DELETE", "/people/{person_id}/facts/{name}", WRITE, takes=FactPath, has_etag=True)
async def forget_fact(call: Call[FactPath, Nothing, Nothing]) -> None:
    """Let Jeeves forget one of one's own facts."""
    await _forget(call, _mine(call), None)


@RESOURCE.operation("GET", "/installations/{installation_id}/facts", READ_WORKSPACE, takes=InstallationPath, answers=Facts)
async def list_workspace_facts(call: Call[InstallationPath, Nothing, Nothing]) -> Facts:
    """List what is known of a workspace."""
    return await _all(call, await _workspace(call))


@RESOURCE.operation(
    "GET", "/installations/{installation_id}/facts/{name}", READ_WORKSPACE, takes=WorkspaceFactPath, answers=FactTold,
    has_etag=True,
)  # fmt: skip
async def show_workspace_fact(call: Call[WorkspaceFactPath, Nothing, Nothing]) -> FactTold:
    """Tell one fact of a workspace."""
    return await _one(call, await _workspace(call))


@RESOURCE.operation(
    "PUT", "/installations/{installation_id}/facts/{name}", WRITE_WORKSPACE, takes=WorkspaceFactPath, body=FactRequest,
    answers=FactTold, has_etag=True,
)  # fmt: skip
async def put_workspace_fact(call: Call[WorkspaceFactPath, Nothing, FactRequest]) -> FactTold:
    """Set a fact of a workspace: it counts for everybody there who has none of their own by this name."""
    return await _put(call, await _workspace(call), call.path.installation_id)


@RESOURCE.operation(
    "DELETE", "/installations/{installation_id}/facts/{name}", WRITE_WORKSPACE, takes=WorkspaceFactPath, has_etag=True
)
async def forget_workspace_fact(call: Call[WorkspaceFactPath, Nothing, Nothing]) -> None:
    """Forget a fact of a workspace."""
    await _forget(call, await _workspace(call), call.path.installation_id)


def _mine(call: Call[Any, Any, Any]) -> Owner:
    return Owner("person", themself(call))


async def _workspace(call: Call[Any, Any, Any]) -> Owner:
    return Owner("workspace", (await place(call)).installation_id)


async def _all(call: Call[Any, Any, Any], of: Owner) -> Facts:
    return Facts(items=[_told(one) for one in await facts.listed(OPERATOR, call.connection, of)])


async def _one(call: Call[Any, Any, Any], of: Owner) -> FactTold:
    found = await _find(call, of)
    if found is None:
        raise NotFoundError("There is no such fact.")
    return found


async def _find(call: Call[Any, Any, Any], of: Owner) -> FactTold | None:
    name = rules.called(call.path.name)
    return next((one for one in (await _all(call, of)).items if one.name == name), None)


async def _put(call: Call[Any, Any, FactRequest], of: Owner, at: str | None) -> FactTold:
    name, value = rules.called(call.path.name), call.body.value
    try:
        NAME.validate_python(name)
    except ValidationError:
        raise InvalidError(
            {"name": "it begins with a letter or digit and has letters, digits, blanks and _ ' . - in it"}
        ) from None
    is_right, words = TYPED.get(name, (None, ""))
    if is_right is not None and is_right(value) is None:
        raise InvalidError({"value": words})
    await facts.hold(OPERATOR, call.connection, of)
    await _expect(call, of)
    try:
        changed = await facts.put(OPERATOR, call.connection, of, name, value, telling=Telling(DASHBOARD, call.now))
    except ChangeRefusedError as refused:
        raise InvalidError({"value": str(refused)}) from None
    if changed:
        await _note(call, "fact.put", at)
    return await _one(call, of)


async def _forget(call: Call[Any, Any, Any], of: Owner, at: str | None) -> None:
    await facts.hold(OPERATOR, call.connection, of)
    await _expect(call, of)
    name = rules.called(call.path.name)
    if await facts.forget(OPERATOR, call.connection, of, name, Telling(DASHBOARD, call.now)) is None:
        raise NotFoundError("There is no such fact.")
    await _note(call, "fact.forget", at)


async def _expect(call: Call[Any, Any, Any], of: Owner) -> None:
    """Compare `If-Match` with the fact as it is; where there is none, nothing matches."""
    if "If-Match" in call.headers:
        current = await _find(call, of)
        if current is None:
            raise PreconditionFailedError("It is not there any more: read again, and decide anew.")
        call.expect(current)


async def _note(call: Call[Any, Any, Any], action: str, at: str | None) -> None:
    """A workspace's fact is told by its name, a person's not even so: both are what people said."""
    if at is None:
        await call.audit(action, str(call.path.person_id))
    else:
        await call.audit(action, at, after={"name": rules.called(call.path.name)}, at=at)


def _told(one: KnownFact) -> FactTold:
    past = [PastTold(value=was.value, until=was.until) for was in one.history]
    return FactTold(name=one.name, value=one.value, source=one.source, since=one.since, with_fact=one.with_fact, history=past)
