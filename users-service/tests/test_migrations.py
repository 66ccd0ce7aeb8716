"""One schema, made by migrations alone, the same on every database (S57, S60, S71, S150)."""

import asyncio

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import mysql
from sqlalchemy.schema import CreateTable

from support.clock import START
from users_service.engine import create_engine
from users_service.migrate import current, downgrade, head, upgrade
from users_service.models import installations, messages, metadata, people, receipts


async def inspect(url: str, look: object) -> object:
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(look)  # type: ignore[arg-type]
    finally:
        await engine.dispose()


async def test_autogenerate_finds_no_difference(db_url: str) -> None:
    await asyncio.to_thread(upgrade, db_url)

    def differences(connection: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))

    assert await inspect(db_url, differences) == []


async def test_up_down_and_up_again(db_url: str) -> None:
    assert await current(db_url) is None
    await asyncio.to_thread(upgrade, db_url)
    assert await current(db_url) == head()
    await asyncio.to_thread(downgrade, db_url, "base")
    tables = await inspect(db_url, lambda connection: set(sa.inspect(connection).get_table_names()))
    assert tables == {"alembic_version"}
    await asyncio.to_thread(upgrade, db_url)
    assert await current(db_url) == head()


async def test_booleans_and_structures_have_defaults_of_the_database_itself(db_url: str) -> None:  # S60
    await asyncio.to_thread(upgrade, db_url)
    engine = create_engine(db_url)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("INSERT INTO people (id, created_at) VALUES ('p', '2026-11-25 09:00:00')")
            row = (await connection.execute(sa.select(people))).one()
    finally:
        await engine.dispose()
    assert (row.is_active, row.is_admin, row.config, row.password_hash) == (True, False, {}, None)


async def test_who_was_answered_before_is_not_greeted_as_if_new(db_url: str) -> None:  # S150
    await asyncio.to_thread(upgrade, db_url, "0001")
    said = {"installation_id": "i", "channel_id": "c", "thread_id": "t", "platform_order": 1, "reference": "r", "fence": 1}
    said |= {"trigger": "message", "delivery_id": "d", "claimed_at": START, "created_at": START}
    engine = create_engine(db_url)
    try:
        async with engine.begin() as connection:
            await connection.execute(installations.insert().values(id="i", platform="x", created_at=START))
            for name, state in (("old", "answered"), ("new", "claimed")):
                await connection.execute(people.insert().values(id=name, created_at=START))
                await connection.execute(messages.insert().values(message_id=name, person_id=name, state=state, **said))
            old = {"message_id": "old", "person_id": "old", "change": {"a": 1}, "inverse": {"a": 1}, "created_at": START}
            await connection.execute(receipts.insert().values(old))
    finally:
        await engine.dispose()
    await asyncio.to_thread(upgrade, db_url)
    greeted = sa.select(people.c.id, people.c.greeted_at.is_not(None)).order_by(people.c.id)
    assert await inspect(db_url, lambda c: c.execute(greeted).all()) == [("new", False), ("old", True)]
    assert await inspect(db_url, lambda c: c.execute(sa.select(receipts.c.inverse)).scalar_one()) is None
    await asyncio.to_thread(downgrade, db_url, "0001")
    kept = sa.select(messages.c.message_id).order_by(messages.c.message_id)
    assert await inspect(db_url, lambda c: c.execute(kept).scalars().all()) == ["new", "old"]


def test_every_table_compiles_for_mariadb() -> None:  # S147
    for table in metadata.sorted_tables:
        ddl = str(CreateTable(table).compile(dialect=mysql.dialect()))
        assert "utf8mb4_bin" in ddl
        keys = [column for column in table.primary_key if isinstance(column.type, sa.String)]
        assert sum(4 * (column.type.length or 10_000) for column in keys) <= 3072, table.name  # InnoDB's limit of a key
