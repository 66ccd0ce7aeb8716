"""Times as people mean them, before anybody knows which day it is in that place."""

from dataclasses import dataclass, fields, replace
from typing import Literal, TypeAlias

Part = Literal["morning", "afternoon", "evening", "night"]
PARTS: tuple[Part, ...] = ("morning", "afternoon", "evening", "night")
Week = Literal["coming", "this", "next"]
MOST = 16  # days that the provider tells, today among them
WEEK = 7
NOON = 12


@dataclass(frozen=True)
class Ahead:
    """So many days from today; past ones are negative."""

    days: int


@dataclass(frozen=True)
class Weekday:
    """A day of the week, Monday is 0: the first after today (`coming`), today or after (`this`), in the week that follows."""

    number: int
    week: Week = "coming"


@dataclass(frozen=True)
class OnDate:
    """A day of a month; the next that comes where month or year are not said."""

    day: int
    month: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class Span:
    """A `week` is seven days from today, or the one that follows; `days` begin today; `far` is later than anybody knows."""

    kind: Literal["weekend", "week", "days", "far", "past"]
    next: bool = False
    count: int = 0


@dataclass(frozen=True)
class Time:
    """A time on the clock; 24:00 is where a day ends. `vague` where it may be before or after noon: `at 6`."""

    hour: int
    minute: int = 0
    vague: bool = False

    def within(self, part: Part) -> "Time":
        """Return what it is in a part of the day: 8 in the evening is 20."""
        late = part in ("afternoon", "evening") or (part == "night" and self.hour >= NOON // 2)
        return Time(self.hour + NOON, self.minute) if late and self.vague else replace(self, vague=False)


Day: TypeAlias = Ahead | Weekday | OnDate


@dataclass(frozen=True)
class When:
    """What was said of the time, in slots that fill each other up. Nothing said is now.

    `days` are one or several days, all of those between two where `through`. `minutes` is how far from now, `hours` how many
    from now on. `rest` is the rest of the day, `now` was said with that word.
    `never` is what there is not: `25:00`, `31 February`.
    """

    days: tuple[Day, ...] = ()
    through: bool = False
    span: Span | None = None
    time: Time | None = None
    part: Part | None = None
    minutes: int | None = None
    hours: int = 0
    rest: bool = False
    now: bool = False
    never: str = ""

    def __bool__(self) -> bool:
        return self != When()

    @property
    def has_day(self) -> bool:
        """It says which day, or days."""
        return bool(self.days or self.span)

    @property
    def is_days(self) -> bool:
        """It says which day, or days, and no time in them."""
        return self.has_day and not self._says_a_time

    @property
    def reach(self) -> int:
        """How many days after today it may lie at most."""
        if self.span:
            return {"weekend": WEEK - 1, "week": WEEK - 1, "days": self.span.count - 1}.get(self.span.kind, 0) + (
                WEEK if self.span.next else 0
            )
        late = max(map(_reach, self.days), default=0) + (WEEK if self.through else 0)
        return late + 1 + (self.minutes or 0) // (24 * 60) + self._ends_a_day  # a time that is past today is tomorrow's

    def plus(self, other: "When") -> "When | None":
        """Return both together; None when they say different things about one slot, so that one of them must mean another."""
        if self.has_day and other.has_day:
            return None
        both = When(**{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)})
        if not (self._says_a_time and other._says_a_time):  # noqa: SLF001 - another one of us
            return both
        if both.time and both.part and not ((self.time and other.time) or (self.part and other.part)):
            return replace(both, time=both.time.within(both.part), part=None)
        return None

    @property
    def _says_a_time(self) -> bool:
        return bool(self.time or self.part or self.rest or self.hours or self.minutes is not None)

    @property
    def _ends_a_day(self) -> bool:
        return self.time is not None and self.time.hour == 2 * NOON


@dataclass(frozen=True)
class Heard:
    """A time that words mean. Where it is not `sure`, they may as well begin a name."""

    when: When
    sure: bool = True


def _reach(day: Day) -> int:
    if isinstance(day, Ahead):
        return day.days
    if isinstance(day, Weekday):
        return 2 * WEEK - 1 if day.week == "next" else WEEK
    return MOST - 1
