"""Days in words: `tomorrow`, `on Friday evening`, `this weekend`, `next 3 days`, `in two weeks`, `24 December`.

A pattern is all of a short, folded text. A reader returns what it means, and whether the words are sure: `Friday` alone may as
well begin a name, `on Friday` does not.
"""

import re
from calendar import monthrange
from collections.abc import Callable

from actions_weather.reading.numbers import ANY_DAY, COUNT, DAY_NUMBERS, LONG_DAY, MONTH, MONTH_NUMBERS, MONTHS, counted
from actions_weather.reading.when import MOST, NOON, PARTS, WEEK, Ahead, Heard, OnDate, Part, Span, Time, Week, Weekday, When

LAST_DAY, LAST_MONTH = 31, 12
LEAP = 2000  # a year that has every day
FAR, PAST = When(span=Span("far")), When(span=Span("past"))
GLUE = r"(?:and |or |then )?(?:(?:for|on|of|by|over|during|at|from|around|about) )?(?:the )?"
_PART = "|".join(PARTS)
_TOMORROW = "tomorrow|tomorow|tommorow|tommorrow|tomorrrow|tmrw|tmr"
_NEAR = re.compile(
    rf"{GLUE}(?:(?P<today>today(?:'s)?)|(?P<after>day after (?:{_TOMORROW})|overmorrow)|(?P<tomorrow>(?:{_TOMORROW})(?:'s)?)"
    rf"|(?P<this>this))(?:(?:(?: in the| at)? (?P<part>{_PART}))|(?P<noon>(?: at)? (?:noon|midday)))?"
)
_TONIGHT = re.compile(f"{GLUE}(?:tonight|tonite)")
_WEEKDAY = re.compile(
    rf"(?P<glue>{GLUE})(?P<week>(?:this|next|coming|this coming) )?(?P<day>{ANY_DAY})(?:(?: in the| at)? (?P<part>{_PART}))?"
)
_IN_DAYS = re.compile(
    rf"in (?P<count>{COUNT}) (?P<unit>day|week|month|year)s?|(?P<later>{COUNT}) (?P<unit2>day|week)s? from now"
)
_SPAN = re.compile(
    rf"{GLUE}(?:(?P<week>this|next|coming|following) )?(?:(?P<weekend>weekend)|week(?: ahead)?|(?P<far>month|year|season))"
)
_REST_OF_WEEK = re.compile("(?:for )?the rest of the week")
_DAYS = re.compile(
    rf"(?:(?:for |over |during |in |within )?(?:the )?(?:next|coming|following) (?:(?P<count>{COUNT}) )?|for (?P<of>{COUNT}) |"
    r"(?P<bare>\d{1,3})[ -])days?"
)
_DATE = re.compile(
    rf"(?:on )?(?:(?:{ANY_DAY}),? )?(?:the )?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?,? (?:of )?(?P<month>{MONTH})\.?"
    rf"|(?P<month2>{MONTH})\.? (?:the )?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)(?:,? (?P<year>\d{{4}}))?"
)
_ISO = re.compile(r"(?:on )?(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
_NTH = re.compile(r"(?:on )?the (?P<day>\d{1,2})(?:st|nd|rd|th)")
_PAST = re.compile(
    rf"yesterday(?: (?:{_PART}))?|(?:the )?day before yesterday|(?:last|previous) (?:night|week|weekend|month|year|{LONG_DAY})"
    rf"|{COUNT} (?:day|week|month|year|hour|minute)s? ago"
)


def _near(found: re.Match[str]) -> Heard | None:
    if found["this"] and not found["part"]:
        return None
    days = 1 if found["tomorrow"] else 2 if found["after"] else 0
    return Heard(When(days=(Ahead(days),), part=part(found["part"]), time=Time(NOON) if found["noon"] else None))


def _weekday(found: re.Match[str]) -> Heard | None:
    said = (found["week"] or "").strip()
    sure = bool(said or found["part"]) or found["glue"].startswith(("on ", "over "))
    if found["day"] in ("sat", "sun", "mon") and not sure:  # Morning Sun is a town
        return None
    week: Week = "next" if said == "next" else "this" if said.startswith("this") else "coming"
    return Heard(When(days=(Weekday(DAY_NUMBERS[found["day"]], week),), part=part(found["part"])), sure=sure)


def _in_days(found: re.Match[str]) -> Heard:
    unit = found["unit"] or found["unit2"]
    days = counted(found["count"] or found["later"]) * (WEEK if unit == "week" else 1)
    return Heard(FAR if unit in ("month", "year") else When(days=(Ahead(days),)))


def _span(found: re.Match[str]) -> Heard | None:
    kind = found["week"] or ""
    if found["far"]:
        return Heard(FAR) if kind == "next" else None
    if not kind and " " not in found[0]:
        return None  # `week` and `weekend` alone may be part of a name
    return Heard(When(span=Span("weekend" if found["weekend"] else "week", next=kind in ("next", "following"))))


def _days(found: re.Match[str]) -> Heard:
    count = counted(found["count"] or found["of"] or found["bare"] or "3")
    return Heard(When(span=Span("days", count=count)) if 0 < count <= MOST else FAR, sure=not found["bare"])


def _date(found: re.Match[str]) -> Heard | None:
    return _on(int(found["day"] or found["day2"]), MONTH_NUMBERS[found["month"] or found["month2"]], found["year"])


def _iso(found: re.Match[str]) -> Heard | None:
    return _on(int(found["day"]), int(found["month"]), found["year"]) or Heard(When(never=found[0].removeprefix("on ")))


def _on(day: int, month: int | None, year: str | None = None) -> Heard | None:
    if day < 1 or (month is not None and not 1 <= month <= LAST_MONTH) or (month is None and day > LAST_DAY):
        return None
    if month and day > monthrange(max(int(year or LEAP), 1), month)[1]:
        return Heard(When(never=" ".join(filter(None, (str(day), MONTHS[month - 1].capitalize(), year)))))
    return Heard(When(days=(OnDate(day, month, int(year) if year else None),)))


def part(name: str | None) -> Part | None:
    """Return the part of a day of this name, if it is one."""
    return next((known for known in PARTS if known == name), None)


#: In this order: the first that fits.
DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Heard | None]], ...] = (
    (_NEAR, _near),
    (_TONIGHT, lambda _: Heard(When(days=(Ahead(0),), part="night"))),
    (_WEEKDAY, _weekday),
    (_IN_DAYS, _in_days),
    (_REST_OF_WEEK, lambda _: Heard(When(days=(Ahead(0), Weekday(6, "this")), through=True))),
    (_SPAN, _span),
    (_DAYS, _days),
    (_DATE, _date),
    (_ISO, _iso),
    (_NTH, lambda found: _on(int(found["day"]), None)),
    (_PAST, lambda _: Heard(PAST)),
)
