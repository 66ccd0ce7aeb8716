"""Did you mean …? What is suggested for slips of the keys, and what is left alone (S48)."""

import time

import pytest

from jeeves_contracts.registry import Registry
from jeeves_dispatcher.desk import Desk
from jeeves_dispatcher.hint import guessed
from jeeves_dispatcher.intent import Grammar, Intent
from support.registries import REGISTRY, feature

GRAMMAR = Grammar(REGISTRY)
CAN = [Intent(one, command, "") for one in REGISTRY.features for command in one.manifest.commands]
DESK = Desk(CAN, GRAMMAR, None, "ephemeral")

SLIPS = [
    ("wether in Paris", "weather in Paris"),
    ("waether in Paris", "weather in Paris"),
    ("weahter Berlin", "weather Berlin"),
    ("wheather London", "weather London"),
    ("weater London", "weather London"),
    ("weathr London", "weather London"),
    ("weatherr London", "weather London"),
    ("wather London", "weather London"),
    ("eather London", "weather London"),
    ("Wether?", "weather"),
    ("WETHER IN PARIS", "weather IN PARIS"),
    ("wether: Paris, Texas", "weather Paris, Texas"),
    ("weathers in Paris", "weather in Paris"),
    ("we ather in Paris", "weather in Paris"),
    ("weatherin Paris", "weather Paris"),
    ("Wetter in Berlin", "weather in Berlin"),
    ("Wie ist das Wetter in Köln?", "weather in Köln"),
    ("what about the weather in Rome", "weather in Rome"),
    ("I want the wether in Rome", "weather in Rome"),
    ("hey jeeves, wether in Rome please", "weather in Rome"),
    ("could you tell me the wether in Rome", "weather in Rome"),
    ("forcast Berlin", "forecast Berlin"),
    ("foreacst Berlin", "forecast Berlin"),
    ("forecats for Berlin", "forecast for Berlin"),
    ("confg", "config"),
    ("cofnig location", "config location"),
    ("conifg", "config"),
    ("confgi get location", "config get location"),
    ("setings", "settings"),
    ("setting", "settings"),
    ("prefrences", "preferences"),
    ("hlep", "help"),
    ("hepl", "help"),
    ("halp weather", "help weather"),
    ("udno", "undo"),
    ("stpo", "stop"),
    ("wil it rain in Paris", "will it rain in Paris"),
    ("will it ran in Paris", "will it rain in Paris"),
    ("will it rian in Paris?", "will it rain in Paris"),
    ("wat is my location", "what is my location"),
    ("what is my loaction", "what is my location"),
    ("my locaton is Berlin", "my location is Berlin"),
    ("I liv in Berlin", "I live in Berlin"),
    ("forgt my location", "forget my location"),
    ("use farenheit", "use fahrenheit"),
    ("use celcius", "use celsius"),
    ("remeber my birthday is 3 May", "remember my birthday is 3 May"),
    ("what do yu know about me", "what do you know about me"),
    ("waht's teh weather", "what's the weather"),
    ("zurich wether", "zurich weather"),
    ("do i need an umbrela", "do i need an umbrella"),
]

NO_SLIPS = [
    "weatherproof jackets in Paris", "weatherproof jackets", "weatherman", "weatherboarding for sale", "configure it",
    "configuration files", "leather jackets", "feathers", "whether we go or not", "I wonder whether it works",
    "lorem ipsum dolor",
    "sit amet consectetur", "meine Lieblingsfarbe", "another day in paradise", "together we stand", "water bottles", "the shop",
    "deploy the website", "who is on call", "order a pizza", "book a room for Monday", "what time is it", "tell me a joke",
    "🌧", ":rain_cloud:", "42", "?!", "http://x.y/weather", "<@U1> <#C1>", "конфигурация", "東京", "we", "con", "for",
    "what is the meaning of life", "remind me tomorrow", "translate this", "a b c d e f g",
]  # fmt: skip


@pytest.mark.parametrize(("said", "suggestion"), SLIPS)
def test_a_slip_of_the_keys_is_seen(said: str, suggestion: str) -> None:
    assert suggestion in guessed(said, DESK)
    assert len(guessed(said, DESK)) <= 3


def test_the_first_suggestion_is_nearly_always_the_right_one() -> None:
    assert sum(guessed(said, DESK)[0] == suggestion for said, suggestion in SLIPS) >= len(SLIPS) - 1


@pytest.mark.parametrize("said", NO_SLIPS)
def test_what_is_no_slip_gets_no_suggestion(said: str) -> None:
    assert guessed(said, DESK) == []


def test_there_are_enough_of_both() -> None:
    assert len(SLIPS) >= 40
    assert len(NO_SLIPS) >= 25


def test_what_one_may_not_use_is_not_suggested() -> None:
    mine = [intent for intent in CAN if intent.feature.name == "config"]
    assert guessed("wether in Paris", Desk(mine, GRAMMAR, None, "ephemeral")) == []


def test_what_is_known_to_be_wrong_is_not_suggested_again() -> None:
    assert guessed("wether in Paris", DESK, but=CAN[0]) == []


@pytest.mark.parametrize("length", [1_480, 1_499, 1_500, 1_501, 40_000])
def test_a_slip_in_a_long_message_gets_what_a_button_can_say_or_nothing(length: int) -> None:
    said = ("eather " + "x " * 20_000)[:length]
    assert all(len(guess) <= 1_500 for guess in guessed(said, DESK))


def test_thousands_of_phrases_cost_little() -> None:
    commands = [
        {"name": f"command-{n}", "phrases": [f"do thing {n} with {{place}} number {m} now" for m in range(50)]}
        for n in range(50)
    ]
    grammar = Grammar(Registry(revision=1, features=[feature(f"f{n}", *commands) for n in range(4)]))
    said = "do thnig 7 wiht some word or other nubmer 3 now and a few words more in it"
    began = time.perf_counter()
    for _ in range(5):
        grammar.guesses(said)
        grammar.parse(said)
    assert time.perf_counter() - began < 2.5
