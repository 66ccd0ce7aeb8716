"""The statements that differ per dialect, each in one function."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from users_service.scope import Scope, Tenant


def insert_missing(connection: AsyncConnection, table: sa.Table, rows: list[dict[str, Any]]) -> sa.Insert:
    """Insert the rows whose key is not there yet, in one statement."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).values(rows).on_conflict_do_nothing()
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).values(rows).on_conflict_do_nothing()
    return mysql.insert(table).prefix_with("IGNORE").values(rows)


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
