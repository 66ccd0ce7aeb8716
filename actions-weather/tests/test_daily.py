"""The weather that comes by itself: opted into, out of, and told at its hour."""

from typing import Any

import pytest

from actions_weather.reading.recurring import recurring_of
from jeeves_actions.testing import Caller, converse
from jeeves_contracts.actions import ActionAnswer, ScheduleDelete, SchedulePut
from jeeves_contracts.blocks import TableBlock
from jeeves_contracts.schedules import KnownSchedule

PARIS = "Paris, Île-de-France Region, France"


async def put(caller: Caller, said: str) -> KnownSchedule:
    await caller.say(said)
    return caller.notebook.schedules["weather"]


@pytest.mark.parametrize(
    ("said", "cron", "told"),
    [
        ("weather in Paris every weekday at 7:30", "30 7 * * 1-5", "Every weekday at 07:30"),
        ("weather every weekday at 7:30 in Paris", "30 7 * * 1-5", "Every weekday at 07:30"),
        ("weather on weekdays in Paris at 7.30", "30 7 * * 1-5", "Every weekday at 07:30"),
        ("send me the weather in Paris on weekdays at 7:30", "30 7 * * 1-5", "Every weekday at 07:30"),
        ("weather in Paris every day at 7", "0 7 * * *", "Every day at 07:00"),
        ("weather in Paris daily at 6am", "0 6 * * *", "Every day at 06:00"),
        ("daily weather in Paris at noon", "0 12 * * *", "Every day at 12:00"),
        ("every morning at 7 weather in Paris", "0 7 * * *", "Every day at 07:00"),
        ("every morning weather in Paris", "0 7 * * *", "Every day at 07:00"),
        ("every day at 8 the weather in Paris", "0 8 * * *", "Every day at 08:00"),
        ("weather in Paris every evening at 7", "0 19 * * *", "Every day at 19:00"),
        ("weather in Paris every evening", "0 18 * * *", "Every day at 18:00"),
        ("weather in Paris every day at 9pm", "0 21 * * *", "Every day at 21:00"),
        ("weather in Paris every Monday at 8am", "0 8 * * 1", "Every Monday at 08:00"),
        ("weather in Paris on Mondays and Fridays at 8:15", "15 8 * * 1,5", "Every Monday and Friday at 08:15"),
        ("weather in Paris every mon, wed and fri at 8", "0 8 * * 1,3,5", "Every Monday, Wednesday and Friday at 08:00"),
        ("weather in Paris every sunday at 10", "0 10 * * 0", "Every Sunday at 10:00"),
        ("weather in Paris every monday to thursday at 8", "0 8 * * 1,2,3,4", "Every Monday, Tuesday, Wednesday and Thursday"),
        ("weather in Paris every weekend at 9", "0 9 * * 0,6", "Every Saturday and Sunday at 09:00"),
        ("weather in Paris at 7:30 every weekday please", "30 7 * * 1-5", "Every weekday at 07:30"),
        ("weather in Paris every day", "0 7 * * *", "Every day at 07:00"),
        ("weather in Paris every day at midnight", "0 0 * * *", "Every day at 00:00"),
    ],
)  # fmt: skip
async def test_a_person_opts_in_with_a_sentence(caller: Caller, said: str, cron: str, told: str) -> None:  # S134, S137, S139
    answer = await caller.say(said)
    assert answer.startswith(f"{told}")
    assert f"(Europe/Paris) I will send you the weather for {PARIS} as a direct message" in answer
    assert "`stop weather`" in answer
    schedule = caller.notebook.schedules["weather"]
    assert (schedule.timing.rule.cron, schedule.timing.rule.timezone) == (cron, "Europe/Paris")
    assert (schedule.command, schedule.timing.expires_seconds) == (f"weather in {PARIS}", 3600)  # S135


async def test_the_hour_is_that_of_the_person_and_the_place_the_stored_one(caller: Caller) -> None:
    await converse(caller, ("weather every weekday at 7:30", "Where?"))
    assert not caller.notebook.schedules
    caller.facts["location"] = "Tokyo"
    caller.is_direct = True
    assert (await put(caller, "weather every weekday at 7:30")).timing.rule.timezone == "Asia/Tokyo"
    caller.facts["timezone"] = "America/New_York"
    schedule = await put(caller, "weather every weekday at 7:30")
    assert (schedule.timing.rule.timezone, schedule.command) == ("America/New_York", "weather")
    assert (await put(caller, "weather in Paris every day at 7")).timing.rule.timezone == "America/New_York"
    caller.facts["timezone"] = "Mars/Olympus"
    assert (await put(caller, "weather in Oslo every day at 7")).timing.rule.timezone == "Europe/Oslo"
    assert (await put(caller, "weather in 52.5, 13.4 every day at 7")).timing.rule.timezone == "UTC"


async def test_it_may_be_of_another_day(caller: Caller) -> None:
    assert (await put(caller, "weather for tomorrow in Paris every evening at 8")).command == f"weather in {PARIS} tomorrow"
    caller.facts["location"] = "Oslo"
    caller.is_direct = True
    assert (await put(caller, "weather for this weekend every Friday at 16:00")).command == "weather this weekend"


async def test_it_keeps_the_units_that_were_asked_for(caller: Caller) -> None:  # S55
    schedule = await put(caller, "weather in Paris in fahrenheit every day at 24:00")
    assert (schedule.command, schedule.timing.rule.cron) == (f"weather in {PARIS} in fahrenheit", "0 0 * * *")
    caller.facts["location"] = "Oslo"
    caller.is_direct = True
    assert (await put(caller, "weather for tomorrow every evening in celsius")).command == "weather tomorrow in celsius"


@pytest.mark.parametrize(
    "said",
    ["weather every 10 minutes", "weather in Paris every minute", "weather every hour", "weather hourly",
     "weather every 2 hours",
     "weather every 5 minutes in Paris", "send me the weather every second", "weather in Paris twice a day",
     "weather every other day"],
)  # fmt: skip
async def test_more_often_than_daily_is_refused_kindly(caller: Caller, said: str) -> None:  # S136
    await converse(caller, (said, "at most once a day, at an hour that you name"))
    assert not caller.notebook.schedules


@pytest.mark.parametrize(
    "said",
    ["stop weather", "stop the weather", "no more weather", "weather off", "weather stop", "unsubscribe", "weather unsubscribe",
     "Stop sending me the weather.", "cancel the weather", "stop weather in Paris", "stop the weather for Paris",
     "pause weather",
     "pause the weather", "stop sending me weather", "stop sending me the weather in Paris", "Stop sending the weather",
     "stop my daily weather", "cancel weather in Paris", "weather pause", "stop weather every day at 7"],
)  # fmt: skip
async def test_a_person_opts_out_with_a_sentence(caller: Caller, said: str) -> None:  # S139
    await put(caller, "weather in Paris every day at 7")
    assert (await caller.say(said)).startswith("I send you no weather by myself any more.")
    assert not caller.notebook.schedules
    assert caller.answered
    assert caller.answered[1].changes == [ScheduleDelete(name="weather")]


async def test_who_gets_no_weather_may_stop_it_too(caller: Caller) -> None:
    assert (await caller.say("stop weather")).startswith("I send you no weather by myself any more.")


async def test_what_a_channel_knows_is_named_as_it_is_not_known_elsewhere(caller: Caller) -> None:
    caller.notebook.channel["location"] = "Paris, France"
    assert (await put(caller, "weather every day at 7")).command == f"weather in {PARIS}"


async def test_a_namesake_is_chosen_with_a_button(caller: Caller) -> None:
    assert "If you meant another place" in await caller.say("weather in Springfield every weekday at 7:30")
    await caller.press("Springfield, Illinois")
    schedule = caller.notebook.schedules["weather"]
    assert (schedule.command, schedule.timing.rule.cron) == ("weather in Springfield, Illinois, United States", "30 7 * * 1-5")
    await caller.say("weather in Londn every Monday and Friday at 9pm")
    await caller.press("London, Ontario")
    schedule = caller.notebook.schedules["weather"]
    assert (schedule.command, schedule.timing.rule.cron) == ("weather in London, Ontario, Canada", "0 21 * * 1,5")


async def test_only_the_person_is_told_of_it(caller: Caller) -> None:
    for caller.is_direct, visibility in ((False, "ephemeral"), (True, "channel")):
        for said in ("weather in Paris every day at 7", "stop weather"):
            await caller.say(said)
            assert caller.answered
            assert caller.answered[1].messages[0].visibility == visibility


async def test_an_answer_changes_nothing_but_the_schedule(caller: Caller) -> None:
    await caller.say("weather in Paris every day at 7")
    assert caller.answered
    assert [type(change) for change in caller.answered[1].changes] == [SchedulePut]
    await caller.say("weather in Paris")
    assert not caller.answered[1].changes


async def test_a_place_that_nobody_knows_makes_no_schedule(caller: Caller) -> None:
    await converse(
        caller,
        ("weather in Qxzqxzqx every day at 7", "I know no place"),
        ("weather every day at 7 in " + "x" * 300, "too long"),
    )
    assert not caller.notebook.schedules


async def test_at_its_hour_the_day_is_told_hour_by_hour(caller: Caller) -> None:
    scheduled: dict[str, Any] = {"trigger": "schedule", "memo": {"place": "Oslo, Norway", "when": "tomorrow"}}
    caller.facts["location"] = "Paris"
    for text in ("in Paris", ""):
        answer = await caller.invoke(caller.request("weather", text).model_copy(update=scheduled))
        assert isinstance(answer, ActionAnswer)
        [message] = answer.messages
        assert message.text.startswith(f"{PARIS}: 6 °C, light rain. Today 3 to 9 °C")
        [table] = [block for block in message.blocks if isinstance(block, TableBlock)]
        assert [row[0] for row in table.rows] == ["15:00", "18:00", "21:00"]


@pytest.mark.parametrize(
    "text", ["everyday street", "monday", "every", "days", "nights", "in the morning", "every paris", "on monday", ""]
)
def test_other_words_come_once(text: str) -> None:
    assert recurring_of(text) is None
