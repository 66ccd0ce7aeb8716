"""What people say in their own words: `here`, `the London weather`, and times that there are not."""

import pytest

from jeeves_actions.testing import Caller, converse


@pytest.mark.parametrize(
    "said",
    ["weather here", "what is up with the weather here?", "what's up with the weather here", "weather at home",
     "weather where I live", "weather here now", "what's the weather like at home?", "is it raining here?", "weather home"],
)  # fmt: skip
async def test_here_is_where_they_live(caller: Caller, said: str) -> None:
    caller.facts = {"location": "Paris, France"}
    await caller.say("weather in Rome")
    assert "Paris, Île-de-France Region, France" in await caller.say(said)


async def test_here_is_asked_for_where_nobody_told(caller: Caller) -> None:
    await converse(
        caller, ("weather in Rome", "Rome"), ("weather here", "Which place?"), ("weather in Sweet Home", "Sweet Home")
    )


@pytest.mark.parametrize(
    ("said", "what"),
    [("weather in Oslo at 25:00", "25:00"), ("weather every day at 25:00", "25:00"), ("weather in Oslo at 9:75", "9:75"),
     ("weather in Oslo at 13pm", "13pm"), ("weather in Oslo on 31 February", "31 February"),
     ("weather 31 february", "31 February"), ("weather in Oslo on 30 feb 2026", "30 February 2026"),
     ("weather in Oslo on June 31st", "31 June"), ("weather on 29 February 2027", "29 February 2027"),
     ("weather in Oslo on 2026-13-01", "2026-13-01")],
)  # fmt: skip
async def test_a_time_that_there_is_not_is_no_place(caller: Caller, said: str, what: str) -> None:
    caller.facts = {"location": "Paris, France"}
    assert (await caller.say(said)).startswith(f"There is no {what}.")
    assert not caller.notebook.schedules


@pytest.mark.parametrize(
    "said",
    ["what is the london weather", "what's the current weather in London", "what's the London weather tomorrow",
     "what is the temperature in London", "what's the temperature in London tomorrow", "what is the London forecast",
     "what's the London weather forecast", "how hot will it be tomorrow in London", "what is the weather in London"],
)  # fmt: skip
async def test_a_question_begins_in_many_ways(caller: Caller, said: str) -> None:
    assert (await caller.say(said)).startswith("London, England, United Kingdom")


async def test_current_is_no_place(caller: Caller) -> None:
    caller.facts = {"location": "Paris, France"}
    for said in ("what is the current weather", "what's the current temperature?", "how hot will it be tomorrow"):
        assert (await caller.say(said)).startswith("Paris, ")


async def test_the_chance_of_rain_is_asked_for_by_its_name(caller: Caller) -> None:
    assert "% chance of rain" in await caller.say("what's the chance of rain in London tomorrow?")
