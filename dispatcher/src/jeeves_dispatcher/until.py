"""When something ends, in words: `until Monday 8:00`, `for 2 hours`, `until 2026-12-01 08:00`. Pure.

What is said of a day or a time alone is the next such that is still to come; a day without a time is when it begins.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from jeeves_contracts.grammar import TRAILING, folded

LONGEST, SHORTEST = 60, 3  # characters of what may be one, and of a weekday's name
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
NEAR = {"": (0, 1), "today": (0,), "tonight": (0,), "tomorrow": (1,), "the day after tomorrow": (2,)}  # days from today
NUMBERS = {word: number for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight"), 1)}
UNITS = {"minute": 1, "min": 1, "hour": 60, "hr": 60, "h": 60, "day": 24 * 60, "week": 7 * 24 * 60}  # in minutes
NOON, LAST_HOUR, LAST_MINUTE = 12, 23, 59
YEARS, WEEK = 8, 7  # years of which one surely has 29 February
_FOR = re.compile(rf"(?:(\d{{1,4}})|(an?|half an|{'|'.join(NUMBERS)})) ?({'|'.join(UNITS)})s?")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d\d))? ?(am|pm)?|(noon|midday|midnight)")
_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"|(?:the )?(?P<day2>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?P<month2>[a-z]{3,9})\.?,?(?: (?P<year2>\d{4}))?"
    r"|(?P<month3>[a-z]{3,9})\.? (?P<day3>\d{1,2})(?:st|nd|rd|th)?,?(?: (?P<year3>\d{4}))?"
)


def until(words: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the instant that words beginning with `until` or `for` name in a zone; None where they name none.

    It may lie in the past where all of it was said: `until 2020-01-01`.
    """
    said = " ".join(folded(words).strip(TRAILING + " ").split()) if len(words) <= LONGEST else ""
    kind, _, rest = said.partition(" ")
    try:
        if kind == "for":
            return now + timedelta(minutes=minutes) if (minutes := _minutes(rest)) else None
        return _instant(rest, now.astimezone(zone)) if kind in ("until", "till", "til") and rest else None
    except (ValueError, OverflowError):  # the year 0, and 9999 in the west
        return None


def _minutes(said: str) -> float:
    found = _FOR.fullmatch(said)
    if found is None:
        return 0
    count = int(found[1]) if found[1] else 0.5 if found[2] == "half an" else NUMBERS.get(found[2], 1)
    return count * UNITS[found[3]]


def _instant(said: str, now: datetime) -> datetime | None:
    if re.match(r"\d{4}-", said) and (whole := _iso(said, now)):
        return whole
    for day, clock in _parted(said):
        at = _time(clock) if clock else time()
        if at is not None and (days := list(_days(day, now))):
            told = [datetime.combine(one, at, now.tzinfo).astimezone(UTC) for one in days]
            return next((one for one in told if one > now), told[-1])
    return None


def _iso(said: str, now: datetime) -> datetime | None:
    try:
        told = datetime.fromisoformat(said.upper())
    except ValueError:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=now.tzinfo)).astimezone(UTC)


def _parted(said: str) -> Iterator[tuple[str, str]]:
    """Yield a day and a time at each place where one may end and the other begin: `Monday at 8`, `8 on Monday`."""
    yield said, ""
    yield "", said.removeprefix("at ")
    words = said.split(" ")
    for at in range(1, len(words)):
        first, last = " ".join(words[:at]), " ".join(words[at:])
        yield first.rstrip(",").removesuffix(" at"), last.removeprefix("at ")
        yield last, first.removeprefix("at ")


def _time(said: str) -> time | None:
    found = _TIME.fullmatch(said)
    if found is None:
        return None
    if found[4]:
        return time(0 if found[4] == "midnight" else NOON)
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > (NOON if found[3] else LAST_HOUR) or minute > LAST_MINUTE or (found[3] and not hour):
        return None
    return time(hour % NOON + (NOON if found[3] == "pm" else 0) if found[3] else hour, minute)


def _days(said: str, now: datetime) -> Iterator[date]:
    """Yield the days that are meant, the nearest first."""
    said = said.removeprefix("on ")
    if said in NEAR:
        yield from (now.date() + timedelta(days=days) for days in NEAR[said])
    elif (number := _weekday(said.removeprefix("next "))) is not None:
        ahead = (number - now.weekday()) % WEEK
        yield from (now.date() + timedelta(days=n) for n in (ahead, ahead + WEEK) if n or not said.startswith("next "))
    elif found := _DATE.fullmatch(said):
        told = {name.rstrip("23"): value for name, value in found.groupdict().items() if value}
        month = int(told["month"]) if told["month"].isdigit() else _month(told["month"])
        years = [int(told["year"])] if "year" in told else range(now.year, now.year + YEARS + 1)
        yield from _existing(int(told["day"]), month, years)


def _weekday(name: str) -> int | None:
    return next((n for n, day in enumerate(DAYS) if len(name) >= SHORTEST and day.startswith(name)), None)


def _month(name: str) -> int:
    return next((n for n, month in enumerate(MONTHS, 1) if name in (month, month[:3], month[:4])), 0)


def _existing(day: int, month: int, years: Iterable[int]) -> Iterator[date]:
    for year in years:
        try:
            yield date(year, month, day)
        except ValueError:
            continue
