"""Values of the known kinds, in people's words."""

import pytest

from actions_config.kinds import Good, Wrong, hours, language, told, units, zones


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("9 to 17", "09:00-17:00"), ("9 to 5", "09:00-17:00"), ("9:00–17:30", "09:00-17:30"), ("9-17", "09:00-17:00"),
        ("from 9 to 17:30", "09:00-17:30"), ("between 9 and 5", "09:00-17:00"), ("9am to 5pm", "09:00-17:00"),
        ("9 a.m. to 5 p.m.", "09:00-17:00"), ("1 to 5pm", "13:00-17:00"), ("10 to 6", "10:00-18:00"),
        ("8:30-4:30", "08:30-16:30"), ("22 to 6", "22:00-06:00"), ("09:00-05:00", "09:00-05:00"), ("12 to 8", "12:00-20:00"),
        ("noon to 8pm", "12:00-20:00"), ("midnight to 8am", "00:00-08:00"), ("0900-1730", "09:00-17:30"),
        ("9.00 bis 17.30 Uhr", "09:00-17:30"), ("von 9 bis 17 Uhr", "09:00-17:00"), ("de 9h à 17h30", "09:00-17:30"),
        ("9時から17時まで", "09:00-17:00"), ("9時半から18時", "09:30-18:00"), ("from 9 in the morning to 5", "09:00-17:00"),
        ("9am to 5pm, Monday to Friday", "Mon-Fri 09:00-17:00"), ("Mon-Fri 9-17", "Mon-Fri 09:00-17:00"),
        ("weekdays 9 to 5", "Mon-Fri 09:00-17:00"), ("9-17 on Mondays and Wednesdays", "Mon, Wed 09:00-17:00"),
        ("Montag bis Freitag 8 bis 16 Uhr", "Mon-Fri 08:00-16:00"), ("du lundi au vendredi de 9h à 17h", "Mon-Fri 09:00-17:00"),
        ("every day 10 to 4", "Mon-Sun 10:00-16:00"), ("weekends, 10-12", "Sat-Sun 10:00-12:00"),
        ("9-12 and 13-17", "09:00-12:00, 13:00-17:00"), ("8 to 12 and 1 to 5", "08:00-12:00, 13:00-17:00"),
        ("Fri to Mon 9-17", "Mon, Fri-Sun 09:00-17:00"), ('"9 to 5"', "09:00-17:00"),
    ],
)  # fmt: skip
def test_working_hours_are_read(said: str, kept: str) -> None:
    assert hours.read(said) == Good(kept)
    assert hours.read(kept) == Good(kept)


@pytest.mark.parametrize(
    "said",
    ["9", "all day", "25 to 30", "9:75 to 17", "9 to 17 to 20", "13am to 5pm", "five to six", "9-17, 16-18", "late", "9-" * 90],
)  # fmt: skip
def test_other_working_hours_are_not(said: str) -> None:
    verdict = hours.read(said)
    assert isinstance(verdict, Wrong)
    assert verdict.key == "wrong.working hours"


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("German", "de"), ("Deutsch", "de"), ("deutsch!", "de"), ("de", "de"), ("de_AT", "de-AT"), ("EN-gb", "en-GB"),
        ("British English", "en-GB"), ("français", "fr"), ("Französisch", "fr"), ("日本語", "ja"), ("Русский", "ru"),
        ("fluent Spanish", "es"), ("a little Italian", "it"), ("Brazilian Portuguese", "pt-BR"), ("zh-hans", "zh-Hans"),
        ("the English language", "en"), ("mainly Dutch", "nl"),
    ],
)  # fmt: skip
def test_languages_are_known_by_many_names(said: str, tag: str) -> None:
    verdict = language.read(said)
    assert isinstance(verdict, Good)
    assert verdict.value == tag
    assert language.read(told("language", tag)).value == tag  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("said", "near"),
    [("Germn", ("German",)), ("Portugese", ("Portuguese",)), ("Klingon", ()), ("German and French", ("German", "French")),
     ("xx", ()), ("x" * 300, ())],
)  # fmt: skip
def test_other_languages_are_not(said: str, near: tuple[str, ...]) -> None:
    verdict = language.read(said)
    assert isinstance(verdict, Wrong)
    assert verdict.near == near


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"), ("America/New York", "America/New_York"),
        ("Berlin", "Europe/Berlin"), ("Berlin time", "Europe/Berlin"), ("the time zone of Berlin", None),
        ("New York", "America/New_York"), ("CET", "CET"), ("EST", "America/New_York"), ("eastern time", "America/New_York"),
        ("Pacific Standard Time", "America/Los_Angeles"), ("UTC", "UTC"), ("GMT", "UTC"), ("Tokyo", "Asia/Tokyo"),
        ("buenos aires", "America/Argentina/Buenos_Aires"), ("Etc/GMT-2", "Etc/GMT-2"), ("Mars/Olympus", None),
        ("Springfield", None),
    ],
)  # fmt: skip
def test_time_zones_are_known_by_many_names(said: str, zone: str | None) -> None:
    assert zones.called(zones.stripped(said.casefold())) == zone


@pytest.mark.parametrize(
    ("said", "zone", "shown"),
    [
        ("utc+2", "Etc/GMT-2", "UTC+2"), ("gmt -5", "Etc/GMT+5", "UTC-5"), ("+05:30", "Asia/Kolkata", "Asia/Kolkata"),
        ("utc+0", "UTC", "UTC"), ("utc−3", "Etc/GMT+3", "UTC-3"), ("utc+15", "", ""), ("utc-3:30", "", ""), ("2", None, None),
    ],
)  # fmt: skip
def test_distances_from_utc_are_zones_where_there_is_one(said: str, zone: str | None, shown: str | None) -> None:
    assert zones.at_offset(said) == zone
    assert not zone or told("timezone", zone) == shown


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("metric", "metric"), ("Celsius", "metric"), ("°C", "metric"), ("c", "metric"), ("metric units", "metric"),
        ("imperial", "imperial"), ("Fahrenheit!", "imperial"), ("°F", "imperial"), ("miles", "imperial"),
        ("the metric system", "metric"), ("furlongs", None), ("", None),
    ],
)  # fmt: skip
def test_units_are_two(said: str, unit: str | None) -> None:  # S55
    assert units.read(said) == unit
