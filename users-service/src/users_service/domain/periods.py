"""Days in UTC, and the weeks (from Monday) and months that they belong to."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal

Period = Literal["day", "week", "month"]
ONE = timedelta(days=1)


def beginning(day: date, of: Period) -> date:
    """Return the first day of the day, week or month that a day is in."""
    if of == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if of == "month" else day


def days(first: date, last: date) -> list[date]:
    """Return every day from one to another, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def whole_month(day: date) -> list[date]:
    """Return every day of the month that a day is in."""
    return days(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def midnight(day: date) -> datetime:
    """Return when a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def bit(day: date) -> int:
    """Return the bit that stands for a day in its month."""
    return 1 << (day.day - 1)


def masks(some: Iterable[date]) -> dict[date, int]:
    """Return days as bits, by the first day of their month."""
    found: dict[date, int] = {}
    for day in some:
        month = day.replace(day=1)
        found[month] = found.get(month, 0) | bit(day)
    return found


def spans(some: Iterable[date]) -> list[tuple[datetime, datetime]]:
    """Return days as (begin, end), those that follow each other as one."""
    found: list[tuple[datetime, datetime]] = []
    for day in sorted(some):
        begin, end = midnight(day), midnight(day + ONE)
        if found and found[-1][1] == begin:
            begin = found.pop()[0]
        found.append((begin, end))
    return found
