"""Real servers for every test that asks for them: `make test` provides both."""

import os
import secrets
from collections.abc import AsyncIterator

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


@pytest.fixture
async def database_url() -> AsyncIterator[str]:
    """An empty PostgreSQL database for one test: `postgresql+asyncpg://…`."""
    import asyncpg

    server = _given("DATABASE_TEST_URL")
    name = f"test_{secrets.token_hex(8)}"
    connection = await asyncpg.connect(server.replace("+asyncpg", ""))
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        yield server.rpartition("/")[0] + "/" + name
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()
