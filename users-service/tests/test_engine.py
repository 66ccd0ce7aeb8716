"""The database is reached asynchronously, by connections that end with the service (S62, S63)."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa

from jeeves_service.errors import TransientError
from support.eventually import eventually
from support.messages import item
from support.users import running
from users_service.engine import Database
from users_service.migrate import upgrade
from users_service.models import counters
from users_service.repository.statements import insert_missing
from users_service.service.batches import each_or_all, is_away

#: What counts the sessions of a database, asked in another one.
SESSIONS = {
    "postgresql": (
        "postgres",
        "select count(*) from pg_stat_activity where datname = :name and application_name = 'jeeves-users-service'",
    ),
    "mysql": ("mysql", "select count(*) from information_schema.processlist where db = :name"),
}


async def connections(url: str) -> int:
    """Count what users-service has open: sessions of the server, or threads of SQLite's driver."""
    where = sa.make_url(url)
    if where.get_backend_name() == "sqlite":
        return sum("aiosqlite" in repr(thread) or "_connection_worker" in thread.name for thread in threading.enumerate())
    other, query = SESSIONS[where.get_backend_name()]
    database = Database(where.set(database=other).render_as_string(hide_password=False))
    try:
        async with database.read() as connection:
            return int((await connection.execute(sa.text(query), {"name": where.database})).scalar_one())
    finally:
        await database.aclose()


@contextlib.asynccontextmanager
async def database(url: str) -> AsyncIterator[Database]:
    made = Database(url)
    try:
        yield made
    finally:
        await made.aclose()


async def test_the_stop_leaves_no_connection_behind(db_url: str, tmp_path: Path) -> None:
    before = await connections(db_url)
    async with running(db_url, tmp_path) as users:
        await users.claimed(item())
        assert await connections(db_url) > before
    assert await connections(db_url) == before


async def test_an_error_inside_a_transaction_leaves_nothing_of_it(db_url: str) -> None:
    database = Database(db_url)
    try:

        async def fails() -> None:
            async with database.write() as connection:
                await connection.execute(counters.insert(), {"name": "x", "value": 1})
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fails()
        async with database.read() as connection:
            assert (await connection.execute(sa.select(counters))).all() == []
    finally:
        await database.aclose()


async def test_many_writers_that_read_first_never_find_it_locked(db_url: str) -> None:  # B4
    database = Database(db_url)

    async def count() -> None:
        async with database.write() as connection:
            query = sa.select(counters.c.value).where(counters.c.name == "n").with_for_update()
            value = (await connection.execute(query)).scalar_one()
            await connection.execute(counters.update().where(counters.c.name == "n").values(value=value + 1))

    try:
        async with database.write() as connection:
            await connection.execute(counters.insert(), {"name": "n", "value": 0})
        for _ in range(10):
            await asyncio.gather(*(count() for _ in range(32)))
        async with database.read() as connection:
            assert (await connection.execute(sa.select(counters.c.value))).scalar_one() == 320
    finally:
        await database.aclose()


async def test_a_statement_sees_what_was_committed_before_it_in_every_transaction(db_url: str) -> None:  # S147
    async with database(db_url) as one, one.write() as connection:
        await connection.execute(counters.insert(), {"name": "n", "value": 1})
    async with database(db_url) as one, one.read() as reading:
        assert (await reading.execute(sa.select(counters.c.value))).scalar_one() == 1
        await reading.commit()
        async with one.write() as writing:
            await writing.execute(counters.update().values(value=2))
        assert (await reading.execute(sa.select(counters.c.value))).scalar_one() == 2


async def test_what_is_there_already_is_left_and_what_is_new_is_told(db_url: str) -> None:
    async with database(db_url) as one, one.write() as connection:
        await insert_missing(connection, counters, [{"name": "a", "value": 1}])
        rows = [{"name": name, "value": 2} for name in ("a", "b", "B", "b")]
        assert await insert_missing(connection, counters, rows, returning="name") == {"b", "B"}
        found = await connection.execute(sa.select(counters.c.name, counters.c.value))
        assert dict(map(tuple, found)) == {"a": 1, "b": 2, "B": 2}


async def test_many_that_insert_the_same_rows_at_once_insert_each_once(db_url: str) -> None:
    rows = [{"name": f"n{n:02}", "value": n} for n in range(20)]

    async def insert(one: Database) -> set[str]:
        async with one.write() as connection:
            return await insert_missing(connection, counters, rows, returning="name")

    async with database(db_url) as one:
        inserted = await asyncio.gather(*(insert(one) for _ in range(16)))
    assert sorted(name for names in inserted for name in names) == [row["name"] for row in rows]


async def test_a_statement_that_is_cancelled_leaves_no_answer_to_the_next(db_url: str) -> None:
    async def ask(one: Database, number: int, connected: asyncio.Event | None = None) -> None:
        async with one.read() as connection:
            if connected:
                connected.set()
            assert (await connection.execute(sa.select(sa.literal(number)))).scalar_one() == number

    async with database(db_url) as one:
        for number in range(1, 100):
            connected = asyncio.Event()
            task = asyncio.create_task(ask(one, number, connected))
            await connected.wait()
            for _ in range(number % 10):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            await ask(one, -number)
        pool = cast(sa.QueuePool, one.engine.pool)  # what was cancelled gives its connection back on its own
        await eventually(lambda: pool.checkedout() == 0)


async def test_two_that_wait_for_each_other_are_told_apart_and_tried_again(db_url: str) -> None:
    async with database(db_url) as one:
        async with one.write() as connection:
            await connection.execute(counters.insert(), [{"name": name, "value": 0} for name in "ab"])
        met = asyncio.Barrier(2)
        tries = 0

        async def grow(names: Sequence[str]) -> list[str]:
            nonlocal tries
            tries += 1
            async with one.write() as connection:
                for name in names:
                    which = counters.c.name == name
                    await connection.execute(counters.update().where(which).values(value=counters.c.value + 1))
                    if name == names[0] and tries <= 2 and one.dialect != "sqlite":  # there one writes at a time
                        await met.wait()
            return list(names)

        def failed(error: Exception) -> str:
            raise error

        await asyncio.gather(each_or_all(grow, "ab", failed), each_or_all(grow, "ba", failed))
        async with one.read() as connection:
            assert (await connection.execute(sa.select(counters.c.value))).scalars().all() == [2, 2]


async def test_what_does_not_fit_is_refused_by_servers_and_not_cut(database_url: str, mariadb_url: str) -> None:
    for url in (database_url, mariadb_url):
        await asyncio.to_thread(upgrade, url)
        async with database(url) as one:
            with pytest.raises(sa.exc.DBAPIError) as refused:
                async with one.write() as connection:
                    await insert_missing(connection, counters, [{"name": "n" * 41, "value": 1}])
            assert not is_away(refused.value)


async def test_a_database_that_is_away_is_told_and_nothing_is_counted(tmp_path: Path) -> None:  # S155
    url = f"sqlite+aiosqlite:///{tmp_path}/here/jeeves.sqlite"
    (tmp_path / "here").mkdir()
    await asyncio.to_thread(upgrade, url)
    async with running(url, tmp_path) as users:
        said = item()
        (tmp_path / "here").rename(tmp_path / "gone")
        await users.service.on_stop[0]()  # every connection is closed: the next one finds no file
        for call in (users.claim(said), users.begin(said.message.message_id, 1), users.answer()):
            with pytest.raises(TransientError):
                await call
        assert (await users.service.ops.test_client().get("/readyz")).status_code == 503
        (tmp_path / "gone").rename(tmp_path / "here")
        assert await users.claimed(said) == 1
