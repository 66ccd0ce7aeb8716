"""Phrases, names and quotes: what every dispatcher understands alike."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_contracts.actions import Command
from jeeves_contracts.grammar import Grammar, Template, is_phrase, unquoted

ECHO = Command(name="echo", usage="u", summary="s", phrases=["say it again", "say {words} again", "what's up"])
WORD = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@given(st.lists(WORD, min_size=1, max_size=5), st.lists(WORD, min_size=1, max_size=5))
def test_a_templates_placeholders_lose_no_word(first: list[str], last: list[str]) -> None:
    words = ["from", *first, "----", *last]
    assert Template.of("from {a} ---- {b}").match(words) == {"a": " ".join(first), "b": " ".join(last)}


@given(st.lists(WORD, max_size=40))
def test_a_hostile_template_ends_quickly(words: list[str]) -> None:
    begun = time.perf_counter()
    Template.of(" ".join(f"{{p{n}}} a" for n in range(12))).match([*words, *["a"] * 40])
    assert time.perf_counter() - begun < 1


def test_the_owner_of_a_command_comes_with_it() -> None:
    grammar = Grammar([("mine", ECHO), ("yours", ECHO.model_copy(update={"name": "repeat", "phrases": []}))])
    found = grammar.match("repeat  me")
    assert found
    assert (found.owner, found.text) == ("yours", "me")
    assert grammar.match("repeater") is None


def test_nothing_is_understood_where_there_are_no_commands() -> None:
    assert Grammar[None]([]).match("help") is None


@pytest.mark.parametrize("text", ["say it again", " Say it AGAIN? ", "what\u2019s up", "whats up"])
def test_a_phrase_alone_is_told(text: str) -> None:
    assert is_phrase(ECHO, text)


@pytest.mark.parametrize("text", ["", "say hello again", "say it again and again", "say " * 10_000])
def test_a_phrase_with_an_argument_is_no_phrase_alone(text: str) -> None:
    assert not is_phrase(ECHO, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"weather London"', "weather London"),
        (" \u201cweather in London\u201d. ", "weather in London"),
        ("\u201eweather in London\u201c!", "weather in London"),
        ("\u201dweather in London\u201d", "weather in London"),
        ("'weather in London'", "weather in London"),
        ("\u2018what\u2019s my location?\u2019", "what\u2019s my location?"),
        ("\u00abweather\u00bb", "weather"),
        ("`my location is Paris`", "my location is Paris"),
        ("\"weather in 'London'\"", "weather in 'London'"),
        ('""', ""),
    ],
)
def test_quotes_around_all_of_a_text_are_taken_away(text: str, words: str) -> None:
    assert unquoted(text) == words


@pytest.mark.parametrize(
    "text",
    ["", '"', " weather ", '"weather', 'weather in "London"', '"weather" in "London"', "'t is \u201ccold\u201d", "\"weather'",
     "?!", "'s-Hertogenbosch"],
)  # fmt: skip
def test_other_quotes_stay(text: str) -> None:
    assert unquoted(text) == text


@given(st.text(max_size=100))
def test_any_text_can_be_unquoted(text: str) -> None:
    assert unquoted(text) in text
