"""When a rule is due, against a walk through every minute of UTC; what is no rule is refused quickly (S135, S136, S137)."""

import random
import string
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jeeves_contracts.schedules import Rule
from users_service.domain.recurrence import RuleError, check, newest_due, next_due

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran", "Africa/Casablanca", "Pacific/Apia",
    "America/Nuuk", "Antarctica/Troll", "Asia/Beirut", "Africa/Cairo", "America/Santiago", "UTC",
)  # fmt: skip


def changes(zone: str) -> list[datetime]:
    """The last quarter of an hour before each change of a zone's clocks from 2024 to 2030, and one moment without."""
    here, at, found = ZoneInfo(zone), datetime(2024, 1, 1, tzinfo=UTC), [datetime(2027, 7, 1, tzinfo=UTC)]
    quarter = timedelta(minutes=15)

    def changed(start: datetime, end: datetime) -> bool:
        return start.astimezone(here).utcoffset() != end.astimezone(here).utcoffset()

    while at.year < 2031:
        if changed(at, at + DAY):
            found += [at + n * quarter for n in range(96) if changed(at + n * quarter, at + (n + 1) * quarter)]
        at += DAY
    return found


CHANGES = {zone: changes(zone) for zone in ZONES}


@dataclass(frozen=True)
class Field:
    """One field as a rule writes it, and what it holds."""

    text: str
    holds: frozenset[int]


def fields(low: int, high: int) -> st.SearchStrategy[Field]:
    """Lists, ranges and steps."""
    numbers = st.integers(low, high)
    listed = st.lists(numbers, min_size=1, max_size=4).map(lambda n: Field(",".join(map(str, n)), frozenset(n)))
    spans = st.tuples(numbers, numbers).map(sorted)
    ranges = spans.map(lambda s: Field(f"{s[0]}-{s[1]}", frozenset(range(s[0], s[1] + 1))))
    steps = st.integers(1, 30).map(lambda n: Field(f"*/{n}", frozenset(range(low, high + 1, n))))
    return st.one_of(listed, ranges, steps, st.just(Field("*", frozenset(range(low, high + 1)))))


@dataclass(frozen=True)
class Given:
    """A rule of the daily kind: minutes, hours, days of the week."""

    minute: Field
    hour: Field
    weekday: Field

    @property
    def text(self) -> str:
        return f"{self.minute.text} {self.hour.text} * * {self.weekday.text}"

    def names(self, wall: datetime) -> bool:
        return (
            wall.minute in self.minute.holds
            and wall.hour in self.hour.holds
            and bool({wall.isoweekday(), wall.isoweekday() % 7} & self.weekday.holds)
        )

    def due(self, zone: str, start: datetime, end: datetime) -> list[datetime]:
        """Walk: what is due later than `start` and up to `end`, which lie on full minutes."""
        here = ZoneInfo(zone)
        if "*" in self.hour.text or len(self.hour.holds) == 24:
            return [at for at in minutes(start, end) if self.names(wall(at, here))]
        found, reached = [], wall(start - DAY, here)
        for at in minutes(start - DAY, end):  # each wall time counts where the clock reaches or passes it first
            passed, reached = reached, max(reached, wall(at, here))
            if at > start and any(self.names(passed + n * MINUTE) for n in range(1, (reached - passed) // MINUTE + 1)):
                found.append(at)
        return found


def minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    """Every minute later than `start` and up to `end`."""
    return (start + n * MINUTE for n in range(1, (end - start) // MINUTE + 1))


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def all_due(rule: Rule, start: datetime, end: datetime) -> list[datetime]:
    """Ask for one after the other."""
    found, due = [], next_due(rule, start, start)
    while due is not None and due <= end:
        found.append(due)
        due = next_due(rule, due, start)
    return found


rules = st.builds(Given, minute=fields(0, 59), hour=fields(0, 23), weekday=fields(0, 7))


@given(st.sampled_from(ZONES), st.randoms(use_true_random=False), rules)
@settings(deadline=None, max_examples=150)
def test_a_rule_is_due_when_a_walk_through_every_minute_says_so(zone: str, chance: random.Random, rule: Given) -> None:  # S137
    start = chance.choice(CHANGES[zone]) - chance.randint(0, 26 * 60) * MINUTE
    end = start + 2 * DAY
    assert all_due(Rule(cron=rule.text, timezone=zone), start, end) == rule.due(zone, start, end)


@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_rule_leaves_out_no_day_and_runs_twice_on_none_whatever_clocks_do(zone: str) -> None:  # S137
    for change in CHANGES[zone]:
        for hour in range(24):
            due = all_due(Rule(cron=f"30 {hour} * * *", timezone=zone), change - 2 * DAY, change + 2 * DAY)
            apart = {after - before for before, after in pairwise(due)}
            assert timedelta(hours=22) <= min(apart) <= max(apart) <= timedelta(hours=26), (change, hour)


TABLE = {
    "the gap of spring, at the first minute after it": (
        "30 2 * * *", "Europe/Berlin", "2027-03-27T12:00Z", ["2027-03-28T01:00Z", "2027-03-29T00:30Z"]),
    "two times in the gap are one run": (
        "0,30 2 * * *", "Europe/Berlin", "2027-03-27T12:00Z", ["2027-03-28T01:00Z", "2027-03-29T00:00Z"]),
    "the overlap of autumn, at the first of both": (
        "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", ["2026-10-25T00:30Z", "2026-10-26T01:30Z"]),
    "asked between both, the next day": (
        "30 2 * * *", "Europe/Berlin", "2026-10-25T01:10Z", ["2026-10-26T01:30Z"]),
    "hours pass as they pass": (
        "0 * * * *", "Europe/Berlin", "2026-10-24T23:30Z", [f"2026-10-25T0{n}:00Z" for n in range(4)]),
    "quarters too, in spring": (
        "*/15 * * * *", "Europe/Berlin", "2027-03-28T00:40Z", ["2027-03-28T00:45Z", "2027-03-28T01:00Z"]),
    "half an hour on Lord Howe": (
        "45 1 * * *", "Australia/Lord_Howe", "2027-04-03T00:00Z", ["2027-04-03T14:45Z", "2027-04-04T15:15Z"]),
    "midnight on a day that begins at one": (
        "0 0 * * *", "Africa/Cairo", "2026-04-23T12:00Z", ["2026-04-23T22:00Z", "2026-04-24T21:00Z"]),
    "late in the evening of a day that ends at eleven": (
        "30 23 * * *", "America/Nuuk", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:30Z"]),
    "a day that the calendar left out": (
        "30 7 * * *", "Pacific/Apia", "2011-12-29T12:00Z", ["2011-12-29T17:30Z", "2011-12-30T17:30Z"]),
    "Monday half past seven, and not Tuesday": (
        "30 7 * * MON", "Europe/Paris", "2026-11-25T09:00Z", ["2026-11-30T06:30Z", "2026-12-07T06:30Z"]),
    "the last day of February in a leap year": (
        "0 9 29 2 *", "UTC", "2026-11-25T09:00Z", ["2028-02-29T09:00Z", "2032-02-29T09:00Z"]),
}  # fmt: skip


@pytest.mark.parametrize(("cron", "zone", "after", "expected"), TABLE.values(), ids=TABLE.keys())
def test_what_the_policy_says_of(cron: str, zone: str, after: str, expected: list[str]) -> None:  # S137
    due, found = datetime.fromisoformat(after), []
    for _ in expected:
        due = next_due(Rule(cron=cron, timezone=zone), due, due)
        assert due is not None
        found.append(due)
    assert found == [datetime.fromisoformat(one) for one in expected]


def test_an_interval_counts_from_when_it_was_given_and_knows_no_clock() -> None:
    rule = Rule(every_seconds=5400, timezone="Europe/Berlin")
    since = datetime(2026, 10, 24, 23, tzinfo=UTC)
    assert next_due(rule, since, since) == since + timedelta(minutes=90)
    assert next_due(rule, since + timedelta(hours=3), since) == since + timedelta(minutes=270)
    assert next_due(rule, since + timedelta(hours=3, seconds=-1), since) == since + timedelta(minutes=180)
    assert next_due(rule, since - DAY, since) == since + timedelta(minutes=90)


def test_an_instant_is_due_once() -> None:
    rule = Rule(at=NOW + DAY)
    assert next_due(rule, NOW, NOW) == NOW + DAY
    assert next_due(rule, NOW + DAY, NOW) is None


HOSTILE: dict[str, Callable[[], Rule]] = {
    "31 February": lambda: Rule(cron="0 0 31 2 *"),
    "a day that no month has": lambda: Rule(cron="0 0 31 4,6,9,11 *"),
    "the 21st that is a last Monday": lambda: Rule(cron="* * */20 * 1L"),
    "a 29 February that is a Sunday, and not soon": lambda: Rule(cron="0 0 29 2 */7", timezone="UTC"),
    "seconds": lambda: Rule(cron="* * * * * *"),
    "too few fields": lambda: Rule(cron="* * * *"),
    "nothing": lambda: Rule(cron=""),
    "a word": lambda: Rule(cron="@daily"),
    "an hour that there is not": lambda: Rule(cron="0 24 * * *"),
    "digits of another script": lambda: Rule(cron="٣ ٧ * * *"),
    "a long number": lambda: Rule(cron=f"{'9' * 80} * * * *"),
    "a zone that there is not": lambda: Rule(cron="0 7 * * *", timezone="Mars/Olympus"),
    "a folder of zones": lambda: Rule(cron="0 7 * * *", timezone="America"),
    "a path": lambda: Rule(cron="0 7 * * *", timezone="../../etc/passwd"),
    "a zone with a NUL": lambda: Rule(cron="0 7 * * *", timezone="UTC\0"),
    "a moment that has passed": lambda: Rule(at=NOW),
    "a moment that nobody lives to see": lambda: Rule(at=datetime(9999, 12, 31, tzinfo=UTC)),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_rule_is_refused_quickly(make: Callable[[], Rule]) -> None:  # S136
    began = time.perf_counter()
    with pytest.raises(RuleError):
        check(make(), datetime(2033, 1, 1, tzinfo=UTC) if "*/7" in (make().cron or "") else NOW)
    assert time.perf_counter() - began < 0.05


@pytest.mark.parametrize("seconds", [-1, 0, 1, 59])
def test_an_interval_under_a_minute_is_no_rule(seconds: int) -> None:  # S136
    with pytest.raises(ValueError, match="greater than or equal to 60"):
        Rule(every_seconds=seconds)


ANYWHERE = ("*", "*/2", "*/20", "1", "1-5", "2/3", "1,2,5")
FIELDS = (
    ("0", "59", "0-59/7"), ("0", "23", "*/5", ",".join(map(str, range(24)))), ("29", "30", "31", "L", "LW"),
    ("2", "JAN", "2,4"), ("MON", "TUE-FRI", "5#3", "5L", "7"),
)  # fmt: skip
WRONG = ("60", "5-1", "*/0", "1,,2", "1#6", "?", "é", "²", "-1", "1//2", "L/2")


def garbled() -> Iterator[str]:
    """Rules that are right, or nearly, and such as nobody would write."""
    chance = random.Random(9)  # noqa: S311
    for number in range(6000):
        parts = [chance.choice(ANYWHERE + own) for own in FIELDS]
        if number % 3 == 0:
            parts[chance.randrange(5)] = chance.choice(WRONG)
        yield " ".join(parts)
    for _ in range(500):
        yield "".join(chance.choices(string.printable, k=chance.randint(0, 100)))


def test_generated_rules_are_each_answered_or_refused_within_fifty_milliseconds() -> None:  # S136
    slowest, refused = 0.0, 0
    for text in garbled():
        began = time.thread_time()
        try:
            check(Rule(cron=text[:100], timezone="Australia/Lord_Howe"), NOW)
        except RuleError:
            refused += 1
        slowest = max(slowest, time.thread_time() - began)
    assert 1000 < refused < 6000
    assert slowest < 0.05, f"{slowest * 1000:.1f} ms"


@pytest.mark.parametrize("cron", ["* * * * *", "30 7 * * *", "0 9 1 * *", "*/10 3 * * *"])
def test_the_newest_of_a_long_time_are_found_without_walking_through_all_of_it(cron: str) -> None:
    rule = Rule(cron=cron, timezone="Europe/Berlin")
    began = time.thread_time()
    found = newest_due(rule, NOW, NOW - 400 * DAY, NOW, 10)
    assert time.thread_time() - began < 0.1
    assert len(found) == 10
    assert next_due(rule, found[-1], NOW) > NOW  # type: ignore[operator]
    assert all(next_due(rule, one, NOW) == following for one, following in pairwise(found))


@pytest.mark.parametrize("days", [1, 7, 400])
def test_the_newest_of_a_crowd_of_long_ago_are_found_as_quickly(days: int) -> None:
    rule = Rule(cron="0-59 0-22 1-20 1 *", timezone="Europe/Berlin")  # 27,600 in January, and none until the next
    now = datetime(2027, 1, 20, 22, tzinfo=UTC) + days % 365 * DAY
    began = time.thread_time()
    found = newest_due(rule, NOW, now - days * DAY, now, 1)
    assert time.thread_time() - began < 0.05
    assert found == ([datetime(2027, 1, 20, 21, 59, tzinfo=UTC)] if days == 400 else [])
