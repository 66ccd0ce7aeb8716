"""Changes of a feature, in general (a place of None) or in one installation: what is asked becomes what is kept."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from jeeves_contracts.base import Json
from jeeves_contracts.registry import Feature, Local, TimedChange
from jeeves_contracts.toggles import NOTHING, WHOLE, Decision, decide, settings_of, state
from jeeves_service.errors import InvalidError
from users_service.domain.facts import same
from users_service.domain.settings_schema import secrets, shapes
from users_service.domain.settings_values import broken

FAR = timedelta(days=3660)  # ahead that a change may be planned
SET = "set"  # instead of a secret
Asked = Mapping[str, Any]


def level(feature: Feature, place: str | None) -> Local:
    """Return what is decided in a place, or in general; without an installation's word all is as in general."""
    if place is not None:
        return feature.local.get(place, NOTHING)
    return Local(enabled=feature.enabled, rollout=feature.rollout, timed=feature.timed, settings=feature.settings)


def folded(level: Local, now: datetime) -> Local:
    """Return the same with the timed changes that are due in the switch itself."""
    if not any(change.at <= now for change in level.timed):
        return level
    enabled = state(level.enabled is not False, level.timed, now)
    return level.model_copy(update={"enabled": enabled, "timed": [one for one in level.timed if one.at > now]})


def changed(feature: Feature, place: str | None, asked: Asked, now: datetime) -> Feature:
    """Return a feature as `asked` wants it: any of enabled, until, timed, rollout, installations, settings.

    `enabled` and `rollout` of None: as in general. `until` turns the switch back then, instead of what was planned. `settings`
    by name, of None: as in general; None for all of them. Raises InvalidError with a sentence for each field.
    """
    before, wrong = folded(level(feature, place), now), dict[str, str]()
    update: dict[str, Any] = {name: asked[name] for name in ("enabled", "rollout") if name in asked}
    if place is None:
        wrong |= {name: "in general it has a value" for name in update if update[name] is None}
    update |= _planned(asked, now, wrong)
    if "settings" in asked:
        update["settings"] = _settings(feature, place, before.settings, asked["settings"], wrong)
    if "installations" in asked and place is not None:
        wrong["installations"] = "only operators decide that, in general"
    if wrong:
        raise InvalidError(wrong)
    after = before.model_copy(update=update)
    if place is not None:
        return feature.model_copy(update={"local": {**feature.local, place: after}})
    only = {"only": asked["installations"]} if "installations" in asked else {}
    return feature.model_copy(update={name: getattr(after, name) for name in Local.model_fields} | only)


def standing(feature: Feature, place: str | None, now: datetime) -> Decision:
    """Return whether a feature is on in a place, or (None) in general, for whoever is among the share that has it."""
    here = feature.local.get(place or "", NOTHING).model_copy(update={"rollout": None})
    update: dict[str, Any] = {"rollout": WHOLE, "local": {place: here} if place is not None else {}}
    if place is None:
        update["only"] = None
    return decide(feature.model_copy(update=update), place or "", "", now)


def share(feature: Feature, place: str | None) -> int:
    """Return the share of people, in percent, that has a feature in a place."""
    here = feature.local.get(place or "", NOTHING).rollout
    return feature.rollout if here is None else here


def difference(before: Feature, after: Feature, place: str | None) -> tuple[Json, Json]:
    """Return what a change was, before and after, as it may be kept and told: no secret is in it."""
    was, became = _plain(before, place), _plain(after, place)
    names = [name for name in was if not same(was[name], became[name])]
    one, other = {name: was[name] for name in names}, {name: became[name] for name in names}
    if "settings" in names:
        one["settings"], other["settings"] = _settings_difference(before, after, place)
    return one, other


def open_settings(feature: Feature, settings: Json) -> Json:
    """Return settings without those that are never told: secrets, and what has no schema any more, for it may be one."""
    known = shapes(feature.manifest.settings_schema).keys() - secrets(feature.manifest.settings_schema)
    return {name: value for name, value in settings.items() if name in known}


def _plain(feature: Feature, place: str | None) -> Json:
    found: Json = level(feature, place).model_dump(mode="json")
    if place is None:
        found |= {"installations": feature.model_dump(mode="json", include={"only"})["only"], "url": feature.url}
    return found


def _settings_difference(before: Feature, after: Feature, place: str | None) -> tuple[Json, Json]:
    was, became = level(before, place).settings, level(after, place).settings
    names = [name for name in sorted(was.keys() | became.keys()) if not same(was.get(name), became.get(name))]
    schemas = before.manifest.settings_schema, after.manifest.settings_schema
    plain = {name for schema in schemas for name in shapes(schema)} - {name for schema in schemas for name in secrets(schema)}

    def told(settings: Json) -> Json:
        return {name: settings.get(name) if name in plain or name not in settings else SET for name in names}

    return told(was), told(became)


def _planned(asked: Asked, now: datetime, wrong: dict[str, str]) -> dict[str, Any]:
    """Return the timed changes that are asked for."""
    until, timed = asked.get("until"), asked.get("timed")
    if until is not None:
        if asked.get("enabled") is None:
            wrong["until"] = "it goes with `enabled`: on or off until then"
        elif "timed" in asked:
            wrong["until"] = "it takes the place of `timed`: give one of them"
        elif _at(until, now):
            wrong["until"] = _at(until, now)
        return {"timed": [TimedChange(at=until, enabled=not asked.get("enabled"))]}
    if "timed" not in asked:
        return {}
    for number, change in enumerate(timed or ()):
        if words := _at(change.at, now):
            wrong[f"timed.{number}.at"] = words
    if len({change.at for change in timed or ()}) != len(timed or ()):
        wrong["timed"] = "two changes cannot be at one instant"
    return {"timed": sorted(timed or (), key=lambda change: change.at)}


def _at(instant: datetime, now: datetime) -> str:
    return "" if now < instant <= now + FAR else "it is in the future, and at most ten years away"


def _settings(feature: Feature, place: str | None, before: Json, asked: Json | None, wrong: dict[str, str]) -> Json:
    """Return the settings that are kept; note what is wrong with those that are asked for."""
    if asked is None:
        return {}
    schema, known = feature.manifest.settings_schema, shapes(feature.manifest.settings_schema).keys()
    kept: Json = {
        name: value for name, value in {**before, **asked}.items() if value is not None and name in known | asked.keys()
    }
    below = settings_of(feature.model_copy(update={"local": {}, **({"settings": {}} if place is None else {})}), "")
    whole: Json = {name: value for name, value in below.items() if name in known}
    faults = broken(schema, {**whole, **kept})
    faults |= dict.fromkeys(asked.keys() - known - before.keys(), "there is no such setting")
    for name, words in faults.items():
        if name in asked or not name:
            wrong[f"settings.{name}" if name else "settings"] = words
    return kept
