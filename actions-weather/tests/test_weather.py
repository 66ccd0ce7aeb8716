"""The weather of places, asked for in words, from an Open-Meteo on this machine, over real sockets."""

import asyncio
from typing import Any

import pytest

from jeeves_actions.contract import ActionContract
from jeeves_actions.testing import Caller, converse
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
        ("weather today in London", LONDON),
        ("weather now in London", LONDON),
        ("weather like in London", LONDON),
        ('weather "London"', LONDON),
        ("weather in “London”", LONDON),
        ("weather in London please?", LONDON),
        ('"weather in London"', LONDON),
        ("‘weather London’", LONDON),
        ("how is the weather today in London?", LONDON),
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
        ("weather in Longyearbyen", "Longyearbyen, Svalbard, Svalbard and Jan Mayen: −9 °C"),
        ("weather in Cordoba", "Córdoba, Argentina: 14 °C"),
        ("weather in Null Island", "Null Island: 30 °C"),
        ("weather in Самара", "Самара, Самарская Область, Россия: 3 °C"),
        ("weather in Samara", "Samara, Samara Oblast, Russia: 3 °C"),
        ("weather in Samara, Russia", "Samara, Samara Oblast, Russia: 3 °C"),
        ("weather in Samara, Costa Rica", "Sámara, "),
        ("weather in *London*", LONDON),
        ("weather in _London_", LONDON),
        ("weather in `London`", LONDON),
        ("weather London ☀️", LONDON),
        ("weather :sunny: London", LONDON),
        ("London weather", LONDON),
        ("whats the weather in London", LONDON),
        ("what the weather is in London", LONDON),
        ("what the weather is like now in London", LONDON),
        ("how the weather is in London", LONDON),
        ("what the weather will be in London", LONDON),
        ("what is the weather in London like?", LONDON),
        ("how's the weather in London looking?", LONDON),
        ("how warm will it be in London", LONDON),
        ("will it be cold in London?", LONDON),
        ("will it be hot today in London", LONDON),
        ("what's the London weather", LONDON),
        ("hows the weather looking in London", LONDON),
        ("show me the weather in London", LONDON),
        ("what's the temperature in London", LONDON),
        ("London temperature", LONDON),
        ("is it cold in London", LONDON),
        ("send me the weather in London", LONDON),
        ("temperature in London", LONDON),
        ("what's the weather going to be like in London", LONDON),
        ("what's it like in London", LONDON),
        ("how hot is it in London?", LONDON),
        ("weather report for London", LONDON),
        ("weather paris tx", "Paris, Texas, United States: 13 °C"),
        ("weather Springfield IL", "Springfield, Illinois, United States: 10 °C"),
        ("weather in 10115 Berlin", "Berlin, State of Berlin, Germany: 4 °C"),
        ("weather Berlin 10115", "Berlin, State of Berlin, Germany: 4 °C"),
        ("weather in 90210", "Beverly Hills, California, United States: 13 °C"),
        ("weather in 52.5, 13.4", "52.5° N, 13.4° E: 4 °C"),
        ("weather 33.9S 151.2E", "33.9° S, 151.2° E: 13 °C"),
        ("weather in München", "München, Bavaria, Germany: 6 °C"),
        ("weather in 東京", "東京, 东京都, 日本: 12 °C"),
        ("weather in Москва", "Москва, Россия: 2 °C"),
        ("weather Friday Harbor", "Friday Harbor, Washington, United States: 6 °C"),
        ("weather in Now Zad now", "Now Zad, Helmand, Afghanistan: 14 °C"),
        ("weather May, Oklahoma", "May, Oklahoma, United States: 12 °C"),
    ],
)
async def test_a_place_is_found_as_people_name_it(caller: Caller, said: str, start: str) -> None:  # S40
    assert (await caller.say(said)).startswith(start)


async def test_an_answer_tells_now_and_today(caller: Caller) -> None:
    answer = await caller.say("weather in Berlin")
    assert answer == ("Berlin, State of Berlin, Germany: 4 °C, light rain. Today 1 to 7 °C, 70 % chance of rain, wind 18 km/h.")


async def test_an_ambiguous_place_is_told_with_its_namesakes(caller: Caller) -> None:
    answer = await caller.say("weather in London")
    assert answer.endswith("If you meant another place of that name: London, Ontario, Canada.")
    assert "another place" not in await caller.say("weather in London, UK")
    answer = await caller.say("weather in 10115")
    assert answer.startswith("New York, United States")
    assert answer.endswith("That may be a place elsewhere too: Berlin, State of Berlin, Germany.")
    caller.locale = "de-DE"
    assert (await caller.say("weather in 10115")).startswith("Berlin, State of Berlin, Germany")


async def test_without_a_place_the_stored_one_is_used_or_asked_for(caller: Caller) -> None:  # S49, P10
    asked = "`my location is Paris`"
    await converse(caller, ("weather", asked), ("weather ", asked), ("weather today?", asked), ("will it rain", asked))
    await converse(
        caller, ("weather ☀️", asked), ("forecast", asked), ("what's the weather like?", asked), ("daily weather", asked)
    )
    caller.facts["location"] = "Reykjavik"
    for said in (
        "weather",
        "Weather?",
        "weather please",
        "weather here",
        "weather at home",
        "what's the weather like?",
        "weather 🌧️",
    ):
        assert (await caller.say(said)).startswith("Reykjavík, Capital Region, Iceland"), said
    assert (await caller.say("weather in Berlin")).startswith("Berlin")
    assert (await caller.say("weather")).startswith("Reykjavík")
    caller.facts["location"] = "Qxzqxzqx"
    await converse(caller, ("weather", '"Qxzqxzqx", which is your stored location'))


async def test_a_location_of_the_channel_counts_where_a_person_told_none(caller: Caller) -> None:
    caller.notebook.channel["location"] = "Paris, Texas, United States"
    assert (await caller.say("weather")).startswith("Paris, Texas, United States: 13 °C")
    caller.facts["location"] = "Reykjavík, Capital Region, Iceland"
    assert (await caller.say("weather")).startswith("Reykjavík")


async def test_a_place_that_nobody_knows_is_told_kindly(caller: Caller) -> None:
    await converse(
        caller,
        ("weather in Qxzqxzqx", 'I know no place named "Qxzqxzqx"'),
        ("weather in <!channel>", '"<!channel>"'),
        ("weather in a`b", '"a\'b"'),
        ("weather in x", '"x"'),
        ("weather in ?appid=1&q=../../etc", '"appid=1&q=../../etc"'),
        (
            "weather in London, Atlantis",
            'I know no "London, Atlantis". I do know: London, England, United Kingdom; London, Ontario',
        ),
        ("weather in Londn", 'I know no place named "Londn". Did you mean London, England, United Kingdom; London, Ontario'),
        ("weather in " + "long" * 75, "too long"),
        ("weather " + "x" * 300, "too long"),
        ("weather in Qxzqxzqx tomorrow", 'I know no place named "Qxzqxzqx"'),
    )
    await caller.say("weather in Londn tomorrow")
    assert (await caller.press("London, Ontario")).startswith("London, Ontario, Canada. Tomorrow, Friday 16 January: ")


@pytest.mark.parametrize(
    "said",
    ["weather in Paris and London", "Paris & London weather", "what's the weather in Paris or London?",
     "weather Paris + London", "weather in Paris, and London", "weather paris vs london", "weather paris vs. london"],
)  # fmt: skip
async def test_of_two_places_at_once_one_is_asked_for(caller: Caller, said: str) -> None:
    answer = await caller.say(said)
    assert answer == (
        "I tell the weather of one place at a time. Which one first: "
        "Paris, Île-de-France Region, France; London, England, United Kingdom?"
    )
    assert (await caller.press("London")).startswith(LONDON)


async def test_of_several_places_the_time_is_kept(caller: Caller) -> None:
    assert "Rome, Lazio, Italy?" in await caller.say("weather in Paris, Berlin and Rome tomorrow")
    assert (await caller.press("Berlin")).startswith("Berlin, State of Berlin, Germany. Tomorrow, Friday 16 January")
    assert (await caller.say("and Rome?")).startswith("Rome, Lazio, Italy. Tomorrow")
    await converse(
        caller,
        ("weather in Paris and Qxzqxzqx", 'I know no place named "Paris and Qxzqxzqx"'),
        ("weather in " + " and ".join(["Paris"] * 9), "I know no place"),
    )


async def test_one_call_serves_every_time_of_a_week(caller: Caller, meteo: OpenMeteo) -> None:
    for said in ("weather in Berlin", "forecast for Berlin", "weather in Berlin this weekend", "weather in Berlin at 9pm"):
        await caller.say(said)
    assert [path for path, _ in meteo.calls] == ["/v1/search", "/v1/forecast"]
    await caller.say("weather in Berlin in 12 days")
    assert meteo.calls[2][1]["forecast_days"] == "16"


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
