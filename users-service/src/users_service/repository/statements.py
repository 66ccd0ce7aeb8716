"""Statements that differ per dialect, each in one function; and what statements are made of that are made once.

To make a statement takes SQLAlchemy as long as to run it. So those of every message are made once, for parameters, and kept by
`lru_cache` for each dialect and scope. PostgreSQL is given lists as arrays: one text for any number of rows, planned once.
What is asked rarely is made where it is asked.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from users_service.scope import Scope, Tenant

Rows = list[dict[str, Any]]


def among(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values that a parameter lists."""
    if dialect == "postgresql":
        return column == sa.any_(sa.bindparam(name, type_=postgresql.ARRAY(column.type)))
    return column.in_(sa.bindparam(name, expanding=True))


async def insert_missing(connection: AsyncConnection, table: sa.Table, rows: Rows, returning: str | None = None) -> set[Any]:
    """Insert the rows whose key is not there yet; return what the column `returning` has in these."""
    dialect, given = connection.dialect.name, rows
    statement = _insert_missing(dialect, table, tuple(rows[0]), returning)
    if dialect == "postgresql":
        parameters: Any = {name: [row[name] for row in given] for name in rows[0]}
    else:
        parameters = given
    result = await connection.execute(statement, parameters)
    return set(result.scalars()) if returning else set()


@lru_cache
def _insert_missing(dialect: str, table: sa.Table, names: tuple[str, ...], returning: str | None) -> Any:
    statement: Any
    if dialect == "postgresql":
        lists = (sa.bindparam(name, type_=postgresql.ARRAY(table.c[name].type)) for name in names)
        given = sa.func.unnest(*lists).table_valued(*names).render_derived()
        rows = sa.select(*(given.c[name] for name in names))
        statement = postgresql.insert(table).from_select(names, rows).on_conflict_do_nothing()
    elif dialect == "sqlite":
        statement = sqlite.insert(table).on_conflict_do_nothing()
    else:
        statement = mysql.insert(table).prefix_with("IGNORE")
    return statement.returning(table.c[returning]) if returning else statement


async def write_columns(connection: AsyncConnection, table: sa.Table, keys: tuple[str, ...], changes: Sequence[Any]) -> None:
    """Write columns of rows, each given with its `keys`; all changes have the same columns."""
    if changes:
        names = tuple(name for name in changes[0] if name not in keys)
        rows = [{**{f"key_{k}": one[k] for k in keys}, **{f"new_{n}": one[n] for n in names}} for one in changes]
        await connection.execute(_write_columns(table, keys, names), rows)


@lru_cache
def _write_columns(table: sa.Table, keys: tuple[str, ...], names: tuple[str, ...]) -> sa.Update:
    which = [table.c[key] == sa.bindparam(f"key_{key}") for key in keys]
    return table.update().where(*which).values({name: sa.bindparam(f"new_{name}") for name in names})


def upsert(connection: AsyncConnection, table: sa.Table, row: dict[str, Any]) -> sa.Executable:
    """Insert a row, or write it over the one that has its primary key."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in row.items() if name not in keys}
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=rest)
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=rest)
    return mysql.insert(table).values(row).on_duplicate_key_update(rest)


def within(scope: Scope, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that keeps a query inside its scope."""
    return column == scope.installation_id if isinstance(scope, Tenant) else sa.true()
