"""Erasing a person: everything about them, in one request."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from jeeves_contracts.base import Contract
from jeeves_service.errors import InvalidError, NotFoundError
from users_service.api.call import Call, Nothing
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.service import erasure

ERASE = Policy("people-erase", "person", "erase:write")
RESOURCE = Resource()


class PersonPath(Contract):
    person_id: UUID


class ErasureRequest(Contract):
    """`confirm` is the person's id once more, so that it does not happen by slip."""

    model_config = {"extra": "forbid"}
    confirm: Annotated[str, Field(min_length=1, max_length=36)]


class Erased(Contract):
    """How much was erased. It names nobody."""

    facts: int
    schedules: int
    messages: int
    answers: int


@RESOURCE.operation("POST", "/people/{person_id}/erasure", ERASE, takes=PersonPath, body=ErasureRequest, answers=Erased)
async def erase_person(call: Call[PersonPath, Nothing, ErasureRequest]) -> Erased:
    """Erase everything about a person, for good. Their tokens end with it."""
    person_id = str(call.path.person_id)
    is_own = call.principal.person_id == person_id
    if not (is_own or call.principal.is_operator):
        raise NotFoundError("There is no such person.")
    if call.body.confirm != person_id:
        raise InvalidError({"confirm": "it is the person's id, which says that you mean it"})
    asked_by = None if is_own else call.principal.label
    found = await erasure.erase(call.connection, person_id, call.now, asked_by=asked_by)
    if found is None:
        raise NotFoundError("There is no such person.")
    return Erased(**vars(found))
