"""Bring a database to the newest revision: `python -m users_service.migrate` with JEEVES_DATABASE_URL set."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from jeeves_service.errors import TransientError
from jeeves_service.settings import resolve
from users_service.engine import create_engine

FOLDER = Path(__file__).parent / "migrations"


def head() -> str:
    """Return the newest revision: files are named `NNNN_what.py`, NNNN being the revision."""
    return max(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


async def current(url: str) -> str | None:
    """Return the revision that a database is at; None when it has none. Raises DBAPIError or OSError when it is away."""
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            if not await connection.run_sync(lambda synchronous: sa.inspect(synchronous).has_table("alembic_version")):
                return None
            query: sa.Select[str] = sa.select(sa.column("version_num", sa.String)).select_from(sa.table("alembic_version"))
            return (await connection.execute(query)).scalar_one_or_none()
    finally:
        await engine.dispose()


@contextlib.contextmanager
def answering(which: str) -> Iterator[None]:
    """Let a database that is away be a TransientError that says which; what it said may hold secrets, and is left out."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        raise TransientError(f"{which} does not answer as it should ({error.__class__.__name__})") from error


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up. Costs one query where there is nothing to do."""
    if revision == "head" and asyncio.run(current(url)) == head():
        return
    _run(url, "upgrade", revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down to a revision, or to `base`."""
    _run(url, "downgrade", revision)


def _run(url: str, direction: str, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    logging.getLogger("asyncmy").setLevel(logging.ERROR)  # MariaDB tells of each primary key that it takes no name for it
    getattr(command, direction)(config, revision)


def main() -> None:
    """Migrate the database that the environment names."""
    values, lines = resolve(os.environ)
    url = values.get("JEEVES_DATABASE_URL")
    if not url:
        lines.append("JEEVES_DATABASE_URL is not set. Set it, or JEEVES_DATABASE_URL_FILE to a file that holds it.")
    if lines or not url:
        sys.exit("\n".join(f"migrate: {line}" for line in lines))
    try:
        upgrade(url)
    except (DBAPIError, OSError) as error:
        sys.exit(f"migrate: the database of JEEVES_DATABASE_URL cannot be migrated: {error.__class__.__name__}: {error}"[:500])


if __name__ == "__main__":
    main()
