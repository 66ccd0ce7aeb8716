"""From what was said to what is meant (S38, S46, P1 to P5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_contracts.registry import Feature, Registry
from jeeves_dispatcher.intent import Grammar, Help, Intent, Unknown


def feature(name: str, *commands: dict[str, object]) -> Feature:
    manifest = {
        "name": name,
        "version": "1",
        "summary": name,
        "commands": [{"usage": "u", "summary": "s", **command} for command in commands],
    }
    return Feature.model_validate({"name": name, "url": "http://x", "manifest": manifest})


WEATHER = {
    "name": "weather",
    "aliases": ["forecast"],
    "phrases": ["will it rain in {place}", "is it {how} in {place}"],
}
CONFIG = {
    "name": "config",
    "aliases": ["settings"],
    "phrases": ["my location is {location}", "i live in {location}", "forget my {fact}"],
}
GET = {"name": "config-get", "phrases": ["what's my location"]}
GRAMMAR = Grammar(Registry(revision=1, features=[feature("weather", WEATHER), feature("config", CONFIG, GET)]))


@pytest.mark.parametrize(
    ("said", "command", "text"),
    [
        ("weather in Rome", "weather", "in Rome"),
        ("Weather in Rome", "weather", "in Rome"),
        ("  WEATHER\u00a0in\u2003Rome ", "weather", "in\u2003Rome"),
        ("forecast Berlin", "weather", "Berlin"),
        ("weather", "weather", ""),
        ("weather?", "weather", ""),
        ("weather: Paris, Texas", "weather", "Paris, Texas"),
        ("config get location", "config-get", "location"),  # the longest name first
        ("config-get location", "config-get", "location"),
        ("config getlocation", "config", "getlocation"),
        ("settings", "config", ""),
        ("*weather* in Rome", "weather", "in Rome"),
        ("weather\nin Rome", "weather", "in Rome"),
        ("`weather in Rome`", "weather", "in Rome"),
        ("```weather in Rome```", "weather", "in Rome"),
        ("```\nweather in Rome\n```", "weather", "in Rome"),
        ("_weather in Rome_", "weather", "in Rome"),
        ("*weather in Rome*!", "weather", "in Rome"),
        ('"weather London"', "weather", "London"),
        ("\u201cweather in Rome\u201d?", "weather", "in Rome"),
        ("'Weather in Rome'", "weather", "in Rome"),
        ("\u2018weather\u2019", "weather", ""),
        ('weather "New York"', "weather", '"New York"'),
        ('"weather" in "Rome"', "weather", 'in "Rome"'),
    ],
)
def test_a_command_is_known_by_its_name_at_the_start(said: str, command: str, text: str) -> None:
    intent = GRAMMAR.parse(said)
    assert isinstance(intent, Intent)
    assert (intent.command.name, intent.text, intent.args) == (command, text, {})


@pytest.mark.parametrize(
    "said",
    [
        "weatherman",
        "weatherproof jackets in Paris",
        "configure it",
        "wether in Paris",
        "the weather in Rome",
        "🌧",
        "http://x.y",
    ],
)
def test_a_word_that_only_begins_like_a_command_is_not_it(said: str) -> None:
    assert GRAMMAR.parse(said) == Unknown(said)


@pytest.mark.parametrize(
    ("said", "command", "args"),
    [
        ("will it rain in New York?", "weather", {"place": "New York"}),
        ("Will it rain in São Paulo", "weather", {"place": "São Paulo"}),
        ("is it very cold in New York in winter?", "weather", {"how": "very cold", "place": "New York in winter"}),
        ("my location is Paris", "config", {"location": "Paris"}),
        ("My Location Is is", "config", {"location": "is"}),
        ("what’s my location", "config-get", {}),
        ("forget my location!", "config", {"fact": "location"}),
    ],
)
def test_a_phrase_fills_its_placeholders(said: str, command: str, args: dict[str, str]) -> None:
    intent = GRAMMAR.parse(said)
    assert isinstance(intent, Intent)
    assert (intent.command.name, intent.args, intent.text) == (command, args, said)


def test_a_phrase_may_be_quoted_as_a_whole() -> None:
    intent = GRAMMAR.parse("\u2018what\u2019s my location?\u2019")
    assert isinstance(intent, Intent)
    assert intent.command.name == "config-get"


@pytest.mark.parametrize("said", ["my location is", "will it rain in", "will it rain", "is it in", "forget my"])
def test_a_phrase_with_an_empty_place_is_none(said: str) -> None:
    assert isinstance(GRAMMAR.parse(said), Unknown)


@pytest.mark.parametrize("said", ["help", "Help!", "help weather", "HELP?", '"help"'])
def test_help_is_help(said: str) -> None:
    assert GRAMMAR.parse(said) == Help()


@pytest.mark.parametrize("said", ["", " ", "\u00a0\u2003\t\n"])
def test_nothing_is_unknown(said: str) -> None:
    assert GRAMMAR.parse(said) == Unknown("")


@given(st.text(max_size=300))
def test_anything_at_all_is_understood_or_not_but_never_breaks(said: str) -> None:
    parsed = GRAMMAR.parse(said)
    if isinstance(parsed, Intent):
        assert parsed.text in said
