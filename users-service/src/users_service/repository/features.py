"""The registry: features and its revision."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.registry import Feature, Registry
from users_service.models import counters, features
from users_service.repository.statements import upsert
from users_service.scope import Operator

REGISTRY = "registry"
REVISION = sa.select(counters.c.value).where(counters.c.name == REGISTRY)


async def revision(_scope: Operator, connection: AsyncConnection) -> int:
    """Return the registry's revision; 0 when nothing was registered yet."""
    value = (await connection.execute(REVISION)).scalar_one_or_none()
    return value or 0


async def registry(scope: Operator, connection: AsyncConnection) -> Registry:
    """Return all features, by name."""
    rows = (await connection.execute(sa.select(features).order_by(features.c.name))).all()
    return Registry(revision=await revision(scope, connection), features=[_feature(row) for row in rows])


async def put(_scope: Operator, connection: AsyncConnection, feature: Feature, now: datetime) -> None:
    """Write a feature over what was, and raise the revision."""
    row = feature.model_dump(mode="json", include={"name", "url", "enabled", "settings", "manifest"})
    await connection.execute(upsert(connection, features, {**row, "updated_at": now}))
    await _grow(connection)


async def remove(_scope: Operator, connection: AsyncConnection, name: str) -> bool:
    """Take a feature away, and raise the revision. False when there is none of this name."""
    gone = await connection.execute(features.delete().where(features.c.name == name))
    if gone.rowcount:
        await _grow(connection)
    return bool(gone.rowcount)


async def _grow(connection: AsyncConnection) -> None:
    grown = await connection.execute(counters.update().where(counters.c.name == REGISTRY).values(value=counters.c.value + 1))
    if not grown.rowcount:
        await connection.execute(upsert(connection, counters, {"name": REGISTRY, "value": 1}))


def _feature(row: Any) -> Feature:
    values = {name: getattr(row, name) for name in ("name", "url", "enabled", "settings", "manifest")}
    return Feature.model_validate(values, strict=False)
