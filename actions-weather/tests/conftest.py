"""Open-Meteo in a thread, a clock to turn, and an action to talk to."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from actions_weather.app import create_app
from actions_weather.settings import Settings
from jeeves_actions.testing import Caller, calling
from jeeves_service.clock import SystemClock
from support.openmeteo import OpenMeteo


class Clock(SystemClock):
    """The machine's clock, ahead by `ahead` seconds, which never sleeps long."""

    ahead = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, 0.01))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meteo() -> Iterator[OpenMeteo]:
    with OpenMeteo() as meteo:
        yield meteo


@pytest.fixture
async def caller(meteo: OpenMeteo, clock: Clock) -> AsyncIterator[Caller]:
    environ = {"JEEVES_WEATHER_URL": meteo.url, "JEEVES_GEOCODING_URL": meteo.url}
    async with calling(create_app, Settings, clock=clock, environ=environ) as caller:
        yield caller
