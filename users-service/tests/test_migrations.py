"""One schema, made by migrations alone, the same on every database (S57, S60, S71, S150)."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import mysql
from sqlalchemy.schema import CreateTable

from jeeves_contracts.actions import FactSet
from support.clock import START
from support.messages import item
from support.plausible import fill
from support.users import running
from users_service.engine import create_engine
from users_service.migrate import FOLDER, current, downgrade, head, upgrade
from users_service.models import features, identities, installations, metadata, people

REVISIONS = sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))
NAMES = ("ana", "Ana", "Zoë", "Zoe\u0308", "محمد", "田中", "👩‍👩‍👧‍👦", "𝔄𝔫𝔞 \\ % ' \"", "a" * 200)
Seen = TypeVar("Seen")


async def within(url: str, look: Callable[[sa.Connection], Seen]) -> Seen:
    engine = create_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(look)
    finally:
        await engine.dispose()


def differences(connection: sa.Connection) -> list[object]:
    """What autogenerate would put into a new revision."""
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


async def test_autogenerate_finds_no_difference(db_url: str) -> None:  # S150
    assert await within(db_url, differences) == []


async def test_autogenerate_finds_a_column_and_an_index_that_are_not_as_they_should_be(db_url: str) -> None:
    def changed(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE people DROP COLUMN timezone")
        index = next(index for index in metadata.tables["activity"].indexes)
        index.drop(connection)

    await within(db_url, changed)
    assert len(await within(db_url, differences)) == 2


async def test_up_down_and_up_again(empty_url: str) -> None:
    assert await current(empty_url) is None
    await asyncio.to_thread(upgrade, empty_url)
    assert await current(empty_url) == head()
    await asyncio.to_thread(downgrade, empty_url, "base")
    tables = await within(empty_url, lambda connection: set(sa.inspect(connection).get_table_names()))
    assert tables == {"alembic_version"}
    await asyncio.to_thread(upgrade, empty_url)
    assert await current(empty_url) == head()


@pytest.mark.parametrize("revision", REVISIONS)
async def test_an_upgrade_from_any_revision_keeps_every_row(empty_url: str, revision: str) -> None:  # S150
    await asyncio.to_thread(upgrade, empty_url, revision)
    filled = await within(empty_url, fill)
    assert filled
    await asyncio.to_thread(upgrade, empty_url)
    assert await current(empty_url) == head()

    def missing(connection: sa.Connection) -> list[object]:
        reflected = sa.MetaData()
        reflected.reflect(connection)
        return [
            (name, key)
            for name, (columns, keys) in filled.items()
            for key in keys
            if key not in set(map(tuple, connection.execute(sa.select(*(reflected.tables[name].c[c] for c in columns)))))
        ]

    assert await within(empty_url, missing) == []
    await asyncio.to_thread(downgrade, empty_url, revision)  # with rows in every table
    await asyncio.to_thread(upgrade, empty_url)


async def test_booleans_and_structures_have_defaults_of_the_database_itself(db_url: str) -> None:  # S60
    def inserted(connection: sa.Connection) -> tuple[sa.Row[tuple[object, ...]], sa.Row[tuple[object, ...]]]:
        connection.exec_driver_sql("INSERT INTO people (id, created_at) VALUES ('p', '2026-11-25 09:00:00')")
        rest = "VALUES ('f', 'http://f', '{}', '2026-11-25 09:00:00')"
        connection.exec_driver_sql(f"INSERT INTO features (name, url, manifest, updated_at) {rest}")
        return connection.execute(sa.select(people)).one(), connection.execute(sa.select(features)).one()

    person, feature = await within(db_url, inserted)
    assert (person.is_active, person.config, person.password_hash) == (True, {}, None)
    assert (feature.enabled, feature.settings) == (True, {})


def test_a_boolean_that_must_be_there_has_a_default() -> None:  # S60
    booleans = [column for table in metadata.sorted_tables for column in table.c if isinstance(column.type, sa.Boolean)]
    assert [column for column in booleans if not column.nullable and column.server_default is None] == []


async def test_people_have_typed_columns_of_known_lengths_and_unique_identities(db_url: str) -> None:  # S57
    def seen(connection: sa.Connection) -> tuple[dict[str, tuple[object, bool]], set[tuple[str, ...]], list[str]]:
        inspector = sa.inspect(connection)
        columns = {
            one["name"]: (getattr(one["type"], "length", None), one["nullable"]) for one in inspector.get_columns("people")
        }
        unique = {tuple(one["column_names"]) for one in inspector.get_unique_constraints("people")}
        return columns, unique, inspector.get_pk_constraint("identities")["constrained_columns"]

    columns, unique, key = await within(db_url, seen)
    lengths = {"id": 36, "name": 200, "email": 254, "password_hash": 255, "locale": 40, "timezone": 64}
    assert {name: columns[name][0] for name in lengths} == lengths
    assert {name for name, (_, nullable) in columns.items() if not nullable} == {"id", "config", "is_active", "created_at"}
    assert ("email",) in unique
    assert key == ["platform", "workspace_id", "user_id"]


async def test_every_script_comes_back_as_it_was_written_and_ids_differ_by_case(db_url: str) -> None:  # S73
    def written(connection: sa.Connection) -> list[tuple[str | None, object]]:
        rows = [{"id": f"p{n}", "name": name, "config": {name: [name]}, "created_at": START} for n, name in enumerate(NAMES)]
        connection.execute(people.insert(), rows)
        known = [("slack", "T1", user[:200], f"p{n}") for n, user in enumerate(NAMES)]
        names = ("platform", "workspace_id", "user_id", "person_id")
        connection.execute(identities.insert(), [{**dict(zip(names, row, strict=True)), "created_at": START} for row in known])
        return [tuple(row) for row in connection.execute(sa.select(people.c.name, people.c.config).order_by(people.c.id))]

    assert await within(db_url, written) == [(name, {name: [name]}) for name in NAMES]
    found = sa.select(identities.c.person_id).where(identities.c.user_id == "Ana")
    assert await within(db_url, lambda connection: connection.execute(found).scalars().all()) == ["p1"]


async def test_an_instant_comes_back_to_the_microsecond(db_url: str) -> None:
    moment = START.replace(microsecond=123456)

    def written(connection: sa.Connection) -> object:
        connection.execute(installations.insert().values(id="i", platform="x", created_at=moment))
        return connection.execute(
            sa.select(installations.c.created_at).where(installations.c.created_at == moment)
        ).scalar_one()

    assert await within(db_url, written) == moment


async def test_a_restart_keeps_the_data(db_url: str, tmp_path: Path) -> None:  # S150
    async with running(db_url, tmp_path) as users:
        await users.change_facts(item(), FactSet(name="location", value="São Paulo 🌧"))
    await asyncio.to_thread(upgrade, db_url)  # as every start does
    async with running(db_url, tmp_path) as users:
        assert (await users.context(item())).facts == {"location": "São Paulo 🌧"}


async def test_who_was_answered_before_is_not_greeted_as_if_new(empty_url: str) -> None:  # S150
    await asyncio.to_thread(upgrade, empty_url, "0001")

    def before(connection: sa.Connection) -> None:
        old = sa.MetaData()
        old.reflect(connection)
        tables, at = (
            old.tables,
            {"created_at": START if connection.dialect.name == "postgresql" else START.replace(tzinfo=None)},
        )
        said = {"installation_id": "i", "channel_id": "c", "thread_id": "t", "platform_order": 1, "reference": "r", "fence": 1}
        said |= {"trigger": "message", "delivery_id": "d", "claimed_at": at["created_at"], **at}
        connection.execute(tables["installations"].insert().values(id="i", platform="x", **at))
        for name, state in (("old", "answered"), ("new", "claimed")):
            connection.execute(tables["people"].insert().values(id=name, **at))
            connection.execute(tables["messages"].insert().values(message_id=name, person_id=name, state=state, **said))

    await within(empty_url, before)
    await asyncio.to_thread(upgrade, empty_url)
    greeted = sa.select(people.c.id, people.c.greeted_at.is_not(None)).order_by(people.c.id)
    found = await within(empty_url, lambda connection: [tuple(row) for row in connection.execute(greeted)])
    assert found == [("new", False), ("old", True)]


def test_every_table_fits_into_mariadb() -> None:  # S147
    for table in metadata.sorted_tables:
        ddl = str(CreateTable(table).compile(dialect=mysql.dialect()))
        assert "utf8mb4_bin" in ddl
        lengths = [column.type.length or 10_000 for column in table.primary_key if isinstance(column.type, sa.String)]
        assert sum(4 * length for length in lengths) <= 3072, table.name  # InnoDB's limit of a key
