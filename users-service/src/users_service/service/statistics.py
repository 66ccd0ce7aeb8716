"""How much was done, by whatever it is to be told apart: numbers of answers, how long they took, how many people asked."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_service.errors import InvalidError
from users_service.domain.histogram import SIZE, percentile
from users_service.domain.periods import ONE, Period, beginning, days, masks, spans
from users_service.repository import activity, statistics
from users_service.repository.statistics import Time, Which
from users_service.scope import OPERATOR, Scope

By = Literal["day", "week", "month", "feature", "command", "installation", "outcome", "trigger"]
COLUMNS: dict[By, str] = {
    "feature": "feature", "command": "command", "installation": "installation_id", "outcome": "outcome", "trigger": "trigger",
}  # fmt: skip
PERSONAL = {"feature", "installation_id"}  # by these people are counted, and by time; not by command, outcome or trigger
LONGEST = 400  # days
MOST = 20_000  # rows of the database
Key = tuple[Any, ...]


@dataclass
class Tally:
    """Numbers of some answers. `people` is None where people are not counted, or not known any more."""

    answers: int = 0
    failed: int = 0
    slowest_ms: int = 0
    buckets: list[int] = field(default_factory=lambda: [0] * SIZE)
    people: int | None = None

    def add(self, row: Any) -> None:
        """Add a row of the repository, or another tally."""
        self.answers += int(row.answers)
        self.failed += int(row.failed)
        self.slowest_ms = max(self.slowest_ms, row.slowest_ms)
        given = row.buckets if isinstance(row, Tally) else row[-SIZE:]
        self.buckets = [had + int(more) for had, more in zip(self.buckets, given, strict=True)]

    def within_ms(self, part: float) -> int | None:
        """Return within how many milliseconds a part (0 to 1) of the answers came."""
        return percentile(self.buckets, self.slowest_ms, part)


@dataclass(frozen=True)
class Asked:
    """Days in UTC, both included; what to tell apart by; and, where they are given, of which feature and outcome alone."""

    first: date
    last: date
    by: tuple[By, ...] = ()
    feature: str | None = None
    outcome: str | None = None

    @property
    def period(self) -> Period | None:
        """By which length of time, None where by none."""
        return next((one for one in self.by if one in ("day", "week", "month")), None)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(COLUMNS[one] for one in self.by if one in COLUMNS)

    def period_of(self, day: date) -> date:
        return beginning(day, self.period) if self.period else self.first

    def key(self, day: date, kinds: Collection[Any]) -> Key:
        """Return a row's keys in the order of `by`. Jeeves' own feature and command are ""."""
        rest = iter(kinds)
        return tuple(next(rest) or "" if one in COLUMNS else self.period_of(day) for one in self.by)


@dataclass(frozen=True)
class Told:
    """Tallies by key, in order of the keys, and of all together."""

    rows: dict[Key, Tally]
    total: Tally


async def tell(scope: Scope, connection: AsyncConnection, asked: Asked, now: datetime) -> Told:
    """Count. Raises InvalidError for what is too long, or falls into too many rows."""
    if not 0 <= (asked.last - asked.first).days < LONGEST:
        raise InvalidError({"to": f"it is on or after `from`, and at most {LONGEST} days are told at once"})
    open_days = await _open(connection, asked, now)
    rows, total = await _answers(scope, connection, asked, open_days), Tally()
    for tally in rows.values():
        total.add(tally)
    if PERSONAL.issuperset(asked.kinds) and asked.outcome is None:
        found = await _people(scope, connection, asked, open_days)
        for key, tally in rows.items():
            tally.people = found.get(key) or None  # somebody was answered; who, is not known for ever
    if asked.outcome is None:
        whole = Asked(asked.first, asked.last, (), asked.feature)
        found = await _people(scope, connection, whole, open_days)
        total.people = found.get(()) or (None if total.answers else 0)
    return Told(dict(sorted(rows.items())), total)


async def _open(connection: AsyncConnection, asked: Asked, now: datetime) -> set[date]:
    """Return the days that are not added up, of those that may have activity."""
    oldest = await activity.oldest(OPERATOR, connection)
    if oldest is None:
        return set()
    first, last = max(asked.first, oldest.date()), min(asked.last, (now + ONE).date())
    had = await activity.rolled(OPERATOR, connection, first, last)
    return {day for day in days(first, last) if day not in had}


async def _answers(scope: Scope, connection: AsyncConnection, asked: Asked, open_days: set[date]) -> dict[Key, Tally]:
    which, by_day = Which(asked.kinds, asked.feature, asked.outcome), asked.period is not None
    rows: dict[Key, Tally] = {}

    def add(day: date, kinds: Collection[Any], row: Any) -> None:
        rows.setdefault(asked.key(day, kinds), Tally()).add(row)

    first, span = int(by_day), (asked.first, asked.last)
    for row in _few(await statistics.closed(scope, connection, which, span, open_days, by_day=by_day, limit=MOST + 1)):
        add(row[0] if by_day else asked.first, row[first : first + len(asked.kinds)], row)
    for day, of in _periods(asked, open_days).items():
        for one in spans(of):
            for row in _few(await statistics.live(scope, connection, which, one, MOST + 1)):
                add(day, row[: len(asked.kinds)], row)
    return rows


def _few(rows: list[Any]) -> list[Any]:
    if len(rows) > MOST:
        raise InvalidError({"by": f"that is more than {MOST} numbers: ask for fewer days, or by less"})
    return rows


async def _people(scope: Scope, connection: AsyncConnection, asked: Asked, open_days: set[date]) -> dict[Key, int]:
    which, found = Which(asked.kinds, asked.feature), dict[Key, int]()
    done = [day for day in days(asked.first, asked.last) if day not in open_days]
    if asked.period == "day":  # somebody is there once a day: nobody has to be told from others
        closed, done = set(done), []
        for row in await statistics.people_by_day(scope, connection, which, masks(closed)):
            month, kinds, numbers = row[0], row[1 : 1 + len(asked.kinds)], row[1 + len(asked.kinds) :]
            for n, number in enumerate(numbers):
                if number and (day := month + n * ONE) in closed:
                    found[asked.key(day, kinds)] = int(number)
    periods = _periods(asked, [*done, *open_days])
    times = [
        Time(masks(day for day in of if day not in open_days), spans(day for day in of if day in open_days))
        for of in periods.values()
    ]
    begins = list(periods)
    for row in await statistics.people(scope, connection, which, times):
        found[asked.key(begins[row[0]], row[1:-1])] = int(row[-1])
    return found


def _periods(asked: Asked, some: Collection[date]) -> dict[date, list[date]]:
    """Return days by the period that they are in."""
    found: dict[date, list[date]] = {}
    for day in sorted(some):
        found.setdefault(asked.period_of(day), []).append(day)
    return found
