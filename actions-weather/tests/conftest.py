"""Open-Meteo in a thread, a clock to turn, and an action to talk to: it is noon in London on Thursday, 15 January 2026."""

import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from actions_weather.app import create_app
from actions_weather.settings import Settings
from jeeves_actions.testing import Caller, calling
from jeeves_service.clock import SystemClock
from support.openmeteo import OpenMeteo

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


class Clock(SystemClock):
    """A clock that runs from `begins`, ahead by `ahead` seconds, and never sleeps long."""

    begins = NOON
    ahead = 0.0

    def __init__(self) -> None:
        self._started = time.monotonic()

    def now(self) -> datetime:
        return self.begins + timedelta(seconds=time.monotonic() - self._started + self.ahead)

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, 0.01))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meteo(clock: Clock) -> Iterator[OpenMeteo]:
    with OpenMeteo(now=clock.now) as meteo:
        yield meteo


@pytest.fixture
async def caller(meteo: OpenMeteo, clock: Clock) -> AsyncIterator[Caller]:
    environ = {"JEEVES_WEATHER_URL": meteo.url, "JEEVES_GEOCODING_URL": meteo.url}
    async with calling(create_app, Settings, clock=clock, environ=environ) as caller:
        yield caller
