"""The grammar of a place: words around the name go, no letter of the name does (P9)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_geocoding import Asked, parse

NAMES = ["Berlin", "Dublin", "Inverness", "Indore", "Fortaleza", "Atlanta", "Nearby", "Offenbach", "Innsbruck", "Nowy Sącz",
         "Todayville", "The Hague", "Stratford-upon-Avon", "'s-Hertogenbosch", "Saint-Étienne", "São Paulo", "東京", "Þórshöfn",
         "مكة المكرمة", "Москва", "Y", "St. John's", "Washington D.C.", "Pleasanton", "Forest", "Ate", "Now Zad", "Like",
         "Friday Harbor", "May", "دهلي\u200cنو"]  # fmt: skip


@pytest.mark.parametrize(
    "form",
    ["{}", "in {}", "IN  {} ", "for {}?", "at {} please", "near {}", "of {}?!", '"{}"', 'in "{}"', "“{}”, please",
     "in {}, please", "\u00a0in\u2003{}\u00a0", "please for {}", "in “{}”", "‘{}’?", "in „{}“!", "thanks, in '{}'", "*{}*",
     "_{}_", "`{}`", "in *{}*", "~{}~", "{} ☀️", ":sunny: {}", "🌧️ in {}", "{} :wave::skin-tone-3:", "in 👩🏽‍🚀 {}?",
     "{} 1️⃣", "- {}", "@ {}", "\u200b{}\u200b", "\x00{}", "in \u202a{}\u202c"],
)  # fmt: skip
def test_only_what_is_around_a_name_is_dropped(form: str) -> None:
    for name in NAMES:
        assert parse(form.format(name)) == Asked(name)


@pytest.mark.parametrize(
    "text",
    ["", " ", "in", "in ", "please", "in, ,", "?", "here", "at home", "in my city", '""', "\u3000", "☀️", ":sunny:", "in 🌧️?",
     "\u200b", "🇫🇷", "...", "where I live", "\x00", ",,,"],
)  # fmt: skip
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
        ("Paris 🇺🇸", "Paris", ("US",)),
        (":flag-fr: Paris", "Paris", ("FR",)),
        ("Paris, Texas 🌵", "Paris", ("Texas",)),
    ],
)
def test_what_follows_a_comma_and_a_flag_tell_namesakes_apart(text: str, name: str, qualifiers: tuple[str, ...]) -> None:
    assert parse(text) == Asked(name, qualifiers)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("10115 Berlin", Asked("Berlin", (), "10115")),
        ("Berlin 10115", Asked("Berlin", (), "10115")),
        ("in Berlin, 10115?", Asked("Berlin", (), "10115")),
        ("10115, Berlin, Germany", Asked("Berlin", ("Germany",), "10115")),
        ("D-10115 Berlin", Asked("Berlin", (), "D-10115")),
        ("SW1A 1AA London", Asked("London", (), "SW1A 1AA")),
        ("1012 AB Amsterdam", Asked("Amsterdam", (), "1012 AB")),
        ("K1A 0B1 Ottawa, Canada", Asked("Ottawa", ("Canada",), "K1A 0B1")),
        ("10115", Asked("10115")),
        ("10115, Germany", Asked("Germany", (), "10115")),
        ("111 22", Asked("111 22")),
        ("100-0001", Asked("100-0001")),
        ("Area 51", Asked("Area 51")),
        ('"10115 Berlin"', Asked("Berlin", (), "10115")),
    ],
)
def test_a_postcode_stands_beside_a_name_or_alone(text: str, asked: Asked) -> None:  # S40
    assert parse(text) == asked
    assert asked.is_postcode == (asked.words == asked.name and asked.name[0] == "1")


AROUND = {"in", "for", "at", "near", "of", "around", "from", "please", "pls", "plz", "thanks", "thx", "here", "home", "me",
          "us"}  # fmt: skip
word = st.text(st.characters(categories=("L", "M")), min_size=1, max_size=12).filter(lambda w: w.casefold() not in AROUND)
names = st.lists(word, min_size=1, max_size=4).map(" ".join)


@given(names, st.sampled_from(["{}", "in {}", "for {} please", "near {}?", '"{}"']))
def test_no_name_loses_a_character(name: str, form: str) -> None:
    if name.casefold().startswith(("my ", "thank you", "where ")) or "\ufe0e" in name or "\ufe0f" in name:
        return
    assert parse(form.format(name)) == Asked(name)


@given(st.text(max_size=450))
def test_any_text_is_read(text: str) -> None:
    asked = parse(text)
    assert asked is None or (asked.name.strip() and asked.words and asked.readings())


@pytest.mark.parametrize(
    "text",
    ["now " * 10_000, "in " * 10_000, " " * 40_000, '"' * 40_000, "," * 40_000, "a" * 40_000, "☀️" * 20_000, ":a:" * 10_000,
     "1 " * 200, "10115 " * 60, "-1.1,"  * 80],
)  # fmt: skip
def test_no_text_takes_long_to_read(text: str) -> None:
    begun = time.perf_counter()
    parse(text)
    assert time.perf_counter() - begun < 0.2


def test_three_hundred_characters_are_no_name() -> None:
    asked = parse("x" * 300)
    assert asked
    assert asked.is_too_long


def test_without_a_comma_the_last_words_may_be_the_country() -> None:
    assert Asked("London Ontario Canada").readings() == [
        Asked("London Ontario Canada"), Asked("London Ontario", ("Canada",)), Asked("London", ("Ontario Canada",)),
        Asked("London", ("Ontario", "Canada")),
    ]  # fmt: skip
    assert Asked("London", ("UK",)).readings() == [Asked("London", ("UK",))]
    assert Asked("Berlin").readings() == [Asked("Berlin")]
