"""When something is to happen: rules, what became of them, and how due runs are handed out.

A rule is a wall time in a zone (cron), an instant, or an interval. docs/scheduling.md tells the daylight-saving policy.
"""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from jeeves_contracts.base import Contract, Id
from jeeves_contracts.messages import JobDue

Misfire = Literal["run_once", "skip", "all"]
SHORTEST = 60  # seconds between two runs of what a person may ask for


class Rule(Contract):
    """Exactly one of `cron` (five fields, in `timezone`), `at` (once) and `every_seconds`."""

    cron: Annotated[str, Field(max_length=100)] | None = None
    at: AwareDatetime | None = None
    every_seconds: Annotated[int, Field(ge=SHORTEST, le=366 * 86_400)] | None = None
    timezone: Annotated[str, Field(min_length=1, max_length=64)] = "UTC"

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.cron, self.at, self.every_seconds)) != 1:
            raise ValueError("a rule has one of cron, at and every_seconds")
        return self


class Timing(Contract):
    """A rule with what happens to runs that are late.

    `misfire`: of runs missed by more than `grace_seconds`, run none (`skip`), the newest
    (`run_once`) or each (`all`, at most 10).
    A run is of no use `expires_seconds` after it was due.
    """

    rule: Rule
    misfire: Misfire = "run_once"
    grace_seconds: Annotated[int, Field(ge=0, le=86_400)] = 300
    expires_seconds: Annotated[int, Field(ge=60, le=7 * 86_400)] = 3600


class KnownSchedule(Contract):
    """What a person has asked to be done. `feature` is whose it is; `next_due` None when it has no more runs."""

    feature: Id
    name: Id
    command: str
    timing: Timing
    next_due: AwareDatetime | None = None


class LeaseRequest(Contract):
    """`owner` names the asking process; a lease is for 30 s."""

    owner: Id
    limit: int = Field(default=100, ge=1, le=500)


class LeasedRun(Contract):
    """A run to be published, complete."""

    run_id: Id
    job: JobDue


class LeaseAnswer(Contract):
    """`next_in`: seconds until something may be due again, at most 60; 0 when more is due than was handed out."""

    runs: list[LeasedRun] = []
    next_in: float = 60.0


class PublishedRequest(Contract):
    """These runs are on the bus, confirmed."""

    owner: Id
    run_ids: list[Id] = Field(max_length=500)


class PublishedAnswer(Contract):
    """How many of them were noted."""

    noted: int
