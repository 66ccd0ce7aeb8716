"""When a rule is due: pure functions of a rule and an instant. docs/scheduling.md tells the policy for changes of clocks.

cronsim reads the five fields and walks along wall times that know no zone; what the zone makes of them is decided here. Its own
walk in a zone drops runs where a clock is put forward or back by half an hour (Australia/Lord_Howe).
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from jeeves_contracts.schedules import Rule

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HORIZON = timedelta(days=3660)  # what is not due within ten years counts as never
OVERLAP = timedelta(hours=4)  # clocks are put back by three hours at most
FIELDS = 5
WINDOW = timedelta(minutes=15)


class RuleError(ValueError):
    """A rule that cannot be kept. `key` names the sentence in `words.py`, `values` are its places."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def zone_of(name: str) -> ZoneInfo:
    """Return a zone of the IANA database. Raises RuleError."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # none of this name, no name of a zone at all, a folder of zones
        raise RuleError("unknown_zone", zone=name) from None


def cron_of(text: str, wall: datetime) -> CronSim:
    """Return the wall times of five fields, the first of them after `wall`. Raises RuleError."""
    if len(text.split()) != FIELDS:
        raise RuleError("bad_cron", cron=text)
    try:
        return CronSim(text, wall)
    except CronSimError:
        raise RuleError("bad_cron", cron=text) from None


def check(rule: Rule, now: datetime) -> datetime:
    """Return when a rule that is given now is due first. Raises RuleError for one that nobody can read, or that never is."""
    zone_of(rule.timezone)
    due = next_due(rule, now, now)
    if due is None:
        raise RuleError("past" if rule.at is not None and rule.at <= now else "never")
    return due


def next_due(rule: Rule, after: datetime, since: datetime) -> datetime | None:
    """Return the first due instant later than `after`, None when there is none within ten years.

    `since` is when the rule was given: intervals count from there.
    """
    if rule.at is not None:
        due = rule.at if rule.at > after else None
    elif rule.every_seconds is not None:
        every = timedelta(seconds=rule.every_seconds)
        due = since + max(1, (after - since) // every + 1) * every
    else:
        due = _next_cron(rule.cron or "", zone_of(rule.timezone), after)
    return due.astimezone(UTC) if due is not None and due - after <= HORIZON else None


def newest_due(rule: Rule, since: datetime, first: datetime, now: datetime, count: int) -> list[datetime]:
    """Return the newest `count` due instants from `first` to `now`, both included, oldest first."""
    start, later = first, now  # from `later` on there are too few
    while later - start > WINDOW:
        middle = start + (later - start) / 2
        if len(list(islice(_due_from(rule, since, middle, now), count))) == count:
            start = middle
        else:
            later = middle
    return list(deque(_due_from(rule, since, start, now), maxlen=count))


def _due_from(rule: Rule, since: datetime, start: datetime, now: datetime) -> Iterator[datetime]:
    due = next_due(rule, start - timedelta(microseconds=1), since)
    while due is not None and due <= now:
        yield due
        due = next_due(rule, due, since)


def by_the_hour(cron: CronSim, text: str) -> bool:
    """Tell whether a rule names no hours of the day, so that it runs on elapsed time."""
    return "*" in text.split()[1] or len(cron.hours) == 24  # noqa: PLR2004


def _next_cron(text: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    here = _wall(after, zone)
    cron = cron_of(text, here)
    if not by_the_hour(cron, text):
        return next((due for wall in _within(cron, here) if (due := _once(wall, zone)) is not None and due > after), None)
    if _offset(after + OVERLAP, zone) < _offset(after, zone):  # minutes that have passed may be shown again
        cron = cron_of(text, here - OVERLAP)
    best: datetime | None = None
    for wall in _within(cron, here):
        shown = _shown(wall, zone)
        later = next((due for due in shown if due > after), None)
        if later is not None and (best is None or later < best):
            best = later
        if best is not None and shown and shown[0] >= best:  # what follows is later still
            break
    return best


def _within(cron: CronSim, here: datetime) -> Iterator[datetime]:
    for wall in cron:
        if wall - here > HORIZON:
            return
        yield wall


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _instants(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return what `wall` is by the offset before, and by the one after, a change of the clock; the same where there is none."""
    return tuple(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))  # type: ignore[return-value]


def _shown(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the instants at which the clock shows `wall`: one, none in a gap, two in an overlap."""
    return sorted({instant for instant in _instants(wall, zone) if _wall(instant, zone) == wall})


def _once(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first instant at which the clock shows `wall`, or the first minute after the gap that it lies in.

    None where the calendar left out the whole day.
    """
    before, after = _instants(wall, zone)
    if _wall(before, zone) == wall:
        return before
    gap = before - after  # in a gap `after` is so much too early
    if gap >= DAY:
        return None
    passed = bisect_left(range(gap // MINUTE), x=True, key=lambda minutes: _wall(after + minutes * MINUTE, zone) > wall)
    return after + passed * MINUTE
