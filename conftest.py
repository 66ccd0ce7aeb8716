"""Real servers for every test that asks for them: `make test` provides them."""

import os
from collections.abc import Iterator

import pytest


def _given(name: str) -> str:
    url = os.environ.get(name)
    if not url:
        pytest.fail(f"{name} is not set: run `make test`, which provides the servers (ARGS=… goes to pytest).", pytrace=False)
    return url


@pytest.fixture(scope="session")
def amqp_url() -> str:
    """A RabbitMQ; others use it at the same time, so take random names."""
    return _given("AMQP_TEST_URL")


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """A PostgreSQL in which databases may be made."""
    return _given("DATABASE_TEST_URL")


@pytest.fixture(scope="session")
def mariadb_server() -> str:
    """A MariaDB in which databases may be made."""
    return _given("MARIADB_TEST_URL")


@pytest.fixture
def database_url(postgresql_server: str) -> Iterator[str]:
    """An empty PostgreSQL database for one test: `postgresql+asyncpg://…`."""
    from support.databases import database

    with database(postgresql_server) as url:
        yield url


@pytest.fixture
def mariadb_url(mariadb_server: str) -> Iterator[str]:
    """An empty MariaDB database for one test: `mysql+asyncmy://…`."""
    from support.databases import database

    with database(mariadb_server) as url:
        yield url
