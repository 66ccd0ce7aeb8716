"""One browser and one embedded Jeeves, without a Slack, for each module."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from e2e.browser import WITHOUT, chromium
from e2e.chat import Chat
from jeeves.provision.browser import found
from support.openmeteo import OpenMeteo
from support.processes import Embedded, embedded


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if found() is None:
        pytest.skip(WITHOUT)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def jeeves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with OpenMeteo() as meteo:
        settings = {"JEEVES_WEATHER_URL": meteo.url, "JEEVES_GEOCODING_URL": meteo.url}
        with embedded(tmp_path_factory.mktemp("jeeves"), settings) as one:
            one.wait(lambda: "slack knows us" in one.log.read_text(encoding="utf-8"))
            yield one


@pytest.fixture
def chat(browser: Browser, jeeves: Embedded) -> Iterator[Chat]:
    one = Chat(browser, jeeves.url)
    yield one
    one.close()
    assert not one.trouble
