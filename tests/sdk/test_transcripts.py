"""The actions of this checkout hold their conversations: said → answered, from a file."""

from pathlib import Path
from typing import Any

import pytest

import actions_config.app
import actions_config.settings
import actions_weather.app
import actions_weather.settings
from jeeves_actions.testing import calling
from jeeves_actions.transcript import hold
from support.openmeteo import OpenMeteo

FOLDER = Path(__file__).parent / "conversations"
ACTIONS = {
    "config": (actions_config.app.create_app, actions_config.settings.Settings),
    "weather": (actions_weather.app.create_app, actions_weather.settings.Settings),
}


@pytest.mark.parametrize(("name", "parts"), ACTIONS.items(), ids=ACTIONS)
async def test_an_action_answers_as_its_transcript_says(name: str, parts: tuple[Any, Any]) -> None:  # S43
    with OpenMeteo() as meteo:
        environ = dict.fromkeys(("JEEVES_WEATHER_URL", "JEEVES_GEOCODING_URL"), meteo.url)
        async with calling(*parts, environ=environ) as caller:
            await hold(caller, (FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
