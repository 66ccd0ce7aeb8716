"""What users-service knows of the person whose message a dispatcher holds: asked for under (message_id, fence) only."""

from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue

from jeeves_contracts.base import Contract, Id
from jeeves_contracts.blocks import Choice
from jeeves_contracts.schedules import KnownSchedule

Scope = Literal["person", "channel", "workspace"]


class Past(Contract):
    """What a fact was, until `until`; `value` is None where it was forgotten."""

    value: JsonValue = None
    until: AwareDatetime


class KnownFact(Contract):
    """A fact as it is. `source` is how it came to be known, `history` what it was, newest first, at most five."""

    name: str
    value: JsonValue
    scope: Scope = "person"
    source: Literal["said", "button", "schedule", "dashboard"] = "said"
    since: AwareDatetime
    with_fact: str | None = None  # the fact in whose message this one was told, which tells a derived one
    history: list[Past] = []


class HeldRequest(Contract):
    """A claim that is held: what is asked for is its person's, in its conversation."""

    message_id: Id
    fence: int


class Book(Contract):
    """All that is known of a person, and of the channel and workspace they speak in."""

    facts: list[KnownFact] = []
    schedules: list[KnownSchedule] = []


class RecallRequest(HeldRequest):
    """Another message of the same person, by its reference; where that is empty, the last one here that an action answered."""

    reference: str


class Recalled(Contract):
    """`found` is false for what is not theirs, or erased. `can_undo` says that it changed something that may be undone.

    `choices` are what its own replies offered to press, but for undoing, reporting and correcting it.
    """

    found: bool
    reference: str = ""
    text: str = ""
    feature: str | None = None
    command: str | None = None
    can_undo: bool = False
    choices: list[Choice] = Field(default=[], max_length=5)


class Report(Contract):
    """An answer that somebody reported: its reference and what it was about, without a word of what was said."""

    reference: str
    feature: str | None = None
    command: str | None = None
    outcome: str
    reason: str = ""
    at: AwareDatetime


class Reports(Contract):
    """The newest first, at most 20. `allowed` is false where the person is no admin of the installation."""

    allowed: bool
    reports: list[Report] = []
