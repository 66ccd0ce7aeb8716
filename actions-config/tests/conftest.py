"""Somebody to talk to the action, a clock to set, and Open-Meteo in a thread of its own."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from actions_config.app import create_app
from actions_config.settings import Settings
from jeeves_actions.testing import Caller, calling
from jeeves_service.clock import SystemClock
from support.openmeteo import OpenMeteo


class Clock(SystemClock):
    """The machine's clock, but that today is a day of its own."""

    def __init__(self) -> None:
        self.today = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.today


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meteo() -> Iterator[OpenMeteo]:
    with OpenMeteo() as meteo:
        yield meteo


@pytest.fixture
async def caller(meteo: OpenMeteo, clock: Clock) -> AsyncIterator[Caller]:
    async with calling(create_app, Settings, clock=clock, environ={"JEEVES_GEOCODING_URL": meteo.url}) as caller:
        yield caller


@pytest.fixture
def ana(caller: Caller) -> Caller:
    """Ana, in a direct message unless a test leads her into a channel."""
    caller.is_direct = True
    return caller
