"""The weather that comes by itself: a schedule of a person's own, which they put and end with a sentence."""

from actions_weather.reading.heard import Said
from actions_weather.reading.recurring import EVERY_DAY, WEEKDAYS, WEEKEND, Recurring
from actions_weather.reading.when import Time
from actions_weather.telling.days import weekday
from actions_weather.words import WORDS
from jeeves_contracts.schedules import Rule, Timing

EXPIRES = 3600  # seconds after which nobody needs the morning's weather any more


def time_for(said: Said, recurring: Recurring) -> Time:
    """Return the hour that was said, else the usual one of that part of the day."""
    part = said.when.part or recurring.part
    if said.when.time:
        return said.when.time.within(part) if part else said.when.time
    return Recurring(recurring.days, part).usual


def timing(recurring: Recurring, at: Time, zone: str) -> Timing:
    """Return when it is to come: a wall time in a zone."""
    return Timing(rule=Rule(cron=recurring.cron(at), timezone=zone), expires_seconds=EXPIRES)


def days_for(recurring: Recurring, locale: str | None) -> str:
    """Name the days: `every weekday`, `every Monday and Friday`."""
    known = {EVERY_DAY: "daily.day", WEEKDAYS: "daily.weekday", WEEKEND: "daily.weekend"}
    if key := known.get(recurring.days):
        return WORDS.text(key, locale)
    *first, last = (weekday(number, locale) for number in sorted(recurring.days))
    names = WORDS.text("and", locale, first=", ".join(first), last=last) if first else last
    return WORDS.text("daily.days", locale, days=names)
