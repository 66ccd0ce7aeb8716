"""What a receipt keeps: how things were before a change and after it, so that it can be taken back."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter

from jeeves_contracts.actions import ScheduleDelete, SchedulePut
from jeeves_contracts.base import Contract
from jeeves_contracts.knowledge import Scope
from users_service.domain.facts import Owner


class Kept(Contract):
    """A fact as it is kept. `source` is the message that told it."""

    value: JsonValue
    source: str
    since: AwareDatetime


class Noted(Contract):
    """A line of a fact's history: what it became, None where it was forgotten."""

    name: str
    value: JsonValue = None
    source: str
    at: AwareDatetime


class FactsChanged(Contract):
    """Facts of one owner, by name; what is not there was, or is, not set.

    `whole`: all of the owner's facts, which were forgotten with their history, or came back with it (`history`, oldest first).
    """

    op: Literal["facts"] = "facts"
    scope: Scope
    subject: str
    before: dict[str, Kept] = {}
    after: dict[str, Kept] = {}
    whole: bool = False
    history: list[Noted] = []

    @property
    def owner(self) -> Owner:
        return Owner(self.scope, self.subject)

    @property
    def names(self) -> list[str]:
        """The facts it touched."""
        return sorted({*self.before, *self.after})


class ScheduleChanged(Contract):
    """A schedule of a feature: what the change left (`left`), and what takes it back."""

    op: Literal["schedule"] = "schedule"
    feature: str
    left: Annotated[SchedulePut | ScheduleDelete, Field(discriminator="op")]
    inverse: Annotated[SchedulePut | ScheduleDelete, Field(discriminator="op")]


Record = Annotated[FactsChanged | ScheduleChanged, Field(discriminator="op")]
_record: TypeAdapter[FactsChanged | ScheduleChanged] = TypeAdapter(Record)


def read(stored: object) -> FactsChanged | ScheduleChanged:
    """Read a record as the database has it. Raises pydantic.ValidationError."""
    return _record.validate_python(stored, strict=False)
