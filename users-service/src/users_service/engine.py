"""The database: one engine, a transaction for reading and one for writing, whichever dialect."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic_core import from_json, to_json
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from users_service.tls import taken

APPLICATION = "jeeves-users-service"  # how our sessions are known on the server
PATIENCE = 5.0  # seconds: for a connection, a lock, a statement
AT_LENGTH = 3600.0  # seconds for a statement of a migration, or of a move
WHOLE = 30.0  # seconds for a transaction on MariaDB
POOL = 10  # connections of a process


def create_engine(url: str, patience: float = PATIENCE) -> AsyncEngine:
    """Return an engine for `postgresql+asyncpg://…`, `sqlite+aiosqlite:///…` or `mysql+asyncmy://…`. Connects to nothing yet.

    `patience` is how long a statement may take. TLS is asked for in the URL: see `tls.taken`.
    """
    where, secure = taken(sa.make_url(url))
    common: dict[str, Any] = {
        "json_serializer": lambda value: to_json(value).decode(),
        "json_deserializer": from_json,
        "hide_parameters": True,
        "pool_timeout": PATIENCE,
    }
    kind = where.get_backend_name()
    if kind == "sqlite":
        engine = create_async_engine(where, connect_args={"timeout": PATIENCE}, **common)
        sa.event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    if kind == "postgresql":
        arguments = _postgresql(patience)
    else:
        arguments = _mariadb(patience)
        common["isolation_level"] = "READ COMMITTED"  # as on PostgreSQL: a statement sees what was committed before it
        where = where.update_query_dict({"charset": "utf8mb4"})
    common["connect_args"] = {**arguments, **secure}
    return create_async_engine(where, pool_size=POOL, max_overflow=0, pool_pre_ping=True, pool_recycle=1800, **common)


def _postgresql(patience: float) -> dict[str, Any]:
    # Without a compiler of its own for statements: it takes longer than all of ours.
    settings = {"application_name": APPLICATION, "lock_timeout": f"{int(PATIENCE * 1000)}", "jit": "off"}
    return {"timeout": PATIENCE, "command_timeout": patience, "server_settings": settings}


def _mariadb(patience: float) -> dict[str, Any]:
    seconds = int(PATIENCE)
    session = {
        "sql_mode": "'TRADITIONAL'",  # what does not fit is refused, not cut
        "time_zone": "'+00:00'",
        "innodb_lock_wait_timeout": str(seconds),
        "lock_wait_timeout": str(seconds),
    }
    words = ", ".join(f"{name} = {value}" for name, value in session.items())
    # What stands in such a comment is read by MariaDB alone: MySQL has no such limit.
    first = f"SET SESSION {words} /*M! , max_statement_time = {int(patience)} */"
    return {"connect_timeout": PATIENCE, "init_command": first, "program_name": APPLICATION}


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
        # A server that says nothing any more: asyncpg has a limit of its own. That of asyncmy can lose a cancellation, by
        # `asyncio.wait_for` as it is in Python 3.11; a read that is cancelled from outside closes its connection.
        self._limit = None if self.dialect in ("sqlite", "postgresql") else WHOLE

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose statements see one state."""
        async with asyncio.timeout(self._limit), self.engine.connect() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed at the end, rolled back by an exception."""
        async with self._writer or contextlib.nullcontext(), asyncio.timeout(self._limit), self.engine.connect() as connection:
            await connection.execution_options(immediate=True)
            async with connection.begin():
                yield connection

    async def now(self) -> datetime | None:
        """Return what time it is by the database's own clock; None where that is this machine's (SQLite), or without a zone."""
        async with self.read() as connection:
            told = (await connection.execute(sa.select(sa.func.now()))).scalar_one()
        return told if isinstance(told, datetime) and told.tzinfo is not None else None

    async def check(self) -> None:
        """Raise unless the database answers."""
        async with self.read() as connection:
            await connection.execute(sa.select(1))

    async def aclose(self) -> None:
        """Close every connection: a driver's thread that still has one would keep the process from ending."""
        await self.engine.dispose()
