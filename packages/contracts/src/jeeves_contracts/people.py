"""Who speaks, and where."""

from typing import Annotated, Literal

from pydantic import Field

from jeeves_contracts.base import Contract, Id

Platform = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,29}$")]
Role = Literal["member", "admin", "operator"]
Trigger = Literal["message", "slash_command", "interaction", "schedule"]


class Identity(Contract):
    """A person on a platform. `workspace_id` is the person's own team, which in a shared channel is not the installation's."""

    platform: Platform
    workspace_id: Id
    user_id: Id


class Actor(Identity):
    """The person an action works for, as users-service knows them at the claim. None of any role was deactivated."""

    person_id: Id
    roles: list[Role] = ["member"]
    locale: str | None = None
    timezone: str | None = None


class Conversation(Contract):
    """Where a message stands and where its replies go.

    `thread_id` is the root's id: the message's own when it is top-level, which `in_thread` tells apart.
    """

    installation_id: Id
    channel_id: Id
    thread_id: Id
    in_thread: bool = False
    is_direct: bool = False
