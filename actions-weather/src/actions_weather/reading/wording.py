"""Times in the words that are read as the same time again: for buttons, for schedules, and to remember what was asked."""

from actions_weather.reading.numbers import DAYS, MONTHS
from actions_weather.reading.when import Ahead, Day, OnDate, Time, Weekday, When

NEAR = {0: "today", 1: "tomorrow"}


def words_for(when: When) -> str:
    """Return the words of a time; empty for now, and for what lies beyond all that anybody knows."""
    if when.rest:
        return "later today"
    if when.minutes is not None:
        return f"in {when.minutes} minutes"
    if when.days == (Ahead(0),) and when.part == "night":
        return "tonight"
    if when.hours:
        return f"for the next {when.hours} hours"
    day = _days(when)
    if when.time:
        return f"{day} {_time(when.time)}".strip()
    if not when.part:
        return day
    if day in ("today", "tomorrow"):
        return f"{'this' if day == 'today' else day} {when.part}"
    named = when.days and all(isinstance(one, Weekday) for one in when.days)
    return f"{day} {when.part}" if named else f"{day} in the {when.part}".strip()


def _days(when: When) -> str:
    if when.span:
        return {
            "weekend": "next weekend" if when.span.next else "this weekend",
            "week": "next week" if when.span.next else "this week",
            "days": f"for {when.span.count} days",
        }.get(when.span.kind, "")
    if len(when.days) == 1:
        return _day(when.days[0])
    return (" to " if when.through else " and ").join(_day(day).removeprefix("on ") for day in when.days)


def _day(day: Day) -> str:
    if isinstance(day, Ahead):
        return NEAR.get(day.days, f"in {day.days} days")
    if isinstance(day, Weekday):
        return f"{'on' if day.week == 'coming' else day.week} {DAYS[day.number].capitalize()}"
    return _date(day)


def _date(date: OnDate) -> str:
    if date.month is None:
        return f"on the {date.day}th"
    return f"on {date.day} {MONTHS[date.month - 1].capitalize()}" + (f" {date.year}" if date.year else "")


def _time(time: Time) -> str:
    if time.vague and not time.hour:
        return "at a quarter to 1"  # all that may be this and past noon
    return f"at {time.hour}:{time.minute:02d}" if time.vague else f"at {time.hour:02d}:{time.minute:02d}"
