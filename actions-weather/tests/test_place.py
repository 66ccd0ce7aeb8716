"""The grammar of a place: words around the name go, no letter of the name does (P9)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions_weather.place import Asked, is_later, parse

NAMES = ["Berlin", "Dublin", "Inverness", "Indore", "Fortaleza", "Atlanta", "Nearby", "Offenbach", "Innsbruck", "Nowy Sącz",
         "Todayville", "The Hague", "Stratford-upon-Avon", "'s-Hertogenbosch", "Saint-Étienne", "São Paulo", "東京", "Þórshöfn",
         "مكة المكرمة", "Москва", "Y", "St. John's", "Washington D.C.", "Pleasanton", "Forest", "Ate"]  # fmt: skip


@pytest.mark.parametrize(
    "form",
    ["{}", "in {}", "IN  {} ", "for {}?", "at {} please", "near {} today", "of {} right now?!", "{} now", '"{}"', 'in "{}"',
     "“{}”, please", "in {} today, please", "\u00a0in\u2003{}\u00a0", "today in {}", "now in {}?", "like in {}",
     "right now, in {}", "at 5pm in {}", "at 5:30 p.m. in {}", "{} at noon", "in {} at 17:00", "this evening in {}",
     "in {} tonight", "for today in {} please", "please for {}", "today {}", "in {} in the morning", "in {} in 2 hours",
     "in “{}”", "‘{}’?", "in „{}“!", "today in '{}'"],
)  # fmt: skip
def test_only_words_around_a_name_are_dropped(form: str) -> None:
    for name in NAMES:
        assert parse(form.format(name)) == Asked(name)


@pytest.mark.parametrize(
    "text", ["", " ", "in", "in ", "today", "now please", "in, ,", "?", "here", "at home", "in my city", '""', "\u3000"]
)
def test_no_place_is_no_place(text: str) -> None:  # P10
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "name", "qualifiers"),
    [
        ("in London, UK", "London", ("UK",)),
        ("in London , Ontario,Canada?", "London", ("Ontario", "Canada")),
        ("Washington, D.C.", "Washington", ("D.C.",)),
        ("Washington, D.C.?", "Washington", ("D.C.",)),
        ('"New York", USA', "New York", ("USA",)),
        ("北京，中国", "北京", ("中国",)),
        (", UK", "UK", ()),
        ('"In Salah"', "In Salah", ()),
        ("in In Salah", "In Salah", ()),
    ],
)
def test_what_follows_a_comma_tells_namesakes_apart(text: str, name: str, qualifiers: tuple[str, ...]) -> None:
    assert parse(text) == Asked(name, qualifiers)


AROUND = {"in", "for", "at", "near", "of", "around", "from", "today", "tonight", "now", "currently", "please", "pls", "thanks",
          "here", "home", "me", "like", "later", "tomorrow"}  # fmt: skip
word = st.text(st.characters(categories=("L", "M", "N")), min_size=1, max_size=12).filter(lambda w: w.casefold() not in AROUND)
names = st.lists(word, min_size=1, max_size=4).map(" ".join)


@given(names, st.sampled_from(["{}", "in {}", "for {} please", "near {} now?", '"{}"']))
def test_no_name_loses_a_character(name: str, form: str) -> None:
    if name.casefold().startswith("my "):
        return
    assert parse(form.format(name)) == Asked(name)


@given(st.text(max_size=450))
def test_any_text_is_read(text: str) -> None:
    asked = parse(text)
    assert asked is None or (asked.name.strip() and asked.words)
    is_later(text)


@pytest.mark.parametrize("text", ["now " * 10_000, "in " * 10_000, " " * 40_000, '"' * 40_000, "," * 40_000, "a" * 40_000])
def test_no_text_takes_long_to_read(text: str) -> None:
    begun = time.perf_counter()
    parse(text)
    is_later(text)
    assert time.perf_counter() - begun < 0.2


def test_without_a_comma_the_last_words_may_be_the_country() -> None:
    assert Asked("London Ontario Canada").readings() == [
        Asked("London Ontario Canada"), Asked("London Ontario", ("Canada",)), Asked("London", ("Ontario Canada",)),
        Asked("London", ("Ontario", "Canada")),
    ]  # fmt: skip
    assert Asked("London", ("UK",)).readings() == [Asked("London", ("UK",))]
    assert Asked("Berlin").readings() == [Asked("Berlin")]


@pytest.mark.parametrize(
    "text",
    ["tomorrow", "in Berlin tomorrow?", "Berlin on Sunday", "Paris next week", "tomorrow in Paris", "for tomorrow in Berlin",
     "Paris in 3 days", "in three days in Paris", "tomorrow morning in Paris please", "for the weekend in Paris",
     "the day after tomorrow in Paris", "Paris for the next 5 days", "on 24 December in Paris", "Paris on May 5th, please",
     "Tomorrow, Paris", "Paris today and tomorrow", "on Friday at 5pm in Paris", "in Paris on monday evening?"],
)  # fmt: skip
def test_another_day_is_noticed(text: str) -> None:
    assert is_later(text)


@pytest.mark.parametrize(
    "text",
    ["", "in Domingo, Monday River", "Tomorrowland", "Friday Harbor, WA", '"Paris tomorrow"', "today in Paris", "Paris at 5pm",
     "in Paris in 3 hours", "Sunday Islands", "May", "on May Street", "the Weekenders", "in Day"],
)  # fmt: skip
def test_today_and_places_that_sound_like_days_are_not_another_day(text: str) -> None:
    assert not is_later(text)


@pytest.mark.parametrize("name", ["Now Zad", "Like", "Nowhere", "Friday Harbor", "May"])
def test_names_that_begin_like_a_time_are_kept(name: str) -> None:
    assert parse(f"in {name}") == parse(name) == Asked(name)
