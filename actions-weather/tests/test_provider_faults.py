"""Bad days of the provider: one friendly sentence each, soon, and nothing of its troubles in it (S56)."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import pytest
import respx

from actions_weather.app import create_app
from actions_weather.settings import Settings
from jeeves_actions.testing import Caller, calling
from jeeves_contracts.problem import Problem
from jeeves_service.errors import SettingsError
from jeeves_service.http import HttpClient
from support.openmeteo import recorded

SEARCH = "https://geocoding-api.open-meteo.com/v1/search"
FORECAST = "https://api.open-meteo.com/v1/forecast"
PATIENCE = 0.8
SORRY = "Sorry, the weather service cannot be reached just now. Try again in a few minutes."


async def hang(request: httpx.Request) -> httpx.Response:
    await asyncio.sleep(30)
    return httpx.Response(200)


FAULTS: dict[str, Any] = {
    "500": httpx.Response(500, json={"error": True, "reason": "Internal error"}),
    "503 html": httpx.Response(503, html="<h1>Service Unavailable</h1>"),
    "404": httpx.Response(404, json={"error": True, "reason": "Not Found"}),
    "400": httpx.Response(400, content=recorded("error.latitude_range.json")),
    "429 minutely": httpx.Response(429, content=recorded("error.minutely_limit.json")),
    "429 hourly": httpx.Response(429, content=recorded("error.hourly_limit.json")),
    "429 daily": httpx.Response(429, content=recorded("error.daily_limit.json")),
    "redirect": httpx.Response(302, headers={"Location": "https://example.com/"}),
    "html": httpx.Response(200, html="<html>hello</html>"),
    "empty": httpx.Response(200, content=b""),
    "bad json": httpx.Response(200, content=b'{"results": ['),
    "list": httpx.Response(200, json=[]),
    "wrong types": httpx.Response(200, json={"results": 7, "current": "warm", "daily": []}),
    "not utf-8": httpx.Response(200, content=b'{"results": "\xff"}'),
    "surrogate": httpx.Response(200, content=b'{"results": [{"name": "\\ud800"}]}'),
    "deep": httpx.Response(200, content=b"[" * 100_000),
    "2 MB": httpx.Response(200, content=b'{"a": "' + b"x" * 2_000_000 + b'"}'),
    "refused": httpx.ConnectError("refused"),
    "reset": httpx.ReadError("reset"),
    "no http": httpx.RemoteProtocolError("what is this"),
    "time-out": httpx.ReadTimeout("late"),
    "hang": hang,
}


def answering(route: respx.Route, fault: Any) -> None:
    route.mock(return_value=fault) if isinstance(fault, httpx.Response) else route.mock(side_effect=fault)


@pytest.fixture
def internet() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        router.get(SEARCH).mock(return_value=httpx.Response(200, content=recorded("geocoding.samara.en.json")))
        router.get(FORECAST).mock(return_value=httpx.Response(200, content=recorded("forecast.samara.json")))
        yield router


@pytest.fixture
async def caller(internet: respx.MockRouter, clock: Any) -> AsyncIterator[Caller]:
    clock.begins = datetime(2026, 9, 15, 8, tzinfo=UTC)  # the day that was recorded
    create = partial(create_app, patience=PATIENCE)
    async with calling(create, Settings, http=HttpClient(default_transport=True), clock=clock) as caller:
        yield caller


@pytest.mark.parametrize("url", [SEARCH, FORECAST])
@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_is_one_friendly_reply(caller: Caller, internet: respx.MockRouter, url: str, fault: str) -> None:
    route = internet.get(url)
    answering(route, FAULTS[fault])
    begun = time.monotonic()
    answer = await caller.invoke(caller.request("weather", "in Samara"))
    assert isinstance(answer, Problem)
    assert (answer.status, answer.user_facing, answer.detail) == (424, True, SORRY)
    assert time.monotonic() - begun < 2 * PATIENCE + 1
    assert route.call_count in ([0] if fault == "hang" else [1, 2])  # respx counts what was answered


@pytest.mark.parametrize("status", [400, 404, 429])
async def test_a_refusal_is_not_tried_twice(caller: Caller, internet: respx.MockRouter, status: int) -> None:
    route = internet.get(SEARCH).mock(return_value=httpx.Response(status))
    await caller.say("weather in Samara")
    assert route.call_count == 1


async def test_one_failure_is_tried_again_within_the_time(caller: Caller, internet: respx.MockRouter) -> None:
    good = httpx.Response(200, content=recorded("forecast.samara.json"))
    route = internet.get(FORECAST).mock(side_effect=[httpx.Response(500), good])
    assert "Samara" in await caller.say("weather in Samara")
    assert route.call_count == 2


async def test_a_person_who_went_away_does_not_take_the_answer_from_others(caller: Caller, internet: respx.MockRouter) -> None:
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(request: httpx.Request) -> httpx.Response:
        under_way.set()
        await go_on.wait()
        return httpx.Response(200, content=recorded("forecast.samara.json"))

    internet.get(FORECAST).mock(side_effect=slowly)
    impatient = asyncio.create_task(caller.say("weather in Samara"))
    await under_way.wait()
    patient = asyncio.create_task(caller.say("weather in Samara"))
    await asyncio.sleep(0)
    impatient.cancel()
    go_on.set()
    assert "Samara" in await patient


#: A recorded answer → the day of it, and what it is told as.
RECORDED = {
    "forecast.samara.json": ("2026-09-15", "19 °C, overcast. Today 13 to 20 °C, 30 % chance of rain, wind 3 m/s."),
    "forecast.old_names.kolkata.json": ("2025-05-29", "Russia: Today thunderstorm, 26 to 28 °C."),
    "forecast.unixtime.lisbon.json": ("2026-09-15", "12 °C, overcast. Today 10 to 18 °C, 0 % chance of rain, wind 6 km/h."),
}


@pytest.mark.parametrize("answer", RECORDED)
async def test_recorded_answers_are_told(caller: Caller, internet: respx.MockRouter, clock: Any, answer: str) -> None:
    day, told = RECORDED[answer]
    clock.begins = datetime.fromisoformat(f"{day}T08:00+00:00")
    internet.get(FORECAST).mock(return_value=httpx.Response(200, content=recorded(answer)))
    assert told in await caller.say("weather in Samara")


async def test_the_recorded_days_are_told_by_their_dates(caller: Caller, clock: Any) -> None:
    told = "Wednesday 16 September: light showers, 15 to 21 °C, 53 % chance of rain."
    assert f"Tomorrow, {told}" in await caller.say("weather in Samara tomorrow")
    clock.begins = datetime(2026, 9, 15, 20, 30, tzinfo=UTC)  # half past midnight in Samara: yesterday's answer serves on
    assert f"Today, {told}" in await caller.say("forecast for Samara")
    assert UNKNOWN in await caller.say("weather in Samara at 18:00")
    assert UNKNOWN in await caller.say("weather in Samara in 12 days")


DAYS = ["2026-09-15", "2026-09-16"]
HOURS = ["2026-09-15T17:00", "2026-09-15T18:00"]
UNKNOWN = "nothing is known of that time yet"


@pytest.mark.parametrize(
    ("odd", "said", "told"),
    [
        ({"hourly": {"time": HOURS, "temperature_2m": [1, 2]}}, "at 18:00", "Today at 18:00: 2 °C."),
        ({"hourly": {"time": HOURS, "temperature_2m": [1]}}, "at 18:00", "Today at 18:00: 1 °C."),
        ({"hourly": {"time": HOURS, "temperature_2m": [1, None]}}, "at 18:00", "Today at 18:00: 1 °C."),
        ({"hourly": {"time": HOURS, "temperature_2m": None}}, "at 18:00", UNKNOWN),
        ({"hourly": {"time": ["soon", 5, None], "temperature_2m": [1, 2, 3]}}, "at 18:00", UNKNOWN),
        ({"hourly": {"time": "2026", "temperature_2m": 3}}, "at 18:00", UNKNOWN),
        ({"hourly": [1]}, "tonight", UNKNOWN),
        ({"hourly": {"time": HOURS, "temperature_2m": [1, 2], "precipitation_probability": [400, -1]}}, "at 18:00", ": 2 °C."),
        ({"daily": {"time": DAYS, "temperature_2m_max": [5, 6], "temperature_2m_min": [1, None]}}, "tomorrow", UNKNOWN),
        ({"daily": {"time": DAYS, "temperature_2m_max": [5, 6], "temperature_2m_min": [1, 6.2]}}, "tomorrow", ": 6 °C."),
        ({"daily": {"time": ["x", "y"], "temperature_2m_max": [5, 6], "temperature_2m_min": [1, 2]}}, "tomorrow", UNKNOWN),
        ({"daily": {"temperature_2m_max": [5, 6], "temperature_2m_min": [1, 2]}}, "tomorrow", "2 to 6 °C."),
        ({"timezone": "Mars/Olympus", "utc_offset_seconds": 14400}, "now", "19 °C"),
        ({"timezone": 7, "utc_offset_seconds": 1e9}, "now", "19 °C"),
    ],
)  # fmt: skip
async def test_gaps_in_hours_and_days_are_passed_over(
    caller: Caller, internet: respx.MockRouter, odd: dict[str, Any], said: str, told: str
) -> None:
    body = {"timezone": "Europe/Samara", "current": {"temperature_2m": 18.5}} | odd
    internet.get(FORECAST).mock(return_value=httpx.Response(200, json=body))
    assert told in await caller.say(f"weather in Samara {said}")


@pytest.mark.parametrize(
    ("current", "told"),
    [
        ({"temperature_2m": -0.6}, ": −1 °C."), ({"temperature_2m": -0.4}, ": 0 °C."), ({"temperature_2m": -0.5}, ": 0 °C."),
        ({"temperature_2m": 0.5}, ": 1 °C."), ({"temperature_2m": 20}, ": 20 °C."),
        ({"temperature_2m": 20, "weather_code": 42}, ": 20 °C."),
        ({"temperature_2m": 1, "weather_code": 71.0, "wind_speed_10m": None}, ": 1 °C, light snow."),
    ],
)  # fmt: skip
async def test_numbers_are_rounded_and_gaps_left_out(
    caller: Caller, internet: respx.MockRouter, current: dict[str, Any], told: str
) -> None:  # P15
    internet.get(FORECAST).mock(return_value=httpx.Response(200, json={"current": current}))
    assert (await caller.say("weather in Samara")).endswith(told)


async def test_nothing_found_in_the_recorded_shape_is_an_unknown_place(caller: Caller, internet: respx.MockRouter) -> None:
    internet.get(SEARCH).mock(return_value=httpx.Response(200, content=recorded("geocoding.no_results.json")))
    assert "I know no place" in await caller.say("weather in Samara")


@pytest.mark.parametrize(
    "result",
    [
        {"name": "X", "latitude": 91, "longitude": 0}, {"name": "X", "latitude": 0, "longitude": 181},
        {"name": "X", "latitude": "NaN"}, {"name": "", "latitude": 0, "longitude": 0},
        {"name": "x" * 201, "latitude": 0, "longitude": 0}, {"latitude": 0}, None, 7, [],
    ],
)  # fmt: skip
async def test_a_result_that_cannot_be_is_passed_over(caller: Caller, internet: respx.MockRouter, result: Any) -> None:
    good = {"name": "Samara", "latitude": 53.2, "longitude": 50.1, "population": "many", "country": 5, "new": {}}
    internet.get(SEARCH).mock(return_value=httpx.Response(200, json={"results": [result, good]}))
    assert (await caller.say("weather in Samara")).startswith("Samara: 19 °C")


async def test_a_place_known_only_by_a_name_in_its_language_is_found(caller: Caller, internet: respx.MockRouter) -> None:
    def search(request: httpx.Request) -> httpx.Response:
        found = request.url.params["language"] == "ru" and request.url.params["name"] == "Самара"
        return httpx.Response(200, content=recorded("geocoding.samara.ru.json" if found else "geocoding.no_results.json"))

    internet.get(SEARCH).mock(side_effect=search)
    for locale in (None, "en-US", "de-DE", "ru-RU"):
        caller.locale = locale
        assert (await caller.say("weather in Самара")).startswith("Самара, Самарская Область, Россия"), locale


@pytest.mark.parametrize("url", ["ftp://api.open-meteo.com", "api.open-meteo.com", "javascript:alert(1)"])
def test_an_address_that_is_no_origin_is_refused_at_the_start(url: str) -> None:  # S161
    given = {"JEEVES_SERVICE_KEY": "{}", "JEEVES_SERVICE_KEYS": "{}", "JEEVES_WEATHER_URL": url}
    with pytest.raises(SettingsError, match="JEEVES_WEATHER_URL is wrong"):
        Settings.load(given)
