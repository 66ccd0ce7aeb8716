"""Features as the API tells and takes them."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from jeeves_contracts.actions import Effect, Manifest
from jeeves_contracts.base import Contract, Json
from jeeves_contracts.people import Role
from jeeves_contracts.registry import Feature, Percent, TimedChange
from jeeves_contracts.toggles import Policy, settings_of
from users_service.api.jobs import Name
from users_service.domain.settings_schema import secrets
from users_service.domain.toggling import folded, level, open_settings, share, standing

Installations = Annotated[list[Name], Field(max_length=1000)]
Timed = Annotated[list[TimedChange], Field(max_length=20)]


class FeaturePut(Contract):
    """`url` is the action's origin, its manifest at `/v1/manifest`. What is left out stays as it is, or is as usual.

    `installations` that have it at all, null: all. `rollout` is the share of people who have it, in percent.
    """

    model_config = {"extra": "forbid"}
    url: Annotated[str, Field(min_length=1, max_length=300)]
    enabled: bool | None = None
    settings: Json | None = None
    installations: Installations | None = None
    rollout: Percent | None = None


class FeatureChange(Contract):
    """What is null is as in general: in one installation. In general `enabled` and `rollout` have a value.

    Of `settings` those that are named are changed, to null: as in general. `timed` is the whole plan. `until` turns `enabled`
    back then by itself, instead of what was planned. `installations` is the operator's, in general.
    """

    model_config = {"extra": "forbid"}
    enabled: bool | None = None
    until: AwareDatetime | None = None
    timed: Timed | None = None
    rollout: Percent | None = None
    installations: Installations | None = None
    settings: Json | None = None


class CommandTold(Contract):
    """A command, by whom it may be said, and what it may do."""

    name: str
    aliases: list[str]
    usage: str
    summary: str
    roles: list[Role]
    effect: Effect


class Grant(Contract):
    """What an action may see and do: as its manifest asked when it was put in."""

    version: str
    facts: list[str]
    connections: list[str]
    jobs: list[str]
    commands: list[CommandTold]


class Effective(Contract):
    """What holds at this moment, for who is among the share. `until`: from when timed changes let people have it again."""

    on: bool
    policy: Policy | None
    until: AwareDatetime | None
    rollout: int
    settings: Json


class FeatureTold(Contract):
    """A feature as it is decided in one installation, or (`installation_id` null) in general; null is as in general.

    Settings that are secrets are never told: `secrets` names those that are set. `url` and `installations` are for operators.
    """

    name: str
    summary: str
    installation_id: str | None
    enabled: bool | None
    rollout: int | None
    timed: list[TimedChange]
    settings: Json
    secrets: list[str]
    effective: Effective
    url: str | None
    installations: list[str] | None
    settings_schema: Json
    granted: Grant


class FeatureGranted(FeatureTold):
    """`widened` is what it is granted that it was not before."""

    widened: list[str]


class Offer(Contract):
    """What an action asks for at this moment. `widened` is what a PUT would grant it that it has not."""

    asked: Grant
    widened: list[str]


class ReachTold(Contract):
    """How many installations and people of the last week a change would reach; people who would have it, have it no more, or
    have it with other settings. Null: fewer than five, or a number that would tell of so few.
    """

    installations: int
    people: int | None
    now_on: int | None
    now_off: int | None
    now_set: int | None


def told(feature: Feature, place: str | None, now: datetime, *, inside: bool) -> FeatureTold:
    """Return a feature as it is told of a place; `inside`: with what is for operators."""
    here = folded(level(feature, place), now)
    stands = standing(feature, place, now)
    general = feature if place is not None else feature.model_copy(update={"local": {}})
    return FeatureTold(
        name=feature.name,
        summary=feature.manifest.summary,
        installation_id=place,
        enabled=here.enabled,
        rollout=here.rollout,
        timed=here.timed,
        settings=open_settings(feature, here.settings),
        secrets=sorted(secrets(feature.manifest.settings_schema) & here.settings.keys()),
        effective=Effective(
            on=stands.on,
            policy=stands.policy,
            until=stands.until,
            rollout=share(feature, place),
            settings=open_settings(feature, settings_of(general, place or "")),
        ),
        url=feature.url if inside else None,
        installations=feature.only if inside and place is None else None,
        settings_schema=feature.manifest.settings_schema,
        granted=grant(feature.manifest),
    )


def grant(manifest: Manifest) -> Grant:
    """Return what a manifest asks for."""
    commands = [CommandTold(**command.model_dump(include=set(CommandTold.model_fields))) for command in manifest.commands]
    return Grant(
        version=manifest.version, facts=list(manifest.facts), connections=manifest.connections, jobs=manifest.jobs,
        commands=commands,
    )  # fmt: skip
