"""The database: one engine, a transaction for reading and one for writing, whichever dialect."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import sqlalchemy as sa
from pydantic_core import from_json, to_json
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

PATIENCE = 5.0  # seconds: for a connection, a lock, a statement


def create_engine(url: str) -> AsyncEngine:
    """Return an engine for `postgresql+asyncpg://…`, `sqlite+aiosqlite:///…` or `mysql+…://…`. Connects to nothing yet."""
    kind = sa.make_url(url).get_backend_name()
    common: dict[str, Any] = {
        "json_serializer": lambda value: to_json(value).decode(),
        "json_deserializer": from_json,
        "hide_parameters": True,
        "pool_timeout": PATIENCE,
    }
    if kind == "sqlite":
        engine = create_async_engine(url, connect_args={"timeout": PATIENCE}, **common)
        sa.event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    if kind == "postgresql":
        common["connect_args"] = {
            "timeout": PATIENCE,
            "command_timeout": PATIENCE,
            "server_settings": {"application_name": "jeeves-users-service", "lock_timeout": f"{int(PATIENCE * 1000)}"},
        }
    return create_async_engine(url, pool_size=10, max_overflow=0, pool_pre_ping=True, pool_recycle=1800, **common)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when somebody wrote in between, whatever the time-out.
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


class Database:
    """Transactions of a process. On SQLite one writes at a time, without spinning on the file's lock."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        self.dialect = self.engine.dialect.name
        self._writer = asyncio.Lock() if self.dialect == "sqlite" else None

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose statements see one state."""
        async with self.engine.connect() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed at the end, rolled back by an exception."""
        async with self._writer or contextlib.nullcontext(), self.engine.connect() as connection:
            await connection.execution_options(immediate=True)
            async with connection.begin():
                yield connection

    async def check(self) -> None:
        """Raise unless the database answers."""
        async with self.read() as connection:
            await connection.execute(sa.select(1))

    async def aclose(self) -> None:
        """Close every connection: a driver's thread that still has one would keep the process from ending."""
        await self.engine.dispose()
