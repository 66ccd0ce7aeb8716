"""Databases for tests, on the servers that `make test` provides: empty ones, and copies of one that is migrated already."""

import asyncio
import contextlib
import secrets
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any

import sqlalchemy as sa

from users_service.engine import create_engine
from users_service.migrate import upgrade

#: PostgreSQL from 15 on writes every page of a new database to its log, unless told to copy files as the older ones do.
QUICK = {True: " STRATEGY file_copy", False: ""}
FILE_COPY = 150000  # server_version_num


def elsewhere(work: Coroutine[Any, Any, None]) -> None:
    """Run something to its end on a loop of its own, whether or not this thread has one."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:  # noqa: BLE001 - it is raised below
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def _is_mariadb(server: str) -> bool:
    return sa.make_url(server).get_backend_name() != "postgresql"


@contextlib.asynccontextmanager
async def _administering(server: str) -> AsyncIterator[Any]:
    engine = create_engine(server)
    try:
        async with engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")
    finally:
        await engine.dispose()


async def _create(server: str, name: str, template: str | None) -> None:
    async with _administering(server) as connection:
        if not _is_mariadb(server):
            version = int((await connection.exec_driver_sql("SHOW server_version_num")).scalar_one())
            copied = f" TEMPLATE {template}" if template else ""
            await connection.exec_driver_sql(f"CREATE DATABASE {name}{copied}{QUICK[version >= FILE_COPY]}")
            return
        await connection.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        if template:
            await _copy_tables(connection, template, name)


async def _copy_tables(connection: Any, template: str, name: str) -> None:
    """MariaDB copies no database: its tables are made again from their own words, foreign keys whatever the order."""
    tables = (await connection.exec_driver_sql(f"SHOW TABLES IN {template}")).scalars().all()
    made = [(await connection.exec_driver_sql(f"SHOW CREATE TABLE {template}.`{table}`")).one()[1] for table in tables]
    await connection.exec_driver_sql(f"USE {name}")
    await connection.exec_driver_sql("SET foreign_key_checks = 0")
    for words in made:
        await connection.exec_driver_sql(words.replace("%", "%%"))
    for table in tables:
        await connection.exec_driver_sql(f"INSERT INTO `{table}` SELECT * FROM {template}.`{table}`")  # noqa: S608 - our names


async def _drop(server: str, name: str) -> None:
    async with _administering(server) as connection:
        await connection.exec_driver_sql(f"DROP DATABASE {name}{'' if _is_mariadb(server) else ' WITH (FORCE)'}")


@contextlib.contextmanager
def database(server: str, template: str | None = None) -> Iterator[str]:
    """Make a database that is empty, or a copy of `template`; give its URL, and drop it at the end."""
    name = f"test_{secrets.token_hex(8)}"
    elsewhere(_create(server, name, template))
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        elsewhere(_drop(server, name))


@contextlib.contextmanager
def migrated(server: str) -> Iterator[str]:
    """Make a database at the newest revision to be copied from; give its name."""
    with database(server) as url:
        upgrade(url)
        yield str(sa.make_url(url).database)


def count(url: str, table: str) -> int:
    """Count the rows of a table."""
    found: list[int] = []

    async def look() -> None:
        async with _administering(url) as connection:
            query = sa.select(sa.func.count()).select_from(sa.table(table))
            found.append((await connection.execute(query)).scalar_one())

    elsewhere(look())
    return found[0]
