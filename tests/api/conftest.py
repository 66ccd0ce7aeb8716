"""The API of a running users-service, on a database of its own."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support.api import Api
from support.databases import database, elsewhere, migrated
from support.users import running
from users_service.migrate import upgrade

#: `make test` runs these on SQLite; `API_DATABASE=postgresql` (or mariadb) runs them there.
KIND = os.environ.get("API_DATABASE", "sqlite")


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database at the newest revision, to be copied: a file's path, or a name."""
    if KIND == "sqlite":
        path = tmp_path_factory.mktemp("template") / "jeeves.sqlite"
        elsewhere(asyncio.to_thread(upgrade, f"sqlite+aiosqlite:///{path}"))
        yield str(path)
    else:
        with migrated(request.getfixturevalue(f"{KIND}_server")) as name:
            yield name


@pytest.fixture
def fresh_url(request: pytest.FixtureRequest, template: str, tmp_path: Path) -> Iterator[str]:
    """A database at the newest revision, without rows."""
    if KIND == "sqlite":
        shutil.copy(template, tmp_path / "jeeves.sqlite")
        yield f"sqlite+aiosqlite:///{tmp_path}/jeeves.sqlite"
    else:
        with database(request.getfixturevalue(f"{KIND}_server"), template) as url:
            yield url


@pytest.fixture
async def api(fresh_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """The public API of a running users-service, which lets in as many requests as a test makes."""
    async with running(fresh_url, tmp_path, JEEVES_API_RATE="1000000") as users:
        yield Api(users)
