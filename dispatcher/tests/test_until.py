"""When something ends, as people say it (S5)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_dispatcher.moments import moment
from jeeves_dispatcher.until import DAYS, MONTHS, NUMBERS, until

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=PARIS)  # a Wednesday
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"])
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


def there(said: str, now: datetime = NOW) -> str | None:
    """Return an instant as a clock on the wall in Paris shows it."""
    at = until(said, now, PARIS)
    return f"{at.astimezone(PARIS):%Y-%m-%d %H:%M}" if at else None


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("until Monday 8:00", "2026-11-30 08:00"), ("until Monday at 8:00", "2026-11-30 08:00"),
        ("UNTIL MONDAY, 8:00!", "2026-11-30 08:00"), ("until monday", "2026-11-30 00:00"), ("till Mon 8am", "2026-11-30 08:00"),
        ("until on Monday at 8 pm", "2026-11-30 20:00"), ("until next Monday 08:00", "2026-11-30 08:00"),
        ("until 8:00 on Monday", "2026-11-30 08:00"), ("until tues 12.30", "2026-12-01 12:30"),
        ("until Wednesday", "2026-12-02 00:00"), ("until Wednesday 18:00", "2026-11-25 18:00"),
        ("until Wednesday 9:00", "2026-12-02 09:00"), ("until next Wednesday 18:00", "2026-12-02 18:00"),
        ("until tomorrow", "2026-11-26 00:00"), ("until tomorrow 8:00", "2026-11-26 08:00"),
        ("until tomorrow at noon", "2026-11-26 12:00"), ("until the day after tomorrow 7am", "2026-11-27 07:00"),
        ("until 18:00", "2026-11-25 18:00"), ("until 9:30", "2026-11-26 09:30"), ("until at 18:00", "2026-11-25 18:00"),
        ("until 6pm", "2026-11-25 18:00"), ("until 12 am", "2026-11-26 00:00"), ("until 12pm", "2026-11-25 12:00"),
        ("until midnight", "2026-11-26 00:00"), ("until noon", "2026-11-25 12:00"), ("until today 18:00", "2026-11-25 18:00"),
        ("until 2026-12-01 08:00", "2026-12-01 08:00"), ("until 2026-12-01T08:00", "2026-12-01 08:00"),
        ("until 2026-12-01 at 8:00", "2026-12-01 08:00"), ("until 2026-12-01", "2026-12-01 00:00"),
        ("until 2026-12-01T08:00Z", "2026-12-01 09:00"), ("until 2026-12-01 08:00+05:30", "2026-12-01 03:30"),
        ("until 1 December 8:00", "2026-12-01 08:00"), ("until 31 December at 18:00", "2026-12-31 18:00"),
        ("until 1st of December", "2026-12-01 00:00"), ("until December 24th, 8pm", "2026-12-24 20:00"),
        ("until 8:00 1 Dec", "2026-12-01 08:00"), ("until 24 november", "2027-11-24 00:00"),
        ("until 29 February", "2028-02-29 00:00"), ("until 3 March 2030 8:00", "2030-03-03 08:00"),
        ("for 2 hours", "2026-11-25 12:00"), ("for 90 minutes", "2026-11-25 11:30"), ("for an hour", "2026-11-25 11:00"),
        ("for half an hour", "2026-11-25 10:30"), ("for three days", "2026-11-28 10:00"), ("for a week", "2026-12-02 10:00"),
        ("for 2h", "2026-11-25 12:00"),
        ("until today 9:00", "2026-11-25 09:00"), ("until 2020-01-01", "2020-01-01 00:00"),  # which is over
        ("until 1 May 2020", "2020-05-01 00:00"),
    ],
)  # fmt: skip
def test_what_people_say_is_an_instant_in_their_zone(said: str, at: str) -> None:
    assert there(said) == at


@pytest.mark.parametrize(
    "said",
    ["", "until", "for", "until soon", "until Mo", "until 25:00", "until 8:60", "until 13pm", "until 0 am", "until 30 February",
     "until 2026-02-30", "until 2026-13-01", "until 0000-01-01", "until 1 Nevember", "until Monday Tuesday", "until 8 9",
     "for ever", "for 0 hours", "for 2 fortnights", "for hours", "for 99999 days", "Monday 8:00", "8:00", "until " + "1" * 70,
     "until 9999-12-31T23:00-12:00", "until then <!channel>", "until\n"],
)  # fmt: skip
def test_what_is_no_instant_is_none(said: str) -> None:
    assert there(said) is None


def test_an_hour_that_a_zone_skips_is_the_one_after_it() -> None:
    assert there("until 2027-03-28 02:30") == "2027-03-28 03:30"


@given(INSTANTS, ZONES, st.sampled_from(DAYS), st.integers(0, 23), st.integers(0, 59))
def test_a_day_of_the_week_is_the_next_that_comes(now: datetime, name: str, day: str, hour: int, minute: int) -> None:
    zone = ZoneInfo(name)
    at = until(f"until {day} {hour}:{minute:02}", now, zone)
    assert at
    assert timedelta() < at - now <= timedelta(days=8, hours=1)  # and the hour that clocks may be put back
    if (wall := at.astimezone(zone)).replace(tzinfo=None) == datetime.combine(wall.date(), wall.time()):
        assert DAYS[wall.weekday()] == day or wall.hour < hour  # Apia had no 30 December 2011


@given(INSTANTS, ZONES, st.integers(0, 23), st.integers(0, 59))
def test_a_time_is_the_next_that_comes(now: datetime, name: str, hour: int, minute: int) -> None:
    at = until(f"until {hour}:{minute:02}", now, ZoneInfo(name))
    assert at
    assert timedelta() < at - now <= timedelta(days=1, hours=26)


@given(INSTANTS, st.integers(1, 9999), st.sampled_from([("minute", 1), ("hour", 60), ("day", 1440), ("week", 10080)]))
def test_a_while_is_as_long_as_it_says(now: datetime, count: int, unit: tuple[str, int]) -> None:
    assert until(f"for {count} {unit[0]}s", now, PARIS) == now + timedelta(minutes=count * unit[1])


@given(INSTANTS, INSTANTS, ZONES)
def test_an_instant_that_is_written_whole_is_that_instant(now: datetime, at: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    assert until(f"until {at.astimezone(zone).isoformat(timespec='seconds')}", now, zone) == at.replace(microsecond=0)


WORDS = st.sampled_from(
    ["until", "for", "at", "on", "next", "the", "8", "8:00", "am", "pm", "2026-12-01", "31", "1st", "of", ","]
)
ANY = st.lists(WORDS | st.sampled_from([*DAYS, *MONTHS, *NUMBERS, "hours", "tomorrow"]), max_size=7).map(" ".join)


@given(ANY | ANY.map(lambda said: f"until {said}") | st.text(max_size=80), INSTANTS, ZONES)
def test_anything_at_all_is_an_instant_or_none(said: str, now: datetime, name: str) -> None:
    at = until(said, now, ZoneInfo(name))
    assert at is None or at.tzinfo is not None


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-11-25T17:00:00Z", "18:00"), ("2026-11-25T23:00:00Z", "tomorrow 00:00"), ("2026-11-30T07:00:00Z", "Monday 08:00"),
        ("2026-12-01T22:59:00Z", "Tuesday 23:59"), ("2026-12-02T07:00:00Z", "2 December 08:00"),
        ("2027-01-02T07:00:00Z", "2 January 2027 08:00"),
    ],
)  # fmt: skip
def test_an_instant_is_told_as_people_tell_it(at: str, told: str) -> None:
    assert moment(datetime.fromisoformat(at), NOW, "Europe/Paris") == told


@pytest.mark.parametrize("zone", [None, "Mars/Olympus", "../../etc/passwd", ""])
def test_without_a_zone_the_one_it_is_told_in_is_said(zone: str | None) -> None:
    assert moment(datetime(2026, 11, 30, 8, tzinfo=UTC), NOW, zone) == "Monday 08:00 UTC"


@given(INSTANTS, st.integers(1, 7 * 1440), ZONES)
def test_what_is_told_is_understood_again(now: datetime, minutes: int, name: str) -> None:
    zone = ZoneInfo(name)
    at = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    again = until(f"until {moment(at, now, name)}", now, zone)
    assert again
    assert f"{again.astimezone(zone):%H:%M}" == f"{at.astimezone(zone):%H:%M}"
