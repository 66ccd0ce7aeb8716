"""Which hours or days a time means in a place, where it is now such a time there. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias

from actions_weather.reading.when import MOST, NOON, WEEK, Ahead, Day, OnDate, Part, Span, Time, Weekday, When

SATURDAY, SUNDAY = 5, 6
GRACE = timedelta(minutes=30)  # a time that has just passed is still meant
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = timedelta(hours=3)  # the least that `later today` tells, even shortly before midnight
#: Hours at which a part of a day begins and ends; the night ends on the next day.
PARTS: dict[Part, tuple[int, int]] = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (20, 30)}


@dataclass(frozen=True)
class Now:
    """Now and today. `day`: it was today that was asked for."""

    day: bool = False


@dataclass(frozen=True)
class Moment:
    """A wall time of the place. `moved`: it is over for today, so that this is tomorrow's."""

    at: datetime
    moved: bool = False


@dataclass(frozen=True)
class Stretch:
    """Hours from `start` until before `end`, wall times; a `part` of the day `of`, the next `hours`, or the rest of the day."""

    start: datetime
    end: datetime
    of: date
    part: Part | None
    moved: bool = False
    hours: int = 0


@dataclass(frozen=True)
class Dates:
    """One or several days, in their order."""

    dates: tuple[date, ...]


Unknown = Literal["past", "far"]
Target: TypeAlias = Now | Moment | Stretch | Dates | Unknown


def resolve(when: When, now: datetime) -> Target:
    """Return what a time means. `now` is the place's wall time; with its zone, hours from now are right where clocks change."""
    later, now = _later(when, now), now.replace(tzinfo=None)
    if when.minutes is not None:
        return _within(Moment(later), now)
    if when.hours:
        return Stretch(_hour(now), later, now.date(), None, hours=when.hours)
    dates = _dates(when, now.date())
    if isinstance(dates, str):
        return dates
    if any(day > last_day(now) for day in dates):
        return "far"
    if any(day < now.date() for day in dates):
        return "past"
    if len(dates) > 1 or when.span:
        return Dates(dates)
    return _in_a_day(when, dates[0] if dates else None, now)


def _in_a_day(when: When, day: date | None, now: datetime) -> Target:
    if when.time:
        return _within(_moment(when.time, day, now), now)
    if when.part:
        return _within(_stretch(when.part, day or now.date(), now), now)
    if when.rest:
        return Stretch(_hour(now), max(_midnight(now.date() + DAY), _hour(now) + SOON), now.date(), None)
    return Dates((day,)) if day and day != now.date() else Now(day=day is not None)


def last_day(now: datetime) -> date:
    """Return the last day of which anything is known."""
    return now.date() + timedelta(days=MOST - 1)


def _within(target: Moment | Stretch, now: datetime) -> Target:
    return "far" if (target.at if isinstance(target, Moment) else target.start).date() > last_day(now) else target


def _later(when: When, now: datetime) -> datetime:
    """Return the wall time that is so much later: clocks are put forward and back, hours go on."""
    ahead = timedelta(minutes=when.minutes or 0, hours=when.hours)
    later = now + ahead if now.tzinfo is None else (now.astimezone(UTC) + ahead).astimezone(now.tzinfo)
    return later.replace(tzinfo=None)


def _moment(at: Time, day: date | None, now: datetime) -> Moment:
    today, into = now.date(), timedelta(hours=at.hour, minutes=at.minute)
    if day is not None and day != today:
        return Moment(_midnight(day) + into)
    for moment in (_midnight(today) + into, *([_midnight(today) + into + NOON * HOUR] if at.vague else [])):
        if moment + GRACE > now:
            return Moment(moment)
    return Moment(_midnight(today + DAY) + into, moved=bool(into))  # the coming midnight is what everybody means


def _stretch(part: Part, day: date, now: datetime) -> Stretch:
    begins, ends = PARTS[part]
    start, end = _midnight(day) + begins * HOUR, _midnight(day) + ends * HOUR
    if end <= now:
        return Stretch(start + DAY, end + DAY, day + DAY, part, moved=True)
    return Stretch(max(start, _hour(now)), end, day, part)


def _dates(when: When, today: date) -> tuple[date, ...] | Unknown:
    if when.span:
        return _span(when.span, today)
    dates = [_date(day, today) for day in when.days]
    known = [day for day in dates if isinstance(day, date)]
    if len(known) < len(dates):
        return "past" if "past" in dates else "far"
    if when.through and len(known) > 1:
        first, last = known[0], known[-1]
        last += timedelta(days=WEEK) if last < first else timedelta()
        return tuple(first + timedelta(days=n) for n in range(min((last - first).days, MOST) + 1))
    return tuple(sorted(set(known)))


def _span(span: Span, today: date) -> tuple[date, ...] | Unknown:
    if span.kind in ("past", "far"):
        return "past" if span.kind == "past" else "far"
    monday = today + timedelta(days=WEEK - today.weekday())  # of the week that follows
    if span.kind == "weekend":
        saturday = monday + timedelta(days=SATURDAY - (0 if span.next else WEEK))
        return tuple(day for day in (saturday, saturday + DAY) if day >= today)
    first, count = (monday, WEEK) if span.next else (today, span.count or WEEK)
    return tuple(first + timedelta(days=n) for n in range(count))


def _date(day: Day, today: date) -> date | Unknown:
    if isinstance(day, Ahead):
        return today + timedelta(days=min(day.days, MOST))
    if isinstance(day, Weekday):
        if day.week == "next":
            return today + timedelta(days=WEEK - today.weekday() + day.number)
        ahead = (day.number - today.weekday()) % WEEK
        return today + timedelta(days=ahead or (WEEK if day.week == "coming" else 0))
    return min((found for found in _candidates(day, today) if found >= today), default="past" if day.year else "far")


def _candidates(wanted: OnDate, today: date) -> Iterator[date]:
    """Yield the dates that may be meant, where there is such a day: of this month and year, or of the next."""
    for month in [wanted.month] if wanted.month else [today.month, today.month % 12 + 1]:
        for year in [wanted.year] if wanted.year else [today.year, today.year + 1]:
            try:
                yield date(year, month, wanted.day)
            except ValueError:
                continue


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
