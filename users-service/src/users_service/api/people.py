"""People: looked up by their admins and operators, described by themselves, deactivated and activated."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue

from jeeves_contracts.base import Contract, Json
from jeeves_contracts.people import Identity
from jeeves_service.errors import ConflictError, DeniedError, InvalidError, NotFoundError
from users_service.api.call import Call, Masked, Nothing
from users_service.api.jobs import Name
from users_service.api.pages import Page, PageQuery, after, cursor
from users_service.api.paths import PersonPath
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.domain import facts as rules
from users_service.repository.directory import Wanted
from users_service.repository.people import lock as hold
from users_service.scope import OPERATOR
from users_service.service import people
from users_service.service.people import OWN, Seen
from users_service.service.roles import Reason, Roles, home

LIST = Policy("people-list", "admin", "people:read")
READ = Policy("people-read", "involved", "people:read")
WRITE = Policy("people-write", "involved", "people:write")
NOBODY = "There is no such person."


class PeopleQuery(PageQuery):
    """`q`: how the name or the address begins. `installation_id`: an admin of several names one of them."""

    q: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    is_active: bool | None = None
    role: Literal["admin", "operator"] | None = None
    installation_id: Name | None = None
    workspace_id: Name | None = None
    user_id: Name | None = None


class RoleTold(Contract):
    """`because` says why in words: `setting` names them, or somebody granted it at an instant. Operators are it everywhere."""

    role: Literal["admin", "operator"]
    installation_id: str | None
    because: str
    setting: str | None
    granted_by: str | None
    at: AwareDatetime | None


class Identities(Contract):
    items: Annotated[list[Identity], Field(max_length=1000)]


class PersonTold(Contract):
    """Somebody, as far as they are yours to see. Of a person of other workspaces, too, an admin reads no name and address."""

    id: str
    name: str | None
    email: str | None
    is_active: bool
    locale: str | None
    timezone: str | None
    created_at: AwareDatetime
    identities: list[Identity]
    roles: list[RoleTold]


def _line(text: str | None) -> str | None:
    """Return a text in one line without what nobody sees. Raises ValueError where nothing is left."""
    plain = None if text is None else " ".join(rules.plain(text).split())
    if plain == "":
        raise ValueError("it is empty")
    return plain


class PersonChange(Contract):
    """What people say of themselves, where null lets it be what the platform says; and, by others, whether they are active."""

    model_config = {"extra": "forbid"}
    name: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_line)] | None = None
    locale: Annotated[str, Field(max_length=40)] | None = None
    timezone: Annotated[str, Field(max_length=64)] | None = None
    is_active: bool | None = None


Change = Call[PersonPath, Masked, PersonChange]


class People:
    """The operations, with the roles that they need."""

    def __init__(self, roles: Roles) -> None:
        self._roles = roles

    async def list_people(self, call: Call[Nothing, PeopleQuery, Nothing]) -> Page[PersonTold]:
        """List the people of an installation; operators list all."""
        asked = call.query
        begin = after(asked.cursor, str)
        named = {"admin": self._roles.admins, "operator": self._roles.operators}.get(asked.role or "", frozenset())
        wanted = Wanted(asked.q, asked.is_active, asked.role, named, asked.workspace_id, asked.user_id)
        scope, limit = call.scope(asked.installation_id), asked.limit
        await self._roles.refresh(call.connection)
        found = await people.listed(call.connection, self._roles, scope, wanted, begin[0] if begin else "", limit + 1)
        items = [told(one) for one in found[:limit]]
        return Page[PersonTold](items=items, next=cursor(items[-1].id) if len(found) > len(items) else None)

    async def show_person(self, call: Call[PersonPath, Nothing, Nothing]) -> PersonTold:
        """Tell who somebody is, what they may, and why."""
        return told(await see(call, self._roles))

    async def list_identities(self, call: Call[PersonPath, Nothing, Nothing]) -> Identities:
        """List who somebody is on which platform."""
        return Identities(items=list((await see(call, self._roles)).identities))

    async def change_person(self, call: Change) -> PersonTold:
        """Change what one says of oneself, or (by admins and operators) whether somebody is active."""
        await hold(OPERATOR, call.connection, [str(call.path.person_id)], ())  # of two changes of one state, one is late
        seen = await see(call, self._roles)
        call.expect(told(seen))
        given = call.masked()
        if wrong := _wrong(given):
            raise InvalidError(wrong)
        own = {name: value for name, value in given.items() if name in OWN}
        if own:
            if not call.principal.is_operator and call.principal.person_id != seen.row.id:
                raise DeniedError(WRITE.name, f"Only they themselves and operators may change that (policy {WRITE.name}).")
            await people.describe(call.connection, seen, own)
            fields: list[JsonValue] = [*sorted(own)]
            await self._audit(call, seen, "person.describe", None, {"fields": fields})
        if "is_active" in given and given["is_active"] != seen.row.is_active:
            await self._switch(call, seen, active=given["is_active"])
        return told(await look(call, self._roles))

    async def _switch(self, call: Change, seen: Seen, *, active: bool) -> None:
        """Activate or deactivate somebody. Raises DeniedError, ConflictError."""
        who = call.principal
        if who.person_id == seen.row.id:
            raise DeniedError(WRITE.name, f"Nobody deactivates themselves (policy {WRITE.name}).")
        if not who.is_operator:
            if not any(home(one) in who.admin_of for one in seen.identities):
                raise DeniedError(WRITE.name, f"Admins of their installation and operators may (policy {WRITE.name}).")
            if any(one.role == "operator" for one in seen.roles):
                raise DeniedError(WRITE.name, f"They are an operator: only operators may (policy {WRITE.name}).")
            if seen.is_shared:
                raise DeniedError(WRITE.name, f"They are elsewhere, too: only operators may (policy {WRITE.name}).")
        if active:
            await people.activate(call.connection, seen.row.id)
        else:
            await people.deactivate(call.connection, self._roles, seen, call.now)
        name = "person.activate" if active else "person.deactivate"
        await self._audit(call, seen, name, {"is_active": not active}, {"is_active": active})

    async def _audit(self, call: Change, seen: Seen, action: str, before: Json | None, now: Json) -> None:
        for place in sorted({home(one) for one in seen.identities}):
            await call.audit(action, seen.row.id, before=before, after=now, at=place)


def resource(roles: Roles) -> Resource:
    """Return the operations about people."""
    made, all_of = Resource(), People(roles)
    made.operation("GET", "/people", LIST, query=PeopleQuery, answers=Page[PersonTold])(all_of.list_people)
    made.operation("GET", "/people/{person_id}", READ, takes=PersonPath, answers=PersonTold, has_etag=True)(all_of.show_person)
    made.operation(
        "PATCH", "/people/{person_id}", WRITE, takes=PersonPath, query=Masked, body=PersonChange, answers=PersonTold,
        has_etag=True,
    )(all_of.change_person)  # fmt: skip
    made.operation("GET", "/people/{person_id}/identities", READ, takes=PersonPath, answers=Identities)(all_of.list_identities)
    return made


async def see(call: Call[Any, Any, Any], roles: Roles) -> Seen:
    """Return a person as far as who asks sees them. Raises NotFoundError. Comes before any change: see `Roles`."""
    await roles.refresh(call.connection)
    return await look(call, roles)


async def look(call: Call[Any, Any, Any], roles: Roles) -> Seen:
    """Return a person by the roles as they were known before. Raises NotFoundError."""
    person_id = str(call.path.person_id)
    scopes = [OPERATOR] if call.principal.person_id == person_id else call.scopes()
    seen = await people.look(call.connection, roles, scopes, person_id)
    if seen is None:
        raise NotFoundError(NOBODY)
    return seen


def told(seen: Seen) -> PersonTold:
    """Return a person as they are told."""
    row = seen.row
    return PersonTold(
        id=row.id,
        name=None if seen.is_shared else row.name,
        email=None if seen.is_shared else row.email,
        is_active=row.is_active,
        locale=row.locale,
        timezone=row.timezone,
        created_at=row.created_at,
        identities=list(seen.identities),
        roles=[role_told(one) for one in seen.roles],
    )


def role_told(reason: Reason) -> RoleTold:
    """Return why somebody is what they are."""
    if reason.role == "member":
        raise ConflictError("A member has no reason to be one.")
    return RoleTold(
        role=reason.role, installation_id=reason.installation_id, because=reason.because(), setting=reason.setting,
        granted_by=reason.granted_by, at=reason.at,
    )  # fmt: skip


def _wrong(given: dict[str, Any]) -> dict[str, str]:
    wrong = {}
    if given.get("locale") is not None and rules.locale(given["locale"]) is None:
        wrong["locale"] = "it is a language such as en-GB"
    if given.get("timezone") is not None and rules.zone(given["timezone"]) is None:
        wrong["timezone"] = "it is the name of a time zone such as Europe/London"
    if "is_active" in given and given["is_active"] is None:
        wrong["is_active"] = "it is true or false"
    return wrong
