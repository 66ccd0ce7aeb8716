"""The registry: features, what installations decided of them, and its revision."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.registry import Feature, Local, Registry
from users_service.models import activity, feature_settings, features
from users_service.repository.counters import REGISTRY, grow, revisions
from users_service.repository.statements import upsert, within
from users_service.scope import Operator, Scope, Tenant

COLUMNS = {"name", "url", "enabled", "timed", "rollout", "only", "settings", "manifest"}


async def registry(scope: Operator, connection: AsyncConnection) -> Registry:
    """Return all features, by name."""
    # First: what is committed in between is read under the number before it, and so read once more.
    revision = (await revisions(scope, connection)).get(REGISTRY, 0)
    rows = (await connection.execute(sa.select(features).order_by(features.c.name))).all()
    rows_here = (await connection.execute(sa.select(feature_settings))).all()
    local: dict[str, dict[str, Local]] = {}
    for row in rows_here:
        local.setdefault(row.feature, {})[row.installation_id] = _local(row)
    return Registry(revision=revision, features=[_feature(row, local.get(row.name, {})) for row in rows])


async def change(scope: Operator, connection: AsyncConnection) -> dict[str, Feature]:
    """Raise the revision, and return all features by name: nobody else changes one until the transaction ends."""
    await grow(scope, connection, REGISTRY)
    return {feature.name: feature for feature in (await registry(scope, connection)).features}


async def put(_scope: Operator, connection: AsyncConnection, feature: Feature, now: datetime) -> None:
    """Write what a feature is in general over what was, after `change`."""
    row = feature.model_dump(mode="json", include=COLUMNS)
    await connection.execute(upsert(connection, features, {**row, "updated_at": now}))


async def put_local(scope: Tenant, connection: AsyncConnection, name: str, local: Local, now: datetime) -> None:
    """Write what an installation decided of a feature over what was, after `change`."""
    row = {"feature": name, "installation_id": scope.installation_id, **local.model_dump(mode="json"), "updated_at": now}
    await connection.execute(upsert(connection, feature_settings, row))


async def remove(_scope: Operator, connection: AsyncConnection, name: str) -> None:
    """Take a feature away, with what installations decided of it, after `change`."""
    await connection.execute(feature_settings.delete().where(feature_settings.c.feature == name))
    await connection.execute(features.delete().where(features.c.name == name))


async def spoke_since(scope: Scope, connection: AsyncConnection, since: datetime) -> list[tuple[str, str]]:
    """Return who was answered since an instant, once for each installation: (installation, person)."""
    where = (activity.c.at >= since, within(scope, activity.c.installation_id))
    rows = await connection.execute(sa.select(activity.c.installation_id, activity.c.person_id).where(*where).distinct())
    return [(row[0], row[1]) for row in rows]


def _feature(row: Any, local: dict[str, Local]) -> Feature:
    return Feature.model_validate({**{name: getattr(row, name) for name in COLUMNS}, "local": local}, strict=False)


def _local(row: Any) -> Local:
    return Local.model_validate({name: getattr(row, name) for name in Local.model_fields}, strict=False)
