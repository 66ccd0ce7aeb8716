"""Which runs of a schedule are done now, and which are not any more (docs/scheduling.md)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from jeeves_contracts.schedules import Timing
from users_service.domain.recurrence import newest_due, next_due

AT_ONCE = 10  # runs of one schedule that are done together, at most
PROMPT = timedelta(seconds=10)  # so late is in time, whatever the grace: schedulers look once a second
Why = Literal["skipped", "expired"]


@dataclass(frozen=True)
class Plan:
    """`runs` are due instants, oldest first. `dropped` is the newest that is not done, and `why`, where none is."""

    runs: tuple[datetime, ...]
    next_due: datetime | None
    dropped: datetime | None = None
    why: Why | None = None


def plan(timing: Timing, since: datetime, first: datetime, now: datetime) -> Plan:
    """Decide on all that was due from `first` to `now`."""
    following = next_due(timing.rule, now, since)
    useful = now - timedelta(seconds=timing.expires_seconds) + timedelta(microseconds=1)
    found = newest_due(timing.rule, since, max(first, useful), now, AT_ONCE)
    grace = max(PROMPT, timedelta(seconds=timing.grace_seconds))
    in_time = [due for due in found if now - due <= grace]
    runs = {"all": found, "run_once": in_time or found[-1:], "skip": in_time}[timing.misfire]
    if runs:
        return Plan(tuple(runs), following)
    why: Why = "skipped" if found else "expired"
    missed = found[-1:] or newest_due(timing.rule, since, first, now, 1)
    return Plan((), following, missed[0] if missed else None, why if missed else None)
