"""Another home for all that there is: every row of one database into an empty one, all of it or nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_service.errors import ConflictError
from users_service.engine import AT_LENGTH, create_engine
from users_service.migrate import answering, current, head, upgrade
from users_service.repository import copying
from users_service.scope import OPERATOR
from users_service.service.batches import is_away


@dataclass(frozen=True)
class Counted:
    """How many rows a table has, in both databases."""

    table: str
    rows: int


async def move(source: str, target: str, before_commit: Callable[[], Awaitable[None]] | None = None) -> list[Counted]:
    """Copy every row from one database (its URL) to another, in one transaction; return what there is now, by table.

    Nothing else may write to either. `before_commit` is awaited when all is copied: where it raises, nothing was.
    Raises ConflictError where one of them is not in the state for it, TransientError where one does not answer.
    """
    with answering("the database to move"):
        await _must_be_newest(source, "The data to move are")
    with answering("the database to move to"):
        await _make_ready(target)
        async with _connected(source) as here, _connected(target) as there, there.begin():
            counted = [await _copied(here, there, table) for table in copying.tables()]
            if before_commit:
                await before_commit()
    return counted


async def _copied(here: AsyncConnection, there: AsyncConnection, table: sa.Table) -> Counted:
    try:
        await copying.copy(OPERATOR, here, there, table)
    except DBAPIError as error:
        if is_away(error):
            raise
        words = f"{table.name} holds what the other database does not take ({error.__class__.__name__}). Nothing was moved."
        raise ConflictError(words) from error
    rows, copied = [await copying.count(OPERATOR, connection, table) for connection in (here, there)]
    if rows != copied:
        raise ConflictError(f"{table.name} had {rows} rows, and {copied} arrived. Nothing was moved.")
    return Counted(table.name, rows)


async def _must_be_newest(url: str, whose: str) -> None:
    if (revision := await current(url)) != head():
        raise ConflictError(
            f"{whose} at revision {revision or 'none'}, and the newest is {head()}. Run `jeeves migrate` first."
        )


async def _make_ready(url: str) -> None:
    """Make the tables where there is none at all; raise ConflictError where there is anything else than empty new tables."""
    async with _connected(url) as connection:
        present = await copying.present(OPERATOR, connection)
    if not present:
        await asyncio.to_thread(upgrade, url)
        return
    if await current(url) is None:
        raise ConflictError("The database to move to has tables that are not Jeeves's. Choose an empty one.")
    await _must_be_newest(url, "The tables to move to are")
    async with _connected(url) as connection:
        if name := await copying.filled(OPERATOR, connection):
            raise ConflictError(f"The database to move to is not empty: {name} has rows. Choose an empty one.")


@contextlib.asynccontextmanager
async def _connected(url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_engine(url, AT_LENGTH)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()
