"""What stands in paths, and whether it is the asker's own."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from jeeves_contracts.base import Contract
from jeeves_service.errors import NotFoundError
from users_service.api.call import Call
from users_service.api.jobs import Name
from users_service.repository import people
from users_service.scope import OPERATOR, Tenant


class PersonPath(Contract):
    person_id: UUID


class InstallationPath(Contract):
    installation_id: Annotated[str, Field(min_length=1, max_length=255)]


class Where(Contract):
    """The query of what is asked for in an installation; operators: none for in general. Admins of one need not name it."""

    model_config = {"extra": "forbid"}
    installation_id: Name | None = None


def themself(call: Call[Any, Any, Any]) -> str:
    """Return the person who asks. Raises NotFoundError where the path names somebody else, whether there is one or not."""
    if call.own != str(call.path.person_id):
        raise NotFoundError("There is no such person.")
    return call.own


async def place(call: Call[Any, Any, Any]) -> Tenant:
    """Return the installation in the path. Raises NotFoundError for one that there is not, or that is not theirs."""
    installation_id: str = call.path.installation_id
    call.scope(installation_id)
    if not await people.is_installed(OPERATOR, call.connection, installation_id):
        raise NotFoundError("There is no such installation.")
    return Tenant(installation_id)
