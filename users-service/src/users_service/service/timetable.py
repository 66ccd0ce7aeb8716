"""Rules and instants in words: “every weekday at 07:30 (Europe/Paris), next Thu 26 Nov 07:30”."""

from datetime import datetime, timedelta

from cronsim import CronSim

from jeeves_contracts.schedules import Rule
from users_service.domain.receipts import short
from users_service.domain.recurrence import by_the_hour, cron_of, next_due, zone_of
from users_service.words import words

WEEK, WEEKDAYS, WEEKEND = set(range(1, 8)), set(range(1, 6)), {6, 7}
TIMES = 4  # times of a day that are named one by one
MONTH = range(1, 32)
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a wall time: any will do
UNITS = ((86_400, "schedule_days"), (3600, "schedule_hours"), (60, "schedule_minutes"), (1, "schedule_seconds"))


def told(rule: Rule, since: datetime, after: datetime, locale: str | None, *, count: int = 2, command: str = "") -> str:
    """Return a rule with its next times; between them what is done, where that is given."""
    due, times = next_due(rule, after, since), list[str]()
    while due is not None and len(times) < count:
        times.append(moment(due, rule.timezone, after, locale))
        due = next_due(rule, due, since)
    plain = in_words(rule, after, locale)
    if command:
        plain = words("schedule_of", locale, rule=plain, command=f"`{short(command)}`")
    if not times or rule.at is not None:
        return plain
    return words("schedule_next", locale, rule=plain, times=", ".join(times))


def in_words(rule: Rule, now: datetime, locale: str | None) -> str:
    """Return a rule as people say it; times of day in its zone."""
    if rule.at is not None:
        return words("schedule_once", locale, time=moment(rule.at, rule.timezone, now, locale), zone=rule.timezone)
    if rule.every_seconds is not None:
        return _interval(rule.every_seconds, locale)
    text = " ".join((rule.cron or "").upper().split())
    cron = cron_of(text, EPOCH)
    days, times = _days(cron, text, locale), _times(cron, text, locale)
    if days is None or times is None:
        return words("schedule_cron", locale, cron=text, zone=rule.timezone)
    return words("schedule_at", locale, days=days, times=times, zone=rule.timezone)


def moment(instant: datetime, zone: str, now: datetime, locale: str | None) -> str:
    """Return an instant as `Thu 26 Nov 07:30`, with its year where that is not this one."""
    here = instant.astimezone(zone_of(zone))
    date = words(
        "schedule_date",
        locale,
        day=words("days_short", locale).split()[here.weekday()],
        date=here.day,
        month=words("months_short", locale).split()[here.month - 1],
    )
    year = f" {here.year}" if here.year != now.astimezone(here.tzinfo).year else ""
    return f"{date}{year} {here:%H:%M}"


def _interval(seconds: int, locale: str | None) -> str:
    unit, key = next((unit, key) for unit, key in UNITS if seconds % unit == 0)
    count = timedelta(seconds=seconds) // timedelta(seconds=unit)
    return words(f"{key}_one", locale) if count == 1 else words(key, locale, count=count)


def _days(cron: CronSim, text: str, locale: str | None) -> str | None:
    """Return which days; None where that takes more than a few words."""
    weekdays = {number % 7 or 7 for number in cron.weekdays if isinstance(number, int)}
    every_date, every_weekday = cron.days == set(MONTH), weekdays == WEEK
    if any(not isinstance(number, int) for number in cron.weekdays) or len(cron.months) < 12:  # noqa: PLR2004
        return None
    if every_date and every_weekday:
        return words("every_day", locale)
    if every_weekday and text.split()[4] == "*" and min(cron.days) > 0 and len(cron.days) <= TIMES:
        return words("day_of_month", locale, days=_joined([str(day) for day in sorted(cron.days)], locale))
    if not every_date or text.split()[2] != "*":
        return None
    if weekdays in (WEEKDAYS, WEEKEND):
        return words("every_weekday" if weekdays == WEEKDAYS else "every_weekend", locale)
    names = words("days_long", locale).split()
    return words("every_named", locale, days=_joined([names[day - 1] for day in sorted(weekdays)], locale))


def _times(cron: CronSim, text: str, locale: str | None) -> str | None:
    """Return the times of day; None where that takes more than a few words."""
    if by_the_hour(cron, text) or len(cron.hours) * len(cron.minutes) > TIMES:
        return None
    return _joined([f"{hour:02}:{minute:02}" for hour in sorted(cron.hours) for minute in sorted(cron.minutes)], locale)


def _joined(parts: list[str], locale: str | None) -> str:
    if len(parts) == 1:
        return parts[0]
    return words("and", locale, first=", ".join(parts[:-1]), last=parts[-1])
