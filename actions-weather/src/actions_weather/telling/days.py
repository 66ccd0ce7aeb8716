"""Names of days, as they are told."""

from datetime import date, datetime, timedelta

from actions_weather.words import WORDS


def weekday(number: int, locale: str | None) -> str:
    """Name a day of the week, Monday is 0."""
    return WORDS.text(f"weekday.{number}", locale)


def day_name(day: date, today: date, locale: str | None) -> str:
    """Name a day: `Tomorrow, Friday 16 January`."""
    month = WORDS.text(f"month.{day.month}", locale)
    name = WORDS.text("date", locale, weekday=weekday(day.weekday(), locale), day=day.day, month=month)
    near = {today: "date.today", today + timedelta(days=1): "date.tomorrow"}.get(day)
    return WORDS.text(near, locale, date=name) if near else name


def short_name(day: date, today: date, locale: str | None) -> str:
    """Name a day for a narrow column: `Today`, `Fri 16 Jan`."""
    if day == today:
        return WORDS.text("today", locale)
    month = WORDS.text(f"month.{day.month}", locale)[:3]
    return WORDS.text("date", locale, weekday=weekday(day.weekday(), locale)[:3], day=day.day, month=month)


def clock(at: datetime, locale: str | None) -> str:
    """Tell a time: `18:00`."""
    return WORDS.text("clock", locale, hour=f"{at.hour:02d}", minute=f"{at.minute:02d}")
