"""The weather, asked for in words, from an Open-Meteo on this machine, over real sockets."""

import asyncio
from typing import Any

import pytest

from jeeves_actions.contract import ActionContract
from jeeves_actions.testing import Caller, converse
from jeeves_contracts.actions import ActionAnswer
from jeeves_contracts.blocks import ButtonsBlock, FieldsBlock
from support.openmeteo import OpenMeteo


class TestContract(ActionContract):
    pass


LONDON = "London, England, United Kingdom: 4 °C, light rain."


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("weather in London, UK", LONDON),
        ("WEATHER   london", LONDON),
        ("weather London, United Kingdom", LONDON),
        ("weather in London, GB please", LONDON),
        ("forecast for “London, England” today?", LONDON),
        ("how is the weather in London, UK?", LONDON),
        ("What\u2019s the weather like in London right now?", LONDON),
        ("do I need an umbrella in London?", LONDON),
        ("weather today in London", LONDON),
        ("weather now in London", LONDON),
        ("weather like in London", LONDON),
        ("weather at 5pm in London", LONDON),
        ('weather "London"', LONDON),
        ("weather in “London”", LONDON),
        ("weather in London please?", LONDON),
        ('"weather in London"', LONDON),
        ("‘weather London’", LONDON),
        ("how is the weather today in London?", LONDON),
        ("is it raining in London right now", LONDON),
        ("weather in London, Canada", "London, Ontario, Canada: 9 °C"),
        ("weather in London, CA", "London, Ontario, Canada: 9 °C"),
        ("weather in London, ON", "London, Ontario, Canada: 9 °C"),
        ("weather in London Canada", "London, Ontario, Canada: 9 °C"),
        ("weather in London Ontario Canada", "London, Ontario, Canada: 9 °C"),
        ("weather in Paris, Texas", "Paris, Texas, United States: 13 °C"),
        ("weather in Paris, TX, USA", "Paris, Texas, United States: 13 °C"),
        ("weather in Paris", "Paris, Île-de-France Region, France: 6 °C"),
        ("weather in Paris, Ile de France", "Paris, Île-de-France Region, France: 6 °C"),
        ("weather in Springfield, IL", "Springfield, Illinois, United States: 10 °C"),
        ("weather in Springfield, Massachusetts", "Springfield, Massachusetts, United States: 9 °C"),
        ("weather in Springfield, U.S.A.", "Springfield, Missouri, United States: 11 °C"),
        ("weather in Zürich", "Zürich, Switzerland: 6 °C"),
        ("weather in zurich", "Zürich, Switzerland: 6 °C"),
        ("weather in sao paulo", "São Paulo, Brazil: 18 °C"),
        ("weather in SÃO PAULO", "São Paulo, Brazil: 18 °C"),
        ("weather in Berlin", "Berlin, State of Berlin, Germany: 4 °C"),
        ("weather in Dublin", "Dublin, Leinster, Ireland: 3 °C"),
        ('weather in "New York"', "New York, United States: 10 °C"),
        ("weather in Reykjavik", "Reykjavík, Capital Region, Iceland: −2 °C"),
        ("will it rain in Longyearbyen", "Longyearbyen, Svalbard, Svalbard and Jan Mayen: −9 °C"),
        ("weather in Cordoba", "Córdoba, Argentina: 14 °C"),
        ("weather in Null Island", "Null Island: 30 °C"),
        ("weather in Самара", "Самара, Самарская Область, Россия: 3 °C"),
        ("weather in Samara", "Samara, Samara Oblast, Russia: 3 °C"),
        ("weather in Samara, Russia", "Samara, Samara Oblast, Russia: 3 °C"),
        ("weather in Samara, Costa Rica", "Sámara, "),
    ],
)
async def test_a_place_is_found_as_people_name_it(caller: Caller, said: str, start: str) -> None:  # S40
    assert (await caller.say(said)).startswith(start)


async def test_an_answer_tells_now_and_today(caller: Caller) -> None:
    answer = await caller.say("weather in Berlin")
    assert answer == ("Berlin, State of Berlin, Germany: 4 °C, light rain. Today 1 to 7 °C, 70 % chance of rain, wind 18 km/h.")


async def test_an_answer_has_blocks_that_say_the_same_and_name_the_source(caller: Caller) -> None:
    answer = await caller.invoke(caller.request("weather", "Springfield"))
    assert isinstance(answer, ActionAnswer)
    first, fields, others, buttons, source = answer.messages[0].blocks
    assert isinstance(fields, FieldsBlock)
    assert [(f.label, f.value) for f in fields.fields] == [
        ("Feels like", "9 °C"), ("Today", "8 to 14 °C"), ("Chance of rain", "70 %"), ("Wind", "18 km/h"),
    ]  # fmt: skip
    assert isinstance(buttons, ButtonsBlock)
    assert [button.command for button in buttons.buttons] == [
        "weather in Springfield, Massachusetts, United States",
        "weather in Springfield, Illinois, United States",
    ]
    assert "Missouri" in first.text  # type: ignore[union-attr]
    assert "Illinois" in others.text  # type: ignore[union-attr]
    assert source.text == "Weather data by Open-Meteo.com"  # type: ignore[union-attr]


async def test_a_button_of_a_namesake_reaches_that_namesake(caller: Caller) -> None:
    answer = await caller.invoke(caller.request("weather", "in Springfield"))
    assert isinstance(answer, ActionAnswer)
    [buttons] = [block for block in answer.messages[0].blocks if isinstance(block, ButtonsBlock)]
    for button in buttons.buttons:
        assert (await caller.say(button.command)).startswith(button.label)


async def test_an_ambiguous_place_is_told_with_its_namesakes(caller: Caller) -> None:
    answer = await caller.say("weather in London")
    assert answer.endswith("If you meant another place of that name: London, Ontario, Canada.")
    assert "another place" not in await caller.say("weather in London, UK")


async def test_without_a_place_the_stored_one_is_used_or_asked_for(caller: Caller) -> None:  # S49
    asked = "`my location is Paris`"
    await converse(caller, ("weather", asked), ("weather ", asked), ("weather today?", asked), ("will it rain", asked))
    caller.facts["location"] = "Reykjavik"
    for said in ("weather", "Weather?", "weather please", "weather here", "weather at home", "what's the weather like?"):
        assert (await caller.say(said)).startswith("Reykjavík, Capital Region, Iceland"), said
    assert (await caller.say("weather in Berlin")).startswith("Berlin")
    caller.facts["location"] = "Qxzqxzqx"
    await converse(caller, ("weather", '"Qxzqxzqx", which is your stored location'))


async def test_a_place_that_nobody_knows_is_told_kindly(caller: Caller) -> None:
    await converse(
        caller,
        ("weather in Qxzqxzqx", 'I know no place named "Qxzqxzqx"'),
        ("weather in <!channel>", '"<!channel>"'),
        ("weather in a`b", '"a\'b"'),
        ("weather in x", '"x"'),
        (
            "weather in London, Atlantis",
            'I know no "London, Atlantis". I do know: London, England, United Kingdom; London, Ontario',
        ),
        ("weather in " + "long" * 50, "too long"),
        ("weather in Berlin tomorrow", "now and of today only"),
        ("weather tomorrow in Paris", "now and of today only"),
        ("weather Paris in 3 days", "now and of today only"),
        ("weather for tomorrow in Berlin", "now and of today only"),
        ("will it rain tomorrow?", "now and of today only"),
        ("what's the weather like on Friday in Paris?", "now and of today only"),
    )


@pytest.mark.parametrize(
    ("units", "locale", "shown"),
    [
        (None, None, "4 °C"), (None, "en-GB", "4 °C"), (None, "en-US", "39 °F"), (None, "en_US", "39 °F"),
        ("metric", "en-US", "4 °C"), ("imperial", "de-DE", "39 °F"), ("odd", None, "4 °C"), (3, None, "4 °C"),
    ],
)  # fmt: skip
async def test_units_are_those_of_the_person(caller: Caller, units: Any, locale: str | None, shown: str) -> None:  # S55
    caller.facts["units"] = units
    caller.locale = locale
    answer = await caller.say("weather in Berlin")
    assert f": {shown}, light rain." in answer
    assert ("mph" in answer) == ("°F" in shown)


async def test_what_was_asked_a_moment_ago_is_not_asked_again(caller: Caller, meteo: OpenMeteo, clock: Any) -> None:
    await caller.say("weather in Berlin")
    await caller.say("weather in berlin")
    assert [path for path, _ in meteo.calls] == ["/v1/search", "/v1/forecast"]
    clock.ahead = 601
    await caller.say("weather in Berlin")
    assert [path for path, _ in meteo.calls] == ["/v1/search", "/v1/forecast", "/v1/forecast"]


async def test_many_who_ask_at_once_make_one_call(caller: Caller, meteo: OpenMeteo) -> None:
    meteo.slow = 0.1
    answers = await asyncio.gather(*(caller.say("weather in Tokyo") for _ in range(20)))
    assert len(set(answers)) == 1
    assert len(meteo.calls) == 2


async def test_an_old_answer_is_better_than_none_and_says_its_age(caller: Caller, meteo: OpenMeteo, clock: Any) -> None:
    await caller.say("weather in Berlin")
    meteo.down = True
    for seconds, age in ((1500, "25 minutes"), (5 * 3600, "5 hours")):
        clock.ahead = seconds
        assert f"That is as of {age} ago: the weather service does not answer" in await caller.say("weather in Berlin")
    clock.ahead = 6 * 3600 + 1
    assert (await caller.say("weather in Berlin")).startswith("Sorry")


async def test_after_many_failures_the_provider_is_left_alone_for_a_while(caller: Caller, meteo: OpenMeteo, clock: Any) -> None:
    meteo.down = True
    for number in range(8):
        assert "Sorry" in await caller.say(f"weather in Place {number}")
    failed = len(meteo.calls)
    assert failed == 10
    meteo.down = False
    assert "Sorry" in await caller.say("weather in Berlin")
    clock.ahead = 10.1
    assert "Berlin" in await caller.say("weather in Berlin")


async def test_names_go_to_the_provider_as_parameters(caller: Caller, meteo: OpenMeteo) -> None:
    await caller.say('weather in "a&count=1#x?y=../%2e%2e/v1/forecast"')
    path, query = meteo.calls[0]
    assert path == "/v1/search"
    assert query["name"] == "a&count=1#x?y=../%2e%2e/v1/forecast"
    assert query["count"] == "10"
