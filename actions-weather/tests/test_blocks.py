"""What stands beside the text: small tables, buttons, the source."""

from typing import Any

from actions_weather.reading.heard import hear
from actions_weather.telling.report import Command
from jeeves_actions.testing import Caller
from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import Block, ButtonsBlock, ContextBlock, FieldsBlock, TableBlock, TextBlock
from jeeves_geocoding import Asked


async def reply(caller: Caller, said: str) -> Reply:
    await caller.say(said)
    assert caller.answered
    [message] = caller.answered[1].messages
    return message


def kinds(blocks: list[Block]) -> list[str]:
    return [block.type for block in blocks]


def of(kind: type[Any], blocks: list[Block]) -> Any:
    return next(block for block in blocks if isinstance(block, kind))


async def test_an_answer_has_blocks_that_say_the_same_and_name_the_source(caller: Caller) -> None:
    blocks = (await reply(caller, "weather in Springfield")).blocks
    assert kinds(blocks) == ["text", "fields", "text", "buttons", "context"]
    assert [(f.label, f.value) for f in of(FieldsBlock, blocks).fields] == [
        ("Feels like", "9 °C"), ("Today", "8 to 14 °C"), ("Chance of rain", "70 %"), ("Wind", "18 km/h"),
    ]  # fmt: skip
    assert [button.command for button in of(ButtonsBlock, blocks).buttons] == [
        "weather in Springfield, Massachusetts, United States",
        "weather in Springfield, Illinois, United States",
    ]
    assert "Missouri" in of(TextBlock, blocks).text
    assert [block.text for block in blocks if isinstance(block, TextBlock)][1:] == ["Another place of that name?"]
    assert of(ContextBlock, blocks).text == "Weather data by Open-Meteo.com (CC BY 4.0)"


async def test_a_button_of_a_namesake_reaches_that_namesake_at_the_same_time(caller: Caller) -> None:
    for said, told in (
        ("weather in Springfield", ": "),
        ("weather in Springfield tomorrow at 9am", "Tomorrow, Friday 16 January at 09:00"),
    ):
        for state in ("Illinois", "Massachusetts"):
            await caller.say(said)
            answer = await caller.press(f"Springfield, {state}")
            assert answer.startswith(f"Springfield, {state}, United States")
            assert told in answer
    await caller.say("forecast for Springfield this weekend in celsius")
    assert "Saturday 17 January: light showers, 5 to 11 °C" in await caller.press("Springfield, Massachusetts")


async def test_places_to_choose_from_are_named_once_beside_the_text(caller: Caller) -> None:
    for said, asked in (
        ("weather in London, Atlantis", 'I know no place named "London, Atlantis". Did you mean one of these?'),
        ("weather in Paris and London", "I tell the weather of one place at a time. Which one first?"),
        ("weather in Springfield every day at 7", "Another place of that name?"),
    ):
        message = await reply(caller, said)
        assert [block.text for block in message.blocks if isinstance(block, TextBlock)][-1] == asked
        for button in of(ButtonsBlock, message.blocks).buttons:
            assert button.label in message.text


async def test_a_place_whose_name_sounds_like_a_time_is_quoted_on_a_button() -> None:
    assert Command("weather in", "tomorrow").of("Sunday, Lagos") == "weather in Sunday, Lagos tomorrow"
    assert Command("weather in", "in celsius").of("Paris, Friday") == 'weather in "Paris, Friday" in celsius'
    assert hear('in "Paris, Friday" in celsius').place == Asked("Paris", ("Friday",))


async def test_days_and_hours_are_small_tables(caller: Caller) -> None:
    blocks = (await reply(caller, "forecast for Oslo, Norway this weekend")).blocks
    assert kinds(blocks) == ["text", "table", "context"]
    assert of(TableBlock, blocks).header == ["Day", "Weather", "Low to high", "Rain", "Wind"]
    assert of(TableBlock, blocks).rows == [
        ["Sat 17 Jan", "light showers", "−4 to 2 °C", "55 %", "27 km/h"],
        ["Sun 18 Jan", "overcast", "−1 to 5 °C", "30 %", "27 km/h"],
    ]
    hours = of(TableBlock, (await reply(caller, "weather in Oslo tomorrow")).blocks)
    assert [row[0] for row in hours.rows] == ["06:00", "09:00", "12:00", "15:00", "18:00", "21:00"]
    assert hours.rows[3] == ["15:00", "partly cloudy", "4 °C", "10 %", "18 km/h"]
    rest = of(TableBlock, (await reply(caller, "weather in Oslo today")).blocks)
    assert [row[0] for row in rest.rows] == ["15:00", "18:00", "21:00"]
    assert len(of(TableBlock, (await reply(caller, "weather in Oslo tonight")).blocks).rows) <= 8
    assert len(of(TableBlock, (await reply(caller, "forecast for Oslo next 16 days")).blocks).rows) == 16
