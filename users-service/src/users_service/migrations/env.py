"""How Alembic reaches the database: over the same engine as the service."""

import asyncio

import sqlalchemy as sa
from alembic import context

from users_service.engine import AT_LENGTH, create_engine
from users_service.models import metadata


def migrate(connection: sa.Connection) -> None:
    """Run the revisions in one transaction, where the database can."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def online() -> None:
    """Connect, migrate, disconnect."""
    engine = create_engine(context.config.attributes["url"], AT_LENGTH)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(immediate=True)
            await connection.run_sync(migrate)
            await connection.commit()
    finally:
        await engine.dispose()


asyncio.run(online())
