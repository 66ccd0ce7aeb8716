"""What a person wants done of what users-service keeps: done in the transaction that stores the answer, exactly once."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from jeeves_contracts.actions import Name
from jeeves_contracts.base import Contract, Json
from jeeves_contracts.registry import Percent


class FeatureAsk(Contract):
    """An admin changes a feature for their installation; what is None stays. `until`: the switch turns back then by itself.

    `settings` by name; a null takes the setting back to what holds in general.
    """

    kind: Literal["feature"] = "feature"
    name: Name
    enabled: bool | None = None
    until: AwareDatetime | None = None
    rollout: Percent | None = None
    settings: Json = {}


class LinkAsk(Contract):
    """A person joins two identities of theirs, in three steps, each with the code of the one before: the first has none."""

    kind: Literal["link"] = "link"
    code: str = Field(default="", max_length=40)


class EraseAsk(Contract):
    """A person wants everything about them erased; without `confirmed` they are told what that would be, and asked."""

    kind: Literal["erase"] = "erase"
    confirmed: bool = False


Ask = Annotated[FeatureAsk | LinkAsk | EraseAsk, Field(discriminator="kind")]
