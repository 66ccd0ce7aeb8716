"""Which day or hour a time means, in a place where it is Thursday, 15 January 2026, 14:20."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions_weather.reading.heard import hear
from actions_weather.resolve import Dates, Moment, Now, Stretch, last_day, resolve

NOW = datetime(2026, 1, 15, 14, 20)  # noqa: DTZ001 - a wall time, as all here


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute)  # noqa: DTZ001


def on(*days: int) -> Dates:
    return Dates(tuple(date(2026, 1, day) for day in days))


def part(day: int, start: int, end: int, name: str, *, moved: bool = False) -> Stretch:
    return Stretch(at(day, start), at(day, 0) + timedelta(hours=end), date(2026, 1, day), name, moved)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("", Now()), ("now", Now()), ("today", Now(day=True)), ("tomorrow", on(16)),
        ("the day after tomorrow", on(17)),
        ("in 3 days", on(18)), ("in 0 days", Now(day=True)), ("in 15 days", on(30)), ("in 16 days", "far"),
        ("in 999 weeks", "far"),
        ("on Friday", on(16)), ("Thursday", on(22)), ("this Thursday", Now(day=True)), ("on Wednesday", on(21)),
        ("next Monday", on(19)), ("next Friday", on(23)), ("next Thursday", on(22)), ("next Sunday", on(25)),
        ("this weekend", on(17, 18)), ("next weekend", on(24, 25)), ("this week", on(*range(15, 22))),
        ("next week", on(*range(19, 26))), ("next 3 days", on(15, 16, 17)), ("the next day", on(15, 16, 17)),
        ("for 1 day", on(15)), ("for 16 days", on(*range(15, 31))), ("for 17 days", "far"),
        ("the rest of the week", on(*range(15, 19))),
        ("today and tomorrow", on(15, 16)), ("Monday to Wednesday", on(19, 20, 21)), ("Friday to Tuesday", on(*range(16, 21))),
        ("Wednesday to Friday", on(21, 22, 23)), ("until Sunday", on(*range(15, 19))), ("Sunday and Saturday", on(17, 18)),
        ("on 20 January", on(20)), ("15 January", Now(day=True)), ("on the 20th", on(20)),
        ("on the 3rd", "far"),
        ("on 14 January", "far"), ("on 31 January", "far"), ("on 30 January", on(30)),
        ("on the 31st", "far"),
        ("2026-01-20", on(20)), ("2025-12-24", "past"), ("24 December 2025", "past"), ("yesterday", "past"),
        ("last week", "past"),
        ("3 days ago", "past"), ("next month", "far"), ("in 2 months", "far"), ("next year", "far"),
        ("in 20 days", "far"),
        ("at 18:00", Moment(at(15, 18))), ("at 14:00", Moment(at(15, 14))), ("at 13:00", Moment(at(16, 13), moved=True)),
        ("today at 9am", Moment(at(16, 9), moved=True)), ("at 6", Moment(at(15, 18))), ("at 2", Moment(at(15, 14))),
        ("at 12", Moment(at(16, 12), moved=True)), ("at midnight", Moment(at(16, 0))),
        ("at 0:00", Moment(at(16, 0))), ("at 24:00", Moment(at(16, 0))), ("tomorrow at 24:00", Moment(at(17, 0))),
        ("tonight at midnight", Moment(at(16, 0))), ("in 15 days at 24:00", "far"),
        ("at a quarter to 1", Moment(at(16, 0, 45), moved=True)),
        ("for the next 3 hours", Stretch(at(15, 14), at(15, 17, 20), date(2026, 1, 15), None, hours=3)),
        ("the next 24 hours", Stretch(at(15, 14), at(16, 14, 20), date(2026, 1, 15), None, hours=24)),
        ("over the next few hours", Stretch(at(15, 14), at(15, 17, 20), date(2026, 1, 15), None, hours=3)),
        ("next 48 hours", on(15, 16)), ("next 999 hours", "far"), ("the next 0 hours", Now()),
        ("the day after tomorrow in the evening", part(17, 18, 24, "evening")),
        ("20 January morning", part(20, 6, 12, "morning")),
        ("Saturday and Sunday in the morning", on(17, 18)),
        ("tomorrow at 6", Moment(at(16, 6))), ("on Monday at noon", Moment(at(19, 12))), ("in 2 hours", Moment(at(15, 16, 20))),
        ("in 10 hours", Moment(at(16, 0, 20))), ("in 400 hours", "far"), ("in 12 days at 8pm", Moment(at(27, 20))),
        ("this evening", part(15, 18, 24, "evening")), ("this afternoon", part(15, 14, 18, "afternoon")),
        ("this morning", part(16, 6, 12, "morning", moved=True)), ("in the morning", part(16, 6, 12, "morning", moved=True)),
        ("tomorrow morning", part(16, 6, 12, "morning")), ("tonight", part(15, 20, 30, "night")),
        ("Friday night", part(16, 20, 30, "night")), ("later today", Stretch(at(15, 14), at(16, 0), date(2026, 1, 15), None)),
    ],
)  # fmt: skip
def test_a_time_means_these_days_or_hours(said: str, target: object) -> None:
    heard = hear(said)
    assert heard.place is None
    assert resolve(heard.when, NOW) == target


@pytest.mark.parametrize(
    ("day", "said", "target"),
    [
        (17, "this weekend", on(17, 18)), (18, "this weekend", on(18)), (17, "next weekend", on(24, 25)),
        (18, "next weekend", on(24, 25)), (18, "next Monday", on(19)), (18, "the rest of the week", Now(day=True)),
        (18, "tomorrow", on(19)),
    ],
)  # fmt: skip
def test_at_the_end_of_a_week(day: int, said: str, target: object) -> None:
    assert resolve(hear(said).when, at(day, 10)) == target


def test_shortly_before_midnight_there_are_hours_left() -> None:
    assert resolve(hear("later today").when, at(15, 23, 40)) == Stretch(at(15, 23), at(16, 2), date(2026, 1, 15), None)


def test_the_turn_of_a_year_is_one_day_only() -> None:
    new_year_s_eve = datetime(2026, 12, 31, 23, 59)  # noqa: DTZ001
    assert resolve(hear("tomorrow").when, new_year_s_eve) == Dates((date(2027, 1, 1),))
    assert resolve(hear("on 2 January").when, new_year_s_eve) == Dates((date(2027, 1, 2),))


@pytest.mark.parametrize(
    ("now", "said", "day"),
    [
        (datetime(2026, 11, 25), "on the 3rd", date(2026, 12, 3)),  # noqa: DTZ001
        (datetime(2026, 12, 25), "on the 3rd", date(2027, 1, 3)),  # noqa: DTZ001
        (datetime(2026, 6, 25), "on the 1st", date(2026, 7, 1)),  # noqa: DTZ001
        (datetime(2028, 2, 20), "29 February", date(2028, 2, 29)),  # noqa: DTZ001
    ],
)
def test_a_day_of_no_month_is_the_next_that_comes(now: datetime, said: str, day: date) -> None:
    assert resolve(hear(said).when, now) == Dates((day,))


@pytest.mark.parametrize(
    ("now", "hour"),
    [(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 5), (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 4)],
)
def test_hours_go_on_where_clocks_are_changed(now: datetime, hour: int) -> None:
    there = now.astimezone(ZoneInfo("Europe/Berlin"))  # half past one, or past two for the first time
    target = resolve(hear("in 3 hours").when, there)
    assert isinstance(target, Moment)
    assert (target.at.hour, target.at.minute) == (hour, 30)


WORDS = [
    "today", "tomorrow", "on Friday", "next Sunday", "this weekend", "next weekend", "next week", "for 16 days", "on the 29th",
    "29 February", "at 9", "at 23:59", "at 24:00", "tomorrow at 24:00", "next 24 hours", "next few hours",
    "tonight", "this morning", "in 90 minutes", "in 15 days", "Monday to Friday",
]  # fmt: skip


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.sampled_from(WORDS))  # noqa: DTZ001
def test_nothing_is_in_the_past_or_further_than_anybody_knows(now: datetime, said: str) -> None:
    heard = hear(said).when
    target = resolve(heard, now)
    days = list(target.dates) if isinstance(target, Dates) else []
    days += [target.at.date()] if isinstance(target, Moment) else [target.start.date()] if isinstance(target, Stretch) else []
    assert all(now.date() <= day <= last_day(now) for day in days)
    assert all((day - now.date()).days <= heard.reach for day in days)
