"""Facts about a person, told, asked for and taken back in plain words."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions_config.app import create_app
from actions_config.domain import Set, understand
from actions_config.facts import location
from actions_config.settings import Settings
from jeeves_actions.contract import ActionContract
from jeeves_actions.testing import Caller, calling, converse
from jeeves_contracts.actions import ActionAnswer, FactDelete, FactSet


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with calling(create_app, Settings) as caller:
        yield caller


class TestContract(ActionContract):
    pass


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("my location is Paris", "Paris"),
        ("My Location IS Paris.", "Paris"),
        ("my location = Paris", "Paris"),
        ("my location: Paris", "Paris"),
        ("my location is now Paris!", "Paris"),
        ("my location is Paris, please", "Paris"),
        ("I live in Paris", "Paris"),
        ("i moved to New  York", "New York"),
        ("set location Paris", "Paris"),
        ("set my location to Paris", "Paris"),
        ("change my location to São Paulo", "São Paulo"),
        ("config set location Paris", "Paris"),
        ("config set location = Paris", "Paris"),
        ("config set location=Paris", "Paris"),
        ("config location Paris", "Paris"),
        ("config my location is Paris", "Paris"),
        ("settings set city “New York”", "New York"),
        ("preferences location: Paris", "Paris"),
        ('my location is "To Kwa Wan"', "To Kwa Wan"),
        ("my location is Washington, D.C.", "Washington, D.C."),
        ("my location is London, UK?", "London, UK"),
        ("I live in 's-Hertogenbosch", "'s-Hertogenbosch"),
        ("I live in Þórshöfn", "Þórshöfn"),
        ("my location is 東京", "東京"),
        ("my location is <!channel>", "<!channel>"),
        ("my location is {place}", "{place}"),
    ],
)
async def test_a_location_is_kept_as_it_was_told(caller: Caller, said: str, value: str) -> None:  # S2, S41
    assert await caller.say(said) == f"Your location is now {value}."
    assert caller.facts == {"location": value}


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("my units are imperial", "imperial"), ("my units are Fahrenheit!", "imperial"), ("use fahrenheit", "imperial"),
        ("use metric", "metric"), ("config use celsius please", "metric"), ("use imperial units", "imperial"),
        ("set units to metric", "metric"), ("config set units °F", "imperial"), ("config units metric", "metric"),
    ],
)  # fmt: skip
async def test_units_are_kept_by_their_names(caller: Caller, said: str, value: str) -> None:  # S55
    assert await caller.say(said) == f"Your units are now {value}."
    assert caller.facts == {"units": value}


async def test_a_change_says_what_was(caller: Caller) -> None:
    await converse(
        caller,
        ("what is my location?", "I do not know your location."),
        ("config", "I know nothing about you yet."),
        ("my location is Berlin", "Your location is now Berlin."),
        ("I live in Paris", "Your location is now Paris. It was Berlin."),
        ("my location is Paris", "Your location is Paris already."),
        ("where do I live?", "Your location is Paris."),
        ("use imperial", "Your units are now imperial."),
        ("use metric", "Your units are now metric. They were imperial."),
        ("config show", "Location: Paris; Units: metric."),
        ("forget my location", "I have forgotten your location. It was Paris."),
        ("forget location", "there is nothing to forget"),
        ("what do you know about me", "Location: not set; Units: metric."),
        ("config unset units", "I have forgotten your units. They were metric."),
        ("config get units", "I do not know your units."),
    )
    assert caller.facts == {}


@pytest.mark.parametrize(
    "said",
    [
        "config",
        "Config?",
        "settings",
        "preferences",
        "config show",
        "config show all",
        "config list",
        "config get",
        "config all",
    ],
)
async def test_all_of_it_is_shown(caller: Caller, said: str) -> None:
    caller.facts = {"location": "Paris"}
    assert await caller.say(said) == "This is what I know about you. Location: Paris; Units: not set."


@pytest.mark.parametrize(
    "said", ["what's my location", "my location?", "config show location", "config location", "config get city"]
)
async def test_one_fact_is_shown(caller: Caller, said: str) -> None:
    caller.facts = {"location": "Paris"}
    assert await caller.say(said) == "Your location is Paris."


@pytest.mark.parametrize(
    "said",
    ["forget my location", "Forget where I live.", "config forget location", "config clear my city", "delete my location"],
)
async def test_a_fact_is_forgotten(caller: Caller, said: str) -> None:
    caller.facts = {"location": "Paris", "units": "metric"}
    assert await caller.say(said) == "I have forgotten your location. It was Paris."
    assert caller.facts == {"units": "metric"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("config set colour blue", 'I keep nothing called "colour". What I keep: location, units.'),
        ("config colour", 'I keep nothing called "colour".'),
        ("config forget colour", 'I keep nothing called "colour".'),
        ("config set", "Tell me `my location is Paris`"),
        ("config set location", "Where are you? Type for example `my location is Paris`."),
        ("set location", "Where are you?"),
        ("my location is", "Where are you?"),
        ("config set units", "Which units?"),
        ("config set location = ", "Where are you?"),
        ("config set location ???", "A location has 1 to 200 characters"),
        ("config set units furlongs", "I know the units metric and imperial."),
        ("config forget", "`forget my location`"),
        ("config help", "`config` shows what I know about you"),
        ("my location is Par\x00is", "A location has"),
        ("my location is Par\u202eis", "A location has"),
        ("my location is " + "x" * 201, "A location has 1 to 200 characters"),
    ],
)
async def test_what_cannot_be_kept_is_told_kindly_and_changes_nothing(caller: Caller, said: str, told: str) -> None:  # P13, P14
    assert told in await caller.say(said)
    assert caller.facts == {}


@pytest.mark.parametrize(
    "said",
    [
        "my location was lost",
        "I am in a meeting",
        "use the force",
        "I live for this",
        "forget it",
        "my units",
        "mylocation is Paris",
    ],
)
async def test_what_only_sounds_like_a_fact_is_not_stored(caller: Caller, said: str) -> None:
    with contextlib.suppress(LookupError):
        await caller.say(said)
    assert caller.facts == {}


async def test_changes_are_made_through_the_answer_alone(caller: Caller) -> None:
    told = await caller.invoke(caller.request("config", "set location Paris"))
    assert isinstance(told, ActionAnswer)
    assert told.changes == [FactSet(name="location", value="Paris")]
    forgot = await caller.invoke(caller.request("config", "forget location"))
    assert isinstance(forgot, ActionAnswer)
    assert forgot.changes == [FactDelete(name="location")]


@pytest.mark.parametrize(("is_direct", "visibility"), [(True, "channel"), (False, "ephemeral")])
async def test_only_the_person_sees_what_is_theirs(caller: Caller, is_direct: bool, visibility: str) -> None:  # P14
    caller.is_direct = is_direct
    for text in ("", "set location Paris", "show location", "help", "forget location", "set x y"):
        answer = await caller.invoke(caller.request("config", text))
        assert isinstance(answer, ActionAnswer)
        assert [message.visibility for message in answer.messages] == [visibility]


@pytest.mark.parametrize("value", [None, 5, True, [], {}, ""])
async def test_a_stored_value_of_another_kind_is_taken_for_none(caller: Caller, value: Any) -> None:
    caller.facts = {"location": value}
    await converse(caller, ("config", "I know nothing"), ("my location is Paris", "is now Paris."))


word = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12).filter(
    lambda w: w.casefold() not in ("now", "please")
)


@given(
    st.lists(word, min_size=1, max_size=5).map(" ".join),
    st.sampled_from(["my location is {}", "I live in {}.", "set location to {}!"]),
)
def test_no_location_loses_a_character(name: str, form: str) -> None:
    wish = understand(form.format(name))
    assert isinstance(wish, Set)
    assert (wish.name, location(wish.words)) == ("location", name)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    understand(text)
    value = location(text)
    assert value is None or (value.isprintable() and value == value.strip())
