"""Units: what a person says, prefers, or is used to (S55)."""

from typing import Any

import pytest

from jeeves_actions.testing import Caller
from jeeves_contracts.actions import ActionAnswer


@pytest.mark.parametrize(
    ("fact", "locale", "setting", "shown"),
    [
        (None, None, None, "4 °C 18 km/h"), (None, "en-US", None, "39 °F 11 mph"),
        (None, "en_US", None, "39 °F 11 mph"),
        (None, "en-LR", None, "39 °F 11 mph"), (None, "my-MM", None, "39 °F 11 mph"), (None, "en-GB", None, "4 °C 11 mph"),
        (None, "de-DE", None, "4 °C 18 km/h"), (None, "zh-Hant-TW", None, "4 °C 18 km/h"),
        (None, "es-419", None, "4 °C 18 km/h"),
        ("metric", "en-US", None, "4 °C 18 km/h"), ("imperial", "de-DE", None, "39 °F 11 mph"),
        ("Imperial", None, None, "39 °F 11 mph"), ("odd", None, None, "4 °C 18 km/h"), (3, None, None, "4 °C 18 km/h"),
        (None, "en-US", "metric", "4 °C 18 km/h"), (None, "de-DE", "imperial", "39 °F 11 mph"),
        (None, "de-DE", "british", "4 °C 11 mph"), ("metric", "de-DE", "imperial", "4 °C 18 km/h"),
        (None, "en-US", "auto", "39 °F 11 mph"), (None, "en-US", 7, "39 °F 11 mph"),
    ],
)  # fmt: skip
async def test_units_are_those_of_the_person(caller: Caller, fact: Any, locale: str | None, setting: Any, shown: str) -> None:
    caller.facts["units"] = fact
    caller.locale = locale
    request = caller.request("weather", "Berlin").model_copy(update={"settings": {"units": setting} if setting else {}})
    answer = await caller.invoke(request)
    assert isinstance(answer, ActionAnswer)
    number, degree, speed, unit = shown.split()
    assert f": {number} {degree}, light rain." in answer.messages[0].text
    assert f"wind {speed} {unit}" in answer.messages[0].text


async def test_units_may_be_said_for_once(caller: Caller) -> None:
    assert ": 39 °F" in await caller.say("weather in Berlin in fahrenheit")
    assert ": 4 °C" in await caller.say("weather in Berlin")
    caller.facts["units"] = "imperial"
    assert "2 to 8 °C" in await caller.say("weather Berlin in celsius tomorrow")


async def test_the_admins_choose_among_known_units(caller: Caller) -> None:
    assert caller.manifest.settings_schema["properties"] == {
        "units": {
            "type": "string",
            "title": "Units for people who chose none",
            "enum": ["auto", "metric", "imperial", "british"],
            "default": "auto",
        }
    }
