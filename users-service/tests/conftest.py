"""users-service on every kind of database."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support.api import Api
from support.databases import database, elsewhere, migrated
from support.scheduling import Office, office
from support.users import Users, running
from users_service.migrate import upgrade

KINDS = ("sqlite", "postgresql", "mariadb")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file at the newest revision, to be copied."""
    path = tmp_path_factory.mktemp("template") / "jeeves.sqlite"
    elsewhere(asyncio.to_thread(upgrade, f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """The name of a database at the newest revision, to be copied."""
    with migrated(postgresql_server) as name:
        yield name


@pytest.fixture(scope="session")
def mariadb_template(mariadb_server: str) -> Iterator[str]:
    """The name of a database at the newest revision, to be copied."""
    with migrated(mariadb_server) as name:
        yield name


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind, without tables."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/jeeves.sqlite"
        return
    with database(request.getfixturevalue(f"{request.param}_server")) as url:
        yield url


@pytest.fixture(params=KINDS)
def db_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind, at the newest revision, without rows."""
    template = request.getfixturevalue(f"{request.param}_template")
    if request.param == "sqlite":
        shutil.copy(template, tmp_path / "jeeves.sqlite")
        yield f"sqlite+aiosqlite:///{tmp_path}/jeeves.sqlite"
        return
    with database(request.getfixturevalue(f"{request.param}_server"), template) as url:
        yield url


@pytest.fixture
async def users(db_url: str, tmp_path: Path) -> AsyncIterator[Users]:
    """A running users-service."""
    async with running(db_url, tmp_path) as users:
        yield users


@pytest.fixture
async def desk(db_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """A running users-service whose one action may keep schedules."""
    async with office(db_url, tmp_path) as made:
        yield made


@pytest.fixture
def api(users: Users) -> Api:
    """The public API of a running users-service."""
    return Api(users)
