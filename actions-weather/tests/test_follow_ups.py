"""What is said next needs no place, and no time, that was said before; and a memo is believed no more than any payload."""

from typing import Any

import pytest

from actions_weather.reading.memo import Memo, memo_of
from actions_weather.reading.when import Ahead, When
from jeeves_actions.testing import Caller, converse, follow_up
from jeeves_contracts.actions import ActionAnswer
from jeeves_contracts.base import Json

TOMORROW = "Tomorrow, Friday 16 January"


async def test_a_place_and_a_time_are_remembered(caller: Caller) -> None:
    await converse(
        caller,
        ("weather in Paris", "Paris, Île-de-France Region, France: 6 °C"),
        ("and tomorrow?", f"Paris, Île-de-France Region, France. {TOMORROW}"),
        ("in Berlin?", f"Berlin, State of Berlin, Germany. {TOMORROW}"),
        ("what about Rome", f"Rome, Lazio, Italy. {TOMORROW}"),
        ("at 18:00", "Rome, Lazio, Italy. Tomorrow, Friday 16 January at 18:00"),
        ("how about in Oslo this weekend?", "Oslo, Norway:\nSaturday 17 January"),
        ("and next Monday", "Oslo, Norway. Monday 19 January"),
        ("this evening", "Oslo, Norway. This evening"),
        ("next 3 days", "Oslo, Norway:\nToday, Thursday 15 January"),
        ("friday", f"Oslo, Norway. {TOMORROW}"),
        ("now", "Oslo, Norway: 0 °C"),
        ("tomorrow evening", f"Oslo, Norway. {TOMORROW}, in the evening"),
        ("and Cairo?", f"Cairo, Cairo Governorate, Egypt. {TOMORROW}, in the evening"),
        ("and Qxzqxzqx?", "I know no place"),
        ("in Cairo", f"Cairo, Cairo Governorate, Egypt. {TOMORROW}, in the evening"),
    )


async def test_units_and_the_question_are_remembered(caller: Caller) -> None:
    await converse(
        caller,
        ("weather in Berlin in fahrenheit", ": 39 °F"),
        ("and tomorrow", "35 to 46 °F"),
        ("in celsius", "2 to 8 °C"),
        ("weather in Oslo", "Oslo, Norway: 0 °C"),
        ("will it rain in Rome this weekend?", "Perhaps: 55 % chance of rain (Saturday 17 January). Rome"),
        ("and tomorrow?", "Probably not: 10 % chance of rain. Rome"),
        ("in Oslo", f"Probably not: 10 % chance of rain. Oslo, Norway. {TOMORROW}"),
    )


async def test_one_of_the_namesakes_is_meant(caller: Caller) -> None:
    await converse(
        caller,
        ("weather in Springfield tomorrow", f"Springfield, Missouri, United States. {TOMORROW}"),
        ("the one in Illinois", f"Springfield, Illinois, United States. {TOMORROW}"),
        ("weather in London", "London, England"),
        ("no, the other one", "London, Ontario, Canada: 9 °C"),
        ("weather in Paris, Texas", "Paris, Texas"),
        ("the other one?", "Paris, Texas"),
    )


async def test_a_forecast_is_followed_by_another(caller: Caller) -> None:
    await converse(
        caller,
        ("forecast for Rome", "Rome, Lazio, Italy:\nToday"),
        ("and Oslo?", "Oslo, Norway:\nToday"),
        ("tomorrow", f"Oslo, Norway. {TOMORROW}"),
    )


async def test_what_is_named_is_not_filled_up(caller: Caller) -> None:
    caller.facts["location"] = "Reykjavik"
    await converse(
        caller,
        ("weather in Paris tomorrow in fahrenheit", f"Paris, Île-de-France Region, France. {TOMORROW}"),
        ("weather in Rome", "Rome, Lazio, Italy: 9 °C"),
        ("weather tomorrow", f"Rome, Lazio, Italy. {TOMORROW}"),
        ("weather", "Reykjavík, Capital Region, Iceland: −2 °C"),
    )


async def test_a_time_that_nobody_knows_is_not_remembered(caller: Caller) -> None:
    await converse(
        caller,
        ("weather in Cairo next month", "16 days"),
        ("in fahrenheit", "Cairo, Cairo Governorate, Egypt: 59 °F"),
    )


async def test_who_named_no_place_names_it_next(caller: Caller) -> None:
    await converse(caller, ("weather tomorrow", "Which place?"), ("in Paris", f"France. {TOMORROW}"))


async def test_a_memo_holds_what_is_needed_and_no_more(caller: Caller) -> None:
    await caller.say("will it rain in London tomorrow at 9 in celsius")
    assert caller.answered
    assert caller.answered[1].memo == {
        "place": "London, England, United Kingdom",
        "others": ["London, Ontario, Canada"],
        "when": "tomorrow at 9:00",
        "units": "metric",
        "about": "rain",
    }
    await caller.say("weather in Oslo")
    assert caller.answered[1].memo == {"place": "Oslo, Norway"}


ODD: list[Any] = [
    None,
    7,
    True,
    [],
    {},
    "",
    " ",
    "x" * 5000,
    "<!channel>",
    "\x00",
    ["Paris"],
    {"a": 1},
    "tomorrow in Paris",
    1e308,
]


@pytest.mark.parametrize("name", ["place", "others", "when", "units", "about"])
@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
async def test_an_odd_memo_is_passed_over(caller: Caller, name: str, value: Any) -> None:
    command = caller.manifest.commands[0]
    found = follow_up(caller.manifest, command, "and tomorrow?")
    assert found
    memo: Json = {"place": "Paris, Texas, United States"} | {name: value}
    request = caller.request("weather", found.text, found.args).model_copy(update={"memo": memo})
    answer = await caller.invoke(request)
    assert isinstance(answer, ActionAnswer)
    if name != "place":
        assert answer.messages[0].text.startswith(f"Paris, Texas, United States. {TOMORROW}")


def test_a_memo_is_read_as_it_was_written() -> None:
    memo = Memo("Paris, Texas, United States", ("Paris, France",), When(days=(Ahead(1),)), "imperial", "snow")
    assert memo_of(memo.to_json()) == memo
    assert memo_of({}) == Memo()
    assert memo_of(Memo().to_json()) == Memo()


@pytest.mark.parametrize("said", ["in a while", "and", "tell me a joke", "paris", "thanks", "the one"])
def test_other_words_are_no_follow_up(caller: Caller, said: str) -> None:
    assert follow_up(caller.manifest, caller.manifest.commands[0], said) is None or said == "in a while"
