"""What people say of places and times: a table, and what holds for every name (P9)."""

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions_weather.reading.heard import hear
from actions_weather.reading.when import MOST, PARTS, Ahead, OnDate, Span, Time, Weekday, When
from actions_weather.reading.wording import words_for
from actions_weather.resolve import resolve

#: What is said → the place, and when in the words that mean the same.
HEARD = {
    "": (None, ""),
    "in Paris": ("Paris", ""),
    "paris": ("paris", ""),
    "in London, UK please": ("London, UK", ""),
    "now": (None, ""),
    "right now in Paris": ("Paris", ""),
    "in Paris now": ("Paris", ""),
    "currently in Paris": ("Paris", ""),
    "today": (None, "today"),
    "in Paris today": ("Paris", "today"),
    "today Paris": ("Paris", "today"),
    "for today in Paris please": ("Paris", "today"),
    "tonight": (None, "tonight"),
    "in Paris tonight?": ("Paris", "tonight"),
    "this morning in Paris": ("Paris", "this morning"),
    "Paris this afternoon": ("Paris", "this afternoon"),
    "Paris this evening": ("Paris", "this evening"),
    "Paris later": ("Paris", "later today"),
    "later today in Paris": ("Paris", "later today"),
    "tomorrow": (None, "tomorrow"),
    "Paris tomorrow": ("Paris", "tomorrow"),
    "Tomorrow, Paris": ("Paris", "tomorrow"),
    "tomorrow in Paris": ("Paris", "tomorrow"),
    "in Paris tommorow": ("Paris", "tomorrow"),
    "in Paris tommorrow": ("Paris", "tomorrow"),
    "Paris tmrw": ("Paris", "tomorrow"),
    "for tomorrow in Berlin": ("Berlin", "tomorrow"),
    "the day after tomorrow in Paris": ("Paris", "in 2 days"),
    "Paris day after tomorrow": ("Paris", "in 2 days"),
    "tomorrow morning in Paris": ("Paris", "tomorrow morning"),
    "Paris tomorrow in the evening": ("Paris", "tomorrow evening"),
    "tomorrow night in Paris": ("Paris", "tomorrow night"),
    "tomorrow at 9 in Paris": ("Paris", "tomorrow at 9:00"),
    "Paris, tomorrow, at 09:00": ("Paris", "tomorrow at 09:00"),
    "at 6pm in Paris": ("Paris", "at 18:00"),
    "Paris at 6 p.m.": ("Paris", "at 18:00"),
    "Paris 6pm": ("Paris", "at 18:00"),
    "Paris at 18:00": ("Paris", "at 18:00"),
    "18:00 in Paris": ("Paris", "at 18:00"),
    "Paris 18h30": ("Paris", "at 18:30"),
    "Paris at 6": ("Paris", "at 6:00"),
    "Paris at 6 in the evening": ("Paris", "at 18:00"),
    "Paris in the evening at 8": ("Paris", "at 20:00"),
    "Paris at half past seven": ("Paris", "at 7:30"),
    "at a quarter to 8 in Paris": ("Paris", "at 7:45"),
    "Paris at nine": ("Paris", "at 9:00"),
    "at Ten Mile": ("Ten Mile", ""),
    "today's in Paris": ("Paris", "today"),
    "tomorrow's Paris": ("Paris", "tomorrow"),
    "Paris rn": ("Paris", ""),
    "Paris at noon": ("Paris", "at 12:00"),
    "tomorrow noon in Paris": ("Paris", "tomorrow at 12:00"),
    "Paris at midnight": ("Paris", "at 00:00"),
    "Paris at 12am": ("Paris", "at 00:00"),
    "Paris at 24:00": ("Paris", "at 24:00"),
    "Paris for the next 12 hours": ("Paris", "for the next 12 hours"),
    "next few hours in Paris": ("Paris", "for the next 3 hours"),
    "24 hours in Paris": ("24 hours in Paris", ""),
    "Paris the day after tomorrow in the evening": ("Paris", "in 2 days in the evening"),
    "Paris on 24 December evening": ("Paris", "on 24 December in the evening"),
    "Paris on Saturday and Sunday in the morning": ("Paris", "Saturday and Sunday morning"),
    "Paris at 7 o'clock": ("Paris", "at 07:00"),
    "in 2 hours in Paris": ("Paris", "in 120 minutes"),
    "Paris in half an hour": ("Paris", "in 30 minutes"),
    "Paris in 45 minutes": ("Paris", "in 45 minutes"),
    "Paris at night": ("Paris", "in the night"),
    "on Friday in Paris": ("Paris", "on Friday"),
    "Paris Friday": ("Paris", "on Friday"),
    "Friday": (None, "on Friday"),
    "Sunday, Lagos": ("Lagos", "on Sunday"),
    "Friday for Paris": ("Paris", "on Friday"),
    "Paris on Fri": ("Paris", "on Friday"),
    "Paris on friday evening": ("Paris", "on Friday evening"),
    "Friday at 5pm in Paris": ("Paris", "on Friday at 17:00"),
    "this Saturday in Paris": ("Paris", "this Saturday"),
    "next Monday in Paris": ("Paris", "next Monday"),
    "Paris this weekend": ("Paris", "this weekend"),
    "over the weekend in Paris": ("Paris", "this weekend"),
    "next weekend Paris": ("Paris", "next weekend"),
    "Paris this week": ("Paris", "this week"),
    "Paris next week": ("Paris", "next week"),
    "Paris for the rest of the week": ("Paris", "today to this Sunday"),
    "next 3 days in Paris": ("Paris", "for 3 days"),
    "Paris for the next five days": ("Paris", "for 5 days"),
    "the next few days in Paris": ("Paris", "for 3 days"),
    "5 day for Paris": ("Paris", "for 5 days"),
    "in 3 days": (None, "in 3 days"),
    "in three days in Paris": ("Paris", "in 3 days"),
    "Paris in a week": ("Paris", "in 7 days"),
    "Paris in two weeks": ("Paris", "in 14 days"),
    "Paris on 24 December": ("Paris", "on 24 December"),
    "Paris on May 5th, please": ("Paris", "on 5 May"),
    "on the 24th in Oslo": ("Oslo", "on the 24th"),
    "Paris on Friday, 16 January": ("Paris", "on 16 January"),
    "Paris 2026-01-20": ("Paris", "on 20 January 2026"),
    "Saturday and Sunday in Paris": ("Paris", "Saturday and Sunday"),
    "Paris today and tomorrow": ("Paris", "today and tomorrow"),
    "from Monday to Wednesday in Paris": ("Paris", "Monday to Wednesday"),
    "Paris until Sunday": ("Paris", "today to Sunday"),
    # what sounds like a time and is a name
    "Now Zad": ("Now Zad", ""),
    "now in Now Zad": ("Now Zad", ""),
    "Friday Harbor": ("Friday Harbor", ""),
    "in Friday Harbor, WA on Friday": ("Friday Harbor, WA", "on Friday"),
    "for Thursday Island": ("Thursday Island", ""),
    "Sunday River tomorrow": ("Sunday River", "tomorrow"),
    "May, Oklahoma": ("May, Oklahoma", ""),
    "in May tomorrow": ("May", "tomorrow"),
    "March, Cambridgeshire": ("March, Cambridgeshire", ""),
    "Morning Sun, Iowa": ("Morning Sun, Iowa", ""),
    "Evening Shade": ("Evening Shade", ""),
    "Tomorrowland": ("Tomorrowland", ""),
    "Todayville today": ("Todayville", "today"),
    "the Weekenders": ("the Weekenders", ""),
    "Nice": ("Nice", ""),
    "Noon": ("Noon", ""),
    "Day": ("Day", ""),
    "Ten Mile": ("Ten Mile", ""),
    "Like": ("Like", ""),
    "like in Paris": ("Paris", ""),
    "in In Salah at 9am": ("In Salah", "at 09:00"),
    '"Paris tomorrow"': ("Paris tomorrow", ""),
    'tomorrow in "Sunday"': ("Sunday", "tomorrow"),
    "at Heathrow at 5": ("Heathrow", "at 5:00"),
    "Springfield IL tomorrow": ("Springfield IL", "tomorrow"),
    "10115 Berlin at 18:00": ("10115 Berlin", "at 18:00"),
    "52.5, 13.4 tomorrow": ("52.5° N, 13.4° E", "tomorrow"),
    "at 12.30, 77.20": ("12.3° N, 77.2° E", ""),
    "Paris ☀️ tomorrow :sunny:": ("Paris", "tomorrow"),
    "東京 tomorrow": ("東京", "tomorrow"),
    "Москва this weekend": ("Москва", "this weekend"),
}


@pytest.mark.parametrize("said", HEARD)
def test_a_place_and_a_time_are_told_apart(said: str) -> None:  # S40
    heard = hear(said)
    assert (heard.place.words if heard.place else None, words_for(heard.when)) == HEARD[said]


@pytest.mark.parametrize(
    ("said", "place"),
    [("in Paris like", "Paris"), ("in Paris like tomorrow", "Paris"), ("in Paris going to be like on Friday", "Paris"),
     ("in Paris looking", "Paris"), ("Like", None), ("in Mount Like Hill", "Mount Like Hill")],
)  # fmt: skip
def test_what_a_question_ends_with_is_no_part_of_a_name(said: str, place: str | None) -> None:
    heard = hear(said, phrased=True).place
    assert (heard.words if heard else None) == place


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("Paris in fahrenheit", "imperial"), ("in celsius in Paris", "metric"), ("Paris in °C please", "metric"),
        ("Paris in metric units", "metric"), ("Paris in F tomorrow", "imperial"), ("Paris tomorrow fahrenheit", "imperial"),
        ("Paris", None), ("in Fahrenheitville", None),
    ],
)  # fmt: skip
def test_units_are_heard(said: str, units: str | None) -> None:  # S55
    assert hear(said).units == units


def test_what_may_begin_a_name_is_a_time_in_a_second_reading() -> None:
    first = hear("Friday Paris")
    assert first.place
    assert first.other
    assert first.other.place
    assert (first.place.words, first.other.place.words, words_for(first.other.when)) == ("Friday Paris", "Paris", "on Friday")
    second = hear("Tomorrow River").other
    assert second
    assert second.place
    assert (second.place.words, words_for(second.when)) == ("Tomorrow River", "")


AROUND = {
    "in", "for", "at", "near", "of", "around", "from", "to", "please", "pls", "plz", "thanks", "thx", "cheers", "again", "too",
    "instead", "then", "exactly", "here", "home", "me", "us", "my", "the", "like", "looking", "outside", "out", "there",
    "expected",
    "report", "forecast", "doing", "be", "celsius", "celcius", "centigrade", "metric", "fahrenheit", "farenheit", "imperial",
    "today", "tomorrow", "tonight", "tonite", "now", "currently", "atm", "later", "yesterday", "daily", "hourly", "weekly",
    "fortnightly", "monthly", "overmorrow", "weekdays", "weekends", "workdays", "tmrw", "tmr",
}  # fmt: skip
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
word = st.text(st.characters(categories=("L",)), min_size=3, max_size=12).filter(
    lambda w: w.casefold() not in AROUND and not w.casefold().startswith(DAYS)
)
names = st.lists(word, min_size=1, max_size=4).map(" ".join)
FORMS = [
    "in {}", "{} tomorrow", "tomorrow in {}", "now in {}", "{} at 18:00", "on Friday in {}", "{} this weekend please",
    "in {} in 3 days", "at 6pm in {}, please", "{} for the next 3 days", "this evening in {}", "{} in fahrenheit",
    "{} on 24 December",
]  # fmt: skip


@given(names, st.sampled_from(FORMS))
def test_no_name_loses_a_character(name: str, form: str) -> None:
    place = hear(form.format(name)).place
    assert place
    assert place.words == name


weekdays = st.builds(Weekday, st.integers(0, 6), st.sampled_from(["coming", "this", "next"]))
days = st.builds(Ahead, st.integers(0, MOST)) | weekdays | st.builds(OnDate, st.integers(1, 28), st.integers(1, 12))
times = (
    st.builds(Time, st.integers(13, 23), st.integers(0, 59))
    | st.builds(Time, st.integers(1, 11), st.integers(0, 59), st.just(True))
    | st.sampled_from([Time(0), Time(24), Time(0, 45, vague=True)])
)
whens = (
    st.builds(When, days=days.map(lambda day: (day,)))
    | st.builds(When, days=days.map(lambda day: (day,)), time=times)
    | st.builds(When, days=days.map(lambda day: (day,)), part=st.sampled_from(PARTS))
    | st.builds(When, hours=st.integers(1, 24))
    | st.builds(When, days=st.lists(weekdays, min_size=2, max_size=2, unique=True).map(tuple), through=st.booleans())
    | st.builds(When, span=st.builds(Span, st.sampled_from(["weekend", "week"]), st.booleans()))
    | st.builds(When, span=st.builds(Span, st.just("days"), st.just(False), st.integers(1, MOST)))
    | st.builds(When, time=times)
    | st.builds(When, part=st.sampled_from(PARTS))
    | st.builds(When, minutes=st.integers(1, 999))
    | st.just(When(days=(Ahead(0),), rest=True))
)


@given(whens)
def test_a_time_told_in_words_is_read_as_the_same_time(when: When) -> None:
    now = datetime(2026, 1, 15, 12)  # noqa: DTZ001 - a wall time
    heard = hear(words_for(when))
    assert heard.place is None
    assert resolve(heard.when, now) == resolve(when, now)


@given(st.text(max_size=450))
def test_any_text_is_read(text: str) -> None:
    heard = hear(text)
    assert heard.place is None or heard.place.words


@pytest.mark.parametrize(
    "text",
    ["now " * 10_000, "in " * 10_000, " " * 40_000, '"' * 40_000, "a" * 40_000, "now " * 99, "friday " * 57, "today and " * 40,
     "every day " * 40, "at 9 " * 80, "1 " * 199, "monday, tuesday, wednesday and " * 12, "the the " * 49],
)  # fmt: skip
def test_no_text_takes_long_to_read(text: str) -> None:
    begun = time.perf_counter()
    hear(text)
    assert time.perf_counter() - begun < 0.5
