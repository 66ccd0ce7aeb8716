"""Rows for every table of a database, by what the database itself says of its columns."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import LONGTEXT, TINYINT

AT = datetime(2026, 11, 25, 9, 0, 0, 123456, tzinfo=UTC)
DEEP = {"name": "Zoë 👩‍👩‍👧‍👦", "list": [1, None, {"𝔄": "\\ % ' \""}]}
Filled = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def fill(connection: sa.Connection, count: int = 3) -> Filled:
    """Put rows into every table; return the columns of each primary key, and the keys that are there now."""
    tables = sa.MetaData()
    tables.reflect(connection)
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in tables.sorted_tables:
        if table.name != "alembic_version":
            rows[table.name] = [_row(connection, table, number, rows) for number in range(1, count + 1)]
            connection.execute(table.insert(), rows[table.name])
    keys = {name: [column.name for column in tables.tables[name].primary_key] for name in rows}
    return {name: (keys[name], [tuple(row[column] for column in keys[name]) for row in made]) for name, made in rows.items()}


def _row(connection: sa.Connection, table: sa.Table, number: int, rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        refers = next(iter(column.foreign_keys), None)
        if refers is None:
            row[column.name] = _value(connection, column, number)
        else:
            row[column.name] = rows[refers.column.table.name][number - 1][refers.column.name]
    return row


def _value(connection: sa.Connection, column: sa.Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return DEEP
    if isinstance(kind, LONGTEXT):  # what MariaDB makes of JSON
        return json.dumps(DEEP, ensure_ascii=False)
    if isinstance(kind, sa.DateTime):
        return AT if connection.dialect.name == "postgresql" else AT.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return AT.date() + timedelta(days=number)
    if isinstance(kind, sa.Boolean | TINYINT):
        return True
    if isinstance(kind, sa.LargeBinary):
        return bytes(range(256))
    if isinstance(kind, sa.String):
        return f"{number} {column.name} 👩‍👩‍👧 𝔄"[: kind.length]
    return number
