"""Times that come again, in words: `every weekday`, `on Mondays and Fridays`, `daily`. Hours are read with the other times."""

import re
from dataclasses import dataclass

from actions_weather.reading.days import part
from actions_weather.reading.numbers import ANY_DAY, COUNT, DAY_NUMBERS, DAYS, one_of
from actions_weather.reading.when import PARTS, Part, Time

MORNING, EVENING, NOON = Time(7), Time(18), Time(12)
EVERY_DAY, WEEKDAYS, WEEKEND = frozenset(range(7)), frozenset(range(5)), frozenset({5, 6})
_EACH = "every(?: single)?|each"
_PLURAL = one_of(f"{day}s" for day in DAYS)
_LIST = r"(?:,? and |, ?| & | )"
_GROUPS = {
    "day": EVERY_DAY, "night": EVERY_DAY, "morning": EVERY_DAY, "afternoon": EVERY_DAY, "evening": EVERY_DAY,
    "weekday": WEEKDAYS, "week day": WEEKDAYS, "workday": WEEKDAYS, "working day": WEEKDAYS, "work day": WEEKDAYS,
    "business day": WEEKDAYS, "weekend": WEEKEND, "weekend day": WEEKEND,
}  # fmt: skip
_DAYS = one_of(name for name in _GROUPS if name.endswith(("day", "end")) and name != "day")
_GROUP = re.compile(
    rf"(?:(?:on )?(?:{_EACH}) (?P<one>{one_of(_GROUPS)})s?|(?:on |at )?(?P<many>{_DAYS})s"
    rf"|(?:in the |on )(?P<parts>{one_of(PARTS)})s)(?: (?P<part>{one_of(PARTS)})s?)?"
)
_ONE = re.compile(rf"(?:on )?(?:{_EACH}) (?P<days>(?:{ANY_DAY})(?:{_LIST}(?:{ANY_DAY}))*)(?: (?P<part>{'|'.join(PARTS)}))?")
_MANY = re.compile(rf"(?:on )?(?P<days>(?:{_PLURAL})(?:{_LIST}(?:{_PLURAL}))*)")
_RANGE = re.compile(rf"(?:{_EACH}) (?P<first>{ANY_DAY}) (?:to|through|till|until|-) (?P<last>{ANY_DAY})")
_DAILY = re.compile("daily|once a day|each and every day")
_OTHERWISE = re.compile(
    rf"(?:{_EACH}) (?:(?:other|second|third|{COUNT}) )?(?:second|minute|min|hour|hr|day|week|month|year|{ANY_DAY})s?"
    r"|hourly|weekly|fortnightly|monthly|(?:once|twice|\d times|several times) (?:an? )?(?:hour|day|week|month)"
)


PATTERNS = (_GROUP, _ONE, _MANY, _RANGE, _DAILY, _OTHERWISE)


@dataclass(frozen=True)
class Recurring:
    """Days of the week, Monday is 0; none where no schedule of ours does that. `part` is a part of those days."""

    days: frozenset[int]
    part: Part | None = None

    @property
    def usual(self) -> Time:
        """When people mean who name no hour."""
        return {"afternoon": NOON, "evening": EVENING, "night": EVENING}.get(self.part or "", MORNING)

    def cron(self, time: Time) -> str:
        """Return the rule of these days at that time, in cron's five fields (Sunday is 0 there)."""
        numbers = sorted((day + 1) % 7 for day in self.days)
        days = "*" if len(numbers) == len(EVERY_DAY) else "1-5" if self.days == WEEKDAYS else ",".join(map(str, numbers))
        return f"{time.minute} {time.hour % 24} * * {days}"


def recurring_of(text: str) -> Recurring | None:
    """Read a time that comes again, and is all of a folded text."""
    if found := _GROUP.fullmatch(text):
        group = found["one"] or found["many"] or found["parts"]
        return Recurring(_GROUPS[group], part(found["part"] or group))
    if found := _RANGE.fullmatch(text):
        first, last = DAY_NUMBERS[found["first"]], DAY_NUMBERS[found["last"]]
        return Recurring(frozenset((first + n) % 7 for n in range((last - first) % 7 + 1)))
    if found := _ONE.fullmatch(text) or _MANY.fullmatch(text):
        names = re.findall(ANY_DAY, found["days"])
        return Recurring(frozenset(DAY_NUMBERS[name] for name in names), part(found.groupdict().get("part")))
    if _DAILY.fullmatch(text):
        return Recurring(EVERY_DAY)
    return Recurring(frozenset()) if _OTHERWISE.fullmatch(text) else None
