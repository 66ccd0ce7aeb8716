"""Times within a day in words: `at 6pm`, `18:00`, `at noon`, `in the evening`, `in two hours`, `now`."""

import re
from collections.abc import Callable

from actions_weather.reading.days import part
from actions_weather.reading.numbers import COUNT, HOUR, HOURS_SPOKEN, counted
from actions_weather.reading.when import MOST, NOON, PARTS, Ahead, Heard, Span, Time, When

HOURS, MINUTES = 24, 60
_NOW = re.compile("(?:right |just )?now|currently|at the moment|at present|atm|as of now|rn")
_LATER = re.compile("later(?: (?:today|on))?|(?:for )?the rest of (?:the day|today)")
_NEXT = re.compile(
    rf"(?:(?:for|over|during|in|within) )?(?:the )?(?:next|coming|following) (?:(?P<count>{COUNT}) )?(?:hour|hr)s?"
)
_PART = re.compile(f"(?:in the|during the|by|at) (?P<part>{'|'.join(PARTS)})")
_IN = re.compile(rf"(?:in|within) (?P<count>{COUNT}) (?P<unit>minute|min|hour|hr)s?|in half an hour")
_CLOCK = re.compile(
    r"(?P<at>(?:at|around|about|by|@) ?)?(?P<hour>\d{1,2})(?:(?P<mark>[:.h])(?P<minute>\d\d))?"
    r" ?(?:(?P<half>am|pm|a\.m|p\.m)\.?|(?P<sure>o'clock|h|hrs|hours|uhr))?"
    r"(?P<of> in the (?:morning|afternoon|evening)| at night)?"
)
_SPOKEN = re.compile(
    rf"(?:at|around|about|by) (?:(?P<part>half past|(?:a )?quarter (?:past|to)) )?(?P<hour>\d{{1,2}}|{HOUR})"
    r"(?: ?(?P<half>am|pm))?"
)
_NAMED = re.compile("(?:at|around|about|by) (?P<name>noon|midday|midnight|lunch ?time)")


def _in(found: re.Match[str]) -> Heard:
    count = counted(found["count"]) if found["count"] else MINUTES // 2
    minutes = count * (MINUTES if (found["unit"] or "").startswith("h") else 1)
    return Heard(When(minutes=minutes) if minutes < MOST * HOURS * MINUTES else When(span=Span("far")))


def _next(found: re.Match[str]) -> Heard:
    """Read `the next 12 hours`; many hours are days."""
    hours = counted(found["count"] or ("few" if found[0].endswith("s") else "1"))
    days = -(-hours // HOURS)
    if days <= 1:
        return Heard(When(hours=hours) if hours else When(now=True))
    return Heard(When(span=Span("days", count=days) if days <= MOST else Span("far")))


def _clock(found: re.Match[str]) -> Heard | None:
    hour, minute, of = int(found["hour"]), int(found["minute"] or 0), found["of"] or ""
    half = (found["half"] or "")[:1] or ("" if not of else "a" if of.endswith("morning") else "p")
    if not (found["at"] or half or found["sure"] or found["mark"] in (":", "h")):
        return None  # a number that nobody called a time
    if hour == HOURS and not (found["at"] or found["mark"]):
        return None  # a day long
    if found["mark"] == "." and not (found["at"] or half):
        return None
    never = Heard(When(never=found[0].removeprefix(found["at"] or "").strip()))
    if minute >= MINUTES:
        return never
    if half and 1 <= hour <= NOON:
        night = of.endswith("night") and (hour < NOON // 2 or hour == NOON)  # 2 at night is not 14
        hour = hour % NOON + (NOON if half == "p" and not night else 0)
    elif found["half"] or hour > HOURS or (hour == HOURS and minute):
        return never if found["half"] or found["mark"] else None
    vague = not (half or found["sure"] or found["hour"].startswith("0")) and 1 <= hour < NOON
    return Heard(When(time=Time(hour, minute, vague)))


def _spoken(found: re.Match[str]) -> Heard | None:
    """Read `at half past seven`, `at nine`: the latter may as well begin a name."""
    said, part_of = found["hour"], (found["part"] or "").removeprefix("a ")
    hour = HOURS_SPOKEN[said] if said in HOURS_SPOKEN else int(said)
    if not 1 <= hour <= (NOON if found["half"] else HOURS - 1):
        return None
    before = part_of == "quarter to"
    if found["half"]:
        hour = hour % NOON + (NOON if found["half"] == "pm" else 0)
    minutes = hour * MINUTES + {"half past": 30, "quarter past": 15, "quarter to": -15}.get(part_of, 0)
    vague = not found["half"] and 1 <= hour < NOON + before
    hour, minute = divmod(minutes % (HOURS * MINUTES), MINUTES)
    return Heard(When(time=Time(hour, minute, vague)), sure=bool(part_of))


#: In this order: the first that fits.
CLOCK: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Heard | None]], ...] = (
    (_NOW, lambda _: Heard(When(now=True), sure=False)),
    (_LATER, lambda _: Heard(When(days=(Ahead(0),), rest=True), sure=False)),
    (_NEXT, _next),
    (_PART, lambda found: Heard(When(part=part(found["part"])))),
    (_IN, _in),
    (_CLOCK, _clock),
    (_SPOKEN, _spoken),
    (_NAMED, lambda found: Heard(When(time=Time(0 if found["name"] == "midnight" else NOON)))),
)
