"""The weather of other times: days, hours, parts of a day, in the place's own zone; and questions about it.

It is Thursday, 15 January 2026, noon in London.
"""

import pytest

from jeeves_actions.testing import Caller

TIMES = {
    "weather in Berlin tomorrow": "Berlin, State of Berlin, Germany. Tomorrow, Friday 16 January: partly cloudy, 2 to 8 °C, "
    "10 % chance of rain, wind up to 27 km/h.",
    "weather tomorrow in Berlin": ". Tomorrow, Friday 16 January: partly cloudy",
    "Berlin weather tomorrow": ". Tomorrow, Friday 16 January: partly cloudy",
    "what's the weather like on Saturday in Berlin?": ". Saturday 17 January: light showers, 0 to 6 °C, 55 % chance of rain",
    "weather in Berlin in 5 days": ". Tuesday 20 January: light snow, −7 to −1 °C, 80 % chance of snow",
    "weather in Berlin on 30 January": ". Friday 30 January: ",
    "weather in Berlin at 18:00": ". Today at 18:00: 6 °C, light rain, 70 % chance of rain, wind 18 km/h.",
    "weather Berlin at 6pm": ". Today at 18:00: ",
    "weather at 5pm in Berlin": ". Today at 17:00: ",
    "weather Berlin tomorrow at 9": ". Tomorrow, Friday 16 January at 09:00: 5 °C, partly cloudy",
    "weather in Berlin at 9am": "at 09:00: 5 °C, partly cloudy, 10 % chance of rain, wind 18 km/h. "
    "09:00 is over for today there, so this is tomorrow.",
    "weather in Berlin this morning": "The morning is over for today there, so this is tomorrow.",
    "weather in Berlin this evening": ". This evening: 2 to 6 °C, light rain, 70 % chance of rain, wind up to 18 km/h.",
    "weather in Berlin tonight": ". Tonight: ",
    "weather in Berlin tomorrow evening": ". Tomorrow, Friday 16 January, in the evening: 3 to 7 °C, partly cloudy",
    "weather in Berlin in 2 hours": ". Today at 15:00: 7 °C",
    "weather in Berlin later": ". The rest of today: ",
    "weather in Berlin for the next 12 hours": ". The next 12 hours: ",
    "weather in Berlin at midnight": ". Tomorrow, Friday 16 January at 00:00: ",
    "weather in Berlin this weekend": "Berlin, State of Berlin, Germany:\nSaturday 17 January: light showers, 0 to 6 °C, "
    "55 % chance of rain, wind up to 27 km/h.\nSunday 18 January: overcast",
    "forecast for Berlin": "Germany:\nToday, Thursday 15 January: light rain, 1 to 7 °C, 70 % chance of rain, "
    "wind up to 27 km/h.\nTomorrow, Friday 16 January: partly cloudy, ",
    "Berlin forecast": "\nMonday 19 January: clear sky, 4 to 10 °C",
    "weather in Berlin today and tomorrow": "Germany:\nToday, Thursday 15 January: light rain",
    "weather forecast for Berlin tomorrow": ". Tomorrow, Friday 16 January: ",
    "5 day forecast for Berlin": "\nMonday 19 January: clear sky",
    "weather in Berlin next week": "\nSunday 25 January: ",
    "weather Friday Berlin": ". Tomorrow, Friday 16 January: partly cloudy",
    "weather in Berlin in 16 days": "the next 16 days only: in Berlin, State of Berlin, Germany until Friday 30 January.",
    "weather in Berlin next month": "16 days only",
    "weather in Berlin yesterday": "not of the past",
    "weather in Berlin on 24 December 2025": "not of the past",
}


@pytest.mark.parametrize("said", TIMES)
async def test_the_weather_of_another_time_is_told(caller: Caller, said: str) -> None:  # S40
    assert TIMES[said] in await caller.say(said)


@pytest.mark.parametrize(
    ("zone", "said", "named"),
    [
        ("Europe/Berlin", "weather in Oslo at 18:00", False), ("Europe/London", "weather in Oslo at 18:00", True),
        (None, "weather in Oslo at 18:00", True), ("Mars/Olympus", "weather in Oslo at 18:00", True),
        ("Europe/London", "weather in Oslo", False), ("Europe/London", "weather in Oslo tomorrow", False),
        ("Europe/London", "weather in Auckland tomorrow", True), ("Europe/London", "weather in Tokyo this evening", True),
    ],
)  # fmt: skip
async def test_a_time_is_the_place_s_own_and_is_named_where_it_differs(
    caller: Caller, zone: str | None, said: str, named: bool
) -> None:
    if zone:
        caller.facts["timezone"] = zone
    answer = await caller.say(said)
    assert ("These are local times" in answer) == named


async def test_today_and_tomorrow_are_those_of_the_place(caller: Caller) -> None:
    assert "Tomorrow, Saturday 17 January: " in await caller.say("weather in Auckland tomorrow")
    assert "it is Friday 01:00 there now (Pacific/Auckland)" in await caller.say("weather in Auckland at 9am")
    assert ". Today at 09:00: " in await caller.say("weather in Honolulu at 9am")
    assert "it is Thursday 17:45 there now (Asia/Kathmandu)" in await caller.say("weather in Kathmandu at 9pm")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("will it rain in London, UK", "Yes, it is raining. London"),
        ("will it rain in London, UK tomorrow", "Probably not: 10 % chance of rain. London"),
        ("is it going to rain in London, UK on Saturday", "Perhaps: 55 % chance of rain. London"),
        ("will it rain in London, UK this weekend", "Perhaps: 55 % chance of rain (Saturday 17 January). London"),
        ("will it rain in London, UK tonight", "Yes, probably: 70 % chance of rain. London"),
        ("do I need an umbrella in London, UK tomorrow?", "You will hardly need an umbrella: 10 % chance of rain. London"),
        ("should I take an umbrella", "Which place?"),
        ("do i need an umbrella in London, UK", "Yes, take an umbrella: 70 % chance of rain. London"),
        ("will it snow in Oslo", "Probably not: no snow is expected. Oslo"),
        ("is it going to snow in Oslo on Tuesday", "Yes, probably: 80 % chance of snow. Oslo"),
        ("will it snow in Oslo in the next 7 days", "Yes, probably: 80 % chance of snow (Tuesday 20 January). Oslo"),
        ("is it sunny in Cairo", "Probably not: light rain. Cairo"),
        ("will it be sunny in Cairo on Monday", "Yes: clear sky. Cairo"),
        ("will it be sunny in Cairo tomorrow", "In part: partly cloudy. Cairo"),
        ("how windy is it in Oslo tomorrow", "Wind of up to 27 km/h. Oslo"),
        ("how cold is it in Oslo tomorrow", "Oslo, Norway. Tomorrow"),
    ],
)  # fmt: skip
async def test_a_question_is_answered_before_all_else(caller: Caller, said: str, told: str) -> None:
    assert (await caller.say(said)).startswith(told)
