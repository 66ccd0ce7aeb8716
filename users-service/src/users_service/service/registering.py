"""Put an action in, with what it is granted, and take it out: inside the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Manifest
from jeeves_contracts.base import Json
from jeeves_contracts.registry import Feature
from jeeves_contracts.toggles import settings_of
from jeeves_service.errors import InvalidError, PermanentError
from users_service.domain.grants import clashes, widened
from users_service.domain.settings_schema import missing, secrets
from users_service.domain.toggling import Asked, changed, difference
from users_service.repository import features
from users_service.scope import OPERATOR, Tenant


@dataclass(frozen=True)
class Found:
    """An action where it was found, with what it says of itself."""

    name: str
    url: str
    manifest: Manifest


@dataclass(frozen=True)
class Put:
    """A feature as it is now, what it is granted beyond what it was, and the change for the audit log."""

    feature: Feature
    more: list[str]
    was: Json | None
    became: Json


async def put(connection: AsyncConnection, known: Mapping[str, Feature], found: Found, asked: Asked, now: datetime) -> Put:
    """Add a feature, or grant it anew what its manifest asks for; what is not asked for stays. `known` are those of `change`.

    What was given as a secret, and is none any more, goes: nobody is to read it. Raises InvalidError, and PermanentError for a
    name of a command that is another's.
    """
    name, url, manifest = found.name, found.url, found.manifest
    if clash := clashes(manifest, [feature for feature in known.values() if feature.name != name]):
        taken = ", ".join(f"{command} ({owner})" for command, owner in sorted(clash.items()))
        raise PermanentError(f"two actions cannot both be called by one name; taken already: {taken}")
    before = known.get(name)
    feature = Feature(name=name, url=url, manifest=manifest)
    if before is not None:
        feature = before.model_copy(update={"url": url, "manifest": manifest})
        feature = await _without(connection, feature, secrets(before.manifest.settings_schema), now)
    feature = changed(feature, None, asked, now)
    await features.put(OPERATOR, connection, feature, now)
    if before is None:
        return Put(feature, widened(None, manifest), None, _first(feature))
    was, became = difference(before, feature, None)
    if before.manifest != manifest:
        was["granted"], became["granted"] = granted(before.manifest), granted(manifest)
    return Put(feature, widened(before.manifest, manifest), was, became)


async def _without(connection: AsyncConnection, feature: Feature, were: frozenset[str], now: datetime) -> Feature:
    """Return a feature without the settings, in general and of installations, that `were` secrets and are none any more."""
    gone = were - secrets(feature.manifest.settings_schema)
    local = {place: here.model_copy(update={"settings": _but(here.settings, gone)}) for place, here in feature.local.items()}
    for place, here in local.items():
        if here != feature.local[place]:
            await features.put_local(Tenant(place), connection, feature.name, here, now)
    return feature.model_copy(update={"settings": _but(feature.settings, gone), "local": local})


def _but(settings: Json, gone: frozenset[str]) -> Json:
    return {name: value for name, value in settings.items() if name not in gone}


def check_whole(feature: Feature) -> None:
    """Raise InvalidError where a setting is missing that the action cannot do without."""
    have = settings_of(feature.model_copy(update={"local": {}}), "")
    if lacking := missing(feature.manifest.settings_schema, have):
        raise InvalidError({f"settings.{one}": "the action needs it" for one in lacking})


async def remove(connection: AsyncConnection, name: str, feature: Feature) -> Json:
    """Forget a feature, with what installations decided of it; return what it was, for the audit log."""
    await features.remove(OPERATOR, connection, name)
    return _first(feature)


def granted(manifest: Manifest) -> Json:
    """Return what an action is granted, in few words."""
    commands = {command.name: f"{' '.join(command.roles)}: {command.effect}" for command in manifest.commands}
    return {
        "version": manifest.version, "facts": [*manifest.facts], "connections": [*manifest.connections],
        "jobs": [*manifest.jobs], "commands": {**commands},
    }  # fmt: skip


def _first(feature: Feature) -> Json:
    """Return all that a feature is, as what came, or went."""
    empty = feature.model_copy(update={"enabled": None, "rollout": None, "settings": {}, "url": ""})
    _, all_of_it = difference(empty, feature, None)
    return {**all_of_it, "granted": granted(feature.manifest)}
