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
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from jeeves_service.errors import TransientError
from users_service.scope import Scope, Tenant

Rows = list[dict[str, Any]]
DUPLICATE = 1062  # MariaDB's number for a key that is there
TRIES = 5


def among(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values that a parameter lists."""
    if dialect == "postgresql":
        return column == sa.any_(sa.bindparam(name, type_=_array(column.type)))
    return column.in_(sa.bindparam(name, expanding=True))


def _array(kind: TypeEngine[Any]) -> postgresql.ARRAY[Any]:
    """Return the type of a list of values. As VARCHAR(n) PostgreSQL would cut them to n, where it ought to refuse them."""
    return postgresql.ARRAY(sa.Text() if isinstance(kind, sa.String) else kind)


async def insert_missing(connection: AsyncConnection, table: sa.Table, rows: Rows, returning: str | None = None) -> set[Any]:
    """Insert the rows whose key is not there yet; return what the column `returning` has in these."""
    dialect = connection.dialect.name
    if dialect not in ("postgresql", "sqlite"):
        inserted = await _insert_unlike(connection, table, rows)
        return {row[returning] for row in inserted} if returning else set()
    statement = _insert_missing(dialect, table, tuple(rows[0]), returning)
    parameters: Any = {name: [row[name] for row in rows] for name in rows[0]} if dialect == "postgresql" else rows
    result = await connection.execute(statement, parameters)
    return set(result.scalars()) if returning else set()


@lru_cache
def _insert_missing(dialect: str, table: sa.Table, names: tuple[str, ...], returning: str | None) -> Any:
    statement: Any
    if dialect == "postgresql":
        lists = (sa.bindparam(name, type_=_array(table.c[name].type)) for name in names)
        given = sa.func.unnest(*lists).table_valued(*names).render_derived()
        rows = sa.select(*(given.c[name] for name in names))
        statement = postgresql.insert(table).from_select(names, rows).on_conflict_do_nothing()
    else:
        statement = sqlite.insert(table).on_conflict_do_nothing()
    return statement.returning(table.c[returning]) if returning else statement


async def _insert_unlike(connection: AsyncConnection, table: sa.Table, rows: Rows) -> Rows:
    """Insert rows that are unlike all that are there, for MariaDB, whose `INSERT IGNORE` also cuts what is too long.

    It looks, then inserts. Where another transaction was quicker the statement fails alone, not the transaction, after it has
    waited for the other's end: so the next look finds that row.
    """
    for _ in range(TRIES):
        missing = await _unlike(connection, table, rows)
        if not missing:
            return []
        try:
            await connection.execute(table.insert(), missing)
        except IntegrityError as error:
            if error.orig is None or error.orig.args[0] != DUPLICATE:
                raise
        else:
            return missing
    raise TransientError(f"{table.name}: others insert the same rows again and again")


async def _unlike(connection: AsyncConnection, table: sa.Table, rows: Rows) -> Rows:
    """Return the rows that share no unique key with a row of the table, nor with an earlier one of these."""
    for names in _keys(table, tuple(rows[0])):
        known = {values for row in rows if None not in (values := tuple(row[name] for name in names))}
        if known:
            columns = [table.c[name] for name in names]
            query = sa.select(*columns).where(sa.tuple_(*columns).in_(sorted(known)))
            known = {tuple(found) for found in await connection.execute(query)}
        fresh = []
        for row in rows:
            values = tuple(row[name] for name in names)
            if None in values or values not in known:
                fresh.append(row)
                known.add(values)
        rows = fresh
    return rows


@lru_cache
def _keys(table: sa.Table, given: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the columns of each unique key of which values are given."""
    kinds = (sa.PrimaryKeyConstraint, sa.UniqueConstraint)
    keys = [tuple(column.name for column in one.columns) for one in table.constraints if isinstance(one, kinds)]
    return sorted(key for key in keys if set(key) <= set(given))


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
