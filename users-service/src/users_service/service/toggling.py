"""Change a feature in general or in an installation, and see beforehand whom that would reach."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.base import Json
from jeeves_contracts.registry import Feature
from jeeves_service.errors import NotFoundError
from users_service.domain.reach import Reach, reach
from users_service.domain.toggling import Asked, changed, difference, level
from users_service.repository import features, people
from users_service.scope import OPERATOR, Operator, Scope, Tenant

WEEK = timedelta(days=7)
UNKNOWN = "There is no action of this name."


@dataclass(frozen=True)
class Changed:
    """A feature as it is now, and what that was before and is after: both empty where nothing was changed."""

    feature: Feature
    was: Json
    became: Json


def place_of(scope: Scope) -> str | None:
    """Return the installation that is meant, None for all in general."""
    return scope.installation_id if isinstance(scope, Tenant) else None


def is_offered(feature: Feature, place: str | None) -> bool:
    """Say whether an installation has a feature at all."""
    return place is None or feature.only is None or place in feature.only


async def known(connection: AsyncConnection, name: str) -> Feature:
    """Return a feature as it is. Raises NotFoundError."""
    return _named({feature.name: feature for feature in (await features.registry(OPERATOR, connection)).features}, name)


async def held(connection: AsyncConnection, name: str) -> Feature:
    """Return a feature as it is: nobody else changes one until the transaction ends. Raises NotFoundError."""
    return _named(await features.change(OPERATOR, connection), name)


async def change(connection: AsyncConnection, before: Feature, scope: Scope, asked: Asked, now: datetime) -> Changed:
    """Change a feature that is `held`. Raises InvalidError with a sentence for each field, NotFoundError."""
    if isinstance(scope, Tenant) and not await people.is_installed(OPERATOR, connection, scope.installation_id):
        raise NotFoundError("There is no such installation.")
    after = changed(before, place_of(scope), asked, now)
    was, became = difference(before, after, place_of(scope))
    if not became:
        return Changed(before, was, became)
    if isinstance(scope, Operator):
        await features.put(scope, connection, after, now)
    else:
        await features.put_local(scope, connection, after.name, level(after, scope.installation_id), now)
    return Changed(after, was, became)


async def preview(connection: AsyncConnection, before: Feature, scope: Scope, asked: Asked, now: datetime) -> Reach:
    """Say whom of those who spoke within the last week a change would reach. Raises InvalidError."""
    after = changed(before, place_of(scope), asked, now)
    return reach(before, after, await features.spoke_since(scope, connection, now - WEEK), now)


def _named(found: dict[str, Feature], name: str) -> Feature:
    if name not in found:
        raise NotFoundError(UNKNOWN)
    return found[name]
