"""All rows of one database into another: table after table, in the order in which they refer to each other."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.models import metadata
from users_service.scope import Operator

ROWS = 200  # that are held at a time
NUL = "\x00"


def tables() -> list[sa.Table]:
    """Return every table, after those that it refers to."""
    return metadata.sorted_tables


async def present(_scope: Operator, connection: AsyncConnection) -> set[str]:
    """Return the names of all tables that there are, ours or not."""
    return set(await connection.run_sync(lambda synchronous: sa.inspect(synchronous).get_table_names()))


async def filled(_scope: Operator, connection: AsyncConnection) -> str | None:
    """Return the name of a table that has a row; None where all are empty."""
    for table in tables():
        if (await connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1))).first():
            return table.name
    return None


async def count(_scope: Operator, connection: AsyncConnection, table: sa.Table) -> int:
    """Count the rows of a table."""
    return int((await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


async def copy(_scope: Operator, source: AsyncConnection, target: AsyncConnection, table: sa.Table) -> None:
    """Copy a table's rows in the order of their keys, and let new rows be numbered after them."""
    chosen = sa.select(table).order_by(*table.primary_key.columns)
    async with source.stream(chosen) as rows:
        async for part in rows.partitions(ROWS):
            values = [dict(row._mapping) for row in part]  # noqa: SLF001 - a public name that begins so
            await target.execute(table.insert(), list(_kept(values)) if target.dialect.name == "postgresql" else values)
    if target.dialect.name == "postgresql":
        await _number_on(target, table)


def _kept(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Drop the one character that SQLite keeps and PostgreSQL refuses."""
    for row in rows:
        yield {name: _without_nul(value) for name, value in row.items()}


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(NUL, "")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(one) for name, one in value.items()}
    return value


async def _number_on(target: AsyncConnection, table: sa.Table) -> None:
    """PostgreSQL counts apart from the rows; SQLite and MariaDB go on from the highest."""
    number = table.autoincrement_column
    if number is None:
        return
    highest = (await target.execute(sa.select(sa.func.max(number)))).scalar_one()
    if highest is not None:
        await target.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, number.name), highest)))
