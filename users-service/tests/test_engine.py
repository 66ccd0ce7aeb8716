"""The database is reached asynchronously, by connections that end with the service (S62, S63)."""

import asyncio
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from jeeves_service.errors import TransientError
from support.messages import item
from support.users import running
from users_service.engine import Database
from users_service.migrate import upgrade
from users_service.models import counters


async def connections(url: str) -> int:
    """Count what users-service has open: sessions of the server, or threads of SQLite's driver."""
    if url.startswith("sqlite"):
        return sum("aiosqlite" in repr(thread) or "_connection_worker" in thread.name for thread in threading.enumerate())
    database = Database(url.rpartition("/")[0] + "/postgres")
    try:
        async with database.read() as connection:
            query = sa.text(
                "select count(*) from pg_stat_activity where datname = :name and application_name = 'jeeves-users-service'"
            )
            return int((await connection.execute(query, {"name": url.rpartition("/")[2]})).scalar_one())
    finally:
        await database.aclose()


async def test_the_stop_leaves_no_connection_behind(db_url: str, tmp_path: Path) -> None:
    await asyncio.to_thread(upgrade, db_url)
    before = await connections(db_url)
    async with running(db_url, tmp_path) as users:
        await users.claimed(item())
        assert await connections(db_url) > before
    assert await connections(db_url) == before


async def test_an_error_inside_a_transaction_leaves_nothing_of_it(db_url: str) -> None:
    await asyncio.to_thread(upgrade, db_url)
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
    await asyncio.to_thread(upgrade, db_url)
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
