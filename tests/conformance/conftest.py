"""A fresh store of each kind for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.buses import RabbitStore, Seen, SqliteStore, Store, rabbit, sqlite


@pytest.fixture(params=["sqlite", "rabbit"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "sqlite":
        async with sqlite(tmp_path / "bus.sqlite") as file:
            yield file
    else:
        async with rabbit(request.getfixturevalue("amqp_url")) as broker:
            yield broker


@pytest.fixture
async def sqlite_store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with sqlite(tmp_path / "bus.sqlite") as made:
        yield made


@pytest.fixture
async def rabbit_store(amqp_url: str) -> AsyncIterator[RabbitStore]:
    async with rabbit(amqp_url) as made:
        yield made


@pytest.fixture
def seen() -> Seen:
    return Seen()
