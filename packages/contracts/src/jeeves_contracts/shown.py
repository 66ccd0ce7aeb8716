"""What users-service tells in its own words about what it keeps: asked for under (message_id, fence) only."""

from typing import Literal

from pydantic import Field

from jeeves_contracts.actions import Reply
from jeeves_contracts.base import Contract
from jeeves_contracts.knowledge import HeldRequest

Topic = Literal["whoami", "features", "stats", "export"]


class ShowRequest(HeldRequest):
    """Something about the person or, for its admins, the installation. `about` narrows it: a feature's name, a month."""

    topic: Topic
    about: str = Field(default="", max_length=200)


class Shown(Contract):
    """What the person reads. Who may not see it reads why not, with the policy's name."""

    replies: list[Reply] = Field(max_length=5)
