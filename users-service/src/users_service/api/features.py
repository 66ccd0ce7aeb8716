"""Features: what Jeeves can do, switched, shared and set by operators in general and by admins in their installations."""

from dataclasses import replace
from typing import Any

from jeeves_contracts.actions import Name as FeatureName
from jeeves_contracts.base import Contract
from jeeves_contracts.registry import Feature
from jeeves_service.errors import NotFoundError
from users_service.api.call import Call, Masked, Nothing
from users_service.api.feature_models import (
    FeatureChange,
    FeatureGranted,
    FeaturePut,
    FeatureTold,
    Offer,
    ReachTold,
    grant,
    told,
)
from users_service.api.pages import Page, PageQuery, after, cursor
from users_service.api.paths import Where
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.domain.grants import widened
from users_service.engine import Database
from users_service.repository import features
from users_service.scope import OPERATOR
from users_service.service import registering, toggling
from users_service.service.manifests import Manifests
from users_service.service.registering import Found
from users_service.service.toggling import is_offered, place_of

READ = Policy("features-read", "admin", "features:read")
CHANGE = Policy("features-change", "admin", "features:write")
MANAGE = Policy("features-manage", "operator", "features:write")


class FeaturePath(Contract):
    name: FeatureName


class ListQuery(Where, PageQuery):
    """A page of features."""


class ChangeQuery(Where, Masked):
    """Which fields are meant, and where."""


def feature_operations(database: Database, manifests: Manifests) -> Resource:
    """Return the operations."""
    resource = Resource()
    resource.operation("GET", "/features", READ, query=ListQuery, answers=Page[FeatureTold])(list_features)
    one: dict[str, Any] = {"takes": FeaturePath, "query": Where, "has_etag": True}
    resource.operation("GET", "/features/{name}", READ, answers=FeatureTold, **one)(show_feature)
    changes: dict[str, Any] = {"takes": FeaturePath, "query": ChangeQuery, "body": FeatureChange}
    resource.operation("PATCH", "/features/{name}", CHANGE, answers=FeatureTold, has_etag=True, **changes)(change_feature)
    looks: dict[str, Any] = {"answers": ReachTold, "transaction": "read"}
    resource.operation("POST", "/features/{name}/preview", CHANGE, **changes, **looks)(preview_feature)
    resource.operation("DELETE", "/features/{name}", MANAGE, takes=FeaturePath, has_etag=True)(remove_feature)
    asks: dict[str, Any] = {"takes": FeaturePath, "transaction": "none"}

    @resource.operation("PUT", "/features/{name}", MANAGE, body=FeaturePut, answers=FeatureGranted, **asks)
    async def put_feature(call: Call[FeaturePath, Nothing, FeaturePut]) -> FeatureGranted:
        """Put an action in, or grant it anew what its manifest asks for now."""
        name = call.path.name
        url, manifest = await manifests.asked(name, call.body.url)
        asked = {field: getattr(call.body, field) for field in call.body.model_fields_set - {"url"}}
        async with database.write() as connection:
            known = await features.change(OPERATOR, connection)
            put = await registering.put(connection, known, Found(name, url, manifest), asked, call.now)
            registering.check_whole(put.feature)
            await replace(call, connection=connection).audit("feature.put", name, before=put.was, after=put.became)
        return FeatureGranted(**dict(told(put.feature, None, call.now, inside=True)), widened=put.more)

    @resource.operation("GET", "/features/{name}/offer", MANAGE, answers=Offer, **asks)
    async def read_offer(call: Call[FeaturePath, Nothing, Nothing]) -> Offer:
        """Read an action's manifest anew: what a PUT would grant it."""
        async with database.read() as connection:
            feature = await toggling.known(connection, call.path.name)
        manifest = await manifests.read(feature.name, feature.url)
        return Offer(asked=grant(manifest), widened=widened(feature.manifest, manifest))

    return resource


async def list_features(call: Call[Nothing, ListQuery, Nothing]) -> Page[FeatureTold]:
    """List features, by name: as they are in general, or in an installation that has them."""
    place, begin = place_of(call.scope(call.query.installation_id)), after(call.query.cursor, str)
    registry = await features.registry(OPERATOR, call.connection)
    every = [one for one in registry.features if _is_seen(call, one, place) and one.name > (begin[0] if begin else "")]
    items = [_told(call, one, place) for one in every[: call.query.limit]]
    return Page[FeatureTold](items=items, next=cursor(items[-1].name) if len(every) > len(items) else None)


async def show_feature(call: Call[FeaturePath, Where, Nothing]) -> FeatureTold:
    """Show a feature as it is in general, or in an installation."""
    place = place_of(call.scope(call.query.installation_id))
    return _told(call, _seen(call, await toggling.known(call.connection, call.path.name), place), place)


async def change_feature(call: Call[FeaturePath, ChangeQuery, FeatureChange]) -> FeatureTold:
    """Change a feature in general, or in an installation: from the next message on."""
    scope = call.scope(call.query.installation_id)
    place = place_of(scope)
    before = _seen(call, await toggling.held(call.connection, call.path.name), place)
    call.expect(_told(call, before, place))
    done = await toggling.change(call.connection, before, scope, call.masked(), call.now)
    if done.became:
        await call.audit("feature.change", before.name, before=done.was, after=done.became, at=place)
    return _told(call, done.feature, place)


async def preview_feature(call: Call[FeaturePath, ChangeQuery, FeatureChange]) -> ReachTold:
    """Say whom of the last week's people a change would reach, without making it."""
    scope = call.scope(call.query.installation_id)
    before = _seen(call, await toggling.known(call.connection, call.path.name), place_of(scope))
    return ReachTold(**vars(await toggling.preview(call.connection, before, scope, call.masked(), call.now)))


async def remove_feature(call: Call[FeaturePath, Nothing, Nothing]) -> None:
    """Take an action out, with all its settings: from the next message on."""
    before = await toggling.held(call.connection, call.path.name)
    call.expect(_told(call, before, None))
    was = await registering.remove(call.connection, before.name, before)
    await call.audit("feature.remove", before.name, before=was)


def _told(call: Call[Any, Any, Any], feature: Feature, place: str | None) -> FeatureTold:
    return told(feature, place, call.now, inside=call.principal.is_operator)


def _is_seen(call: Call[Any, Any, Any], feature: Feature, place: str | None) -> bool:
    return call.principal.is_operator or is_offered(feature, place)


def _seen(call: Call[Any, Any, Any], feature: Feature, place: str | None) -> Feature:
    """Return the feature. Raises NotFoundError for one that an admin's installation does not have."""
    if not _is_seen(call, feature, place):
        raise NotFoundError(toggling.UNKNOWN)
    return feature
