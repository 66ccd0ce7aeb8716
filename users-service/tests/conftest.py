"""users-service on both databases."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.scheduling import Office, office
from support.users import Users, running
from users_service.migrate import upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def db_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/jeeves.sqlite"
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture
async def users(db_url: str, tmp_path: Path) -> AsyncIterator[Users]:
    """A running users-service."""
    await asyncio.to_thread(upgrade, db_url)
    async with running(db_url, tmp_path) as users:
        yield users


@pytest.fixture
async def desk(db_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """A running users-service whose one action may keep schedules."""
    await asyncio.to_thread(upgrade, db_url)
    async with office(db_url, tmp_path) as made:
        yield made
