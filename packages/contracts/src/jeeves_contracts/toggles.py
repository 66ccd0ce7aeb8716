"""Is a feature on, for this person, here, now? Pure, and one meaning wherever it is asked.

In this order, the first that says no names the policy:

1. `feature-enabled`: off in general, by the operator. The newest of the timed changes that are due decides, else `enabled`.
2. `feature-offered`: `only` does not name the installation.
3. `feature-installation`: switched off in this installation by its admins, in the same way.
4. `feature-rollout`: the person is not among the share that has it. An installation's own share stands for the general one.

A share is sticky: each person has one number of 0 to 99 for a feature, and has the feature while it is below the share. So a
share that grows takes nobody out. A timed change that is due decides for as long as it is kept: whoever writes `enabled`, which
holds from now on, takes the ones that are due away with it.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from jeeves_contracts.base import Contract, Json
from jeeves_contracts.registry import Feature, Local, TimedChange

Policy = Literal["feature-enabled", "feature-offered", "feature-installation", "feature-rollout"]
WHOLE = 100  # percent
NOTHING = Local()


class Decision(Contract):
    """`policy` names what says no. `until`: the instant at which timed changes let this person have it, where there is one."""

    on: bool
    policy: Policy | None = None
    until: AwareDatetime | None = None


def decide(feature: Feature, installation_id: str, person_id: str, now: datetime) -> Decision:
    """Decide for a person in an installation at an aware instant."""
    policy = _refused(feature, installation_id, person_id, now)
    if policy is None:
        return Decision(on=True)
    local = feature.local.get(installation_id, NOTHING)
    coming = sorted(change.at for change in (*feature.timed, *local.timed) if change.at > now)
    until = next((at for at in coming if _refused(feature, installation_id, person_id, at) is None), None)
    return Decision(on=False, policy=policy, until=until)


def state(enabled: bool, timed: Sequence[TimedChange], now: datetime) -> bool:
    """Return what a switch is at an instant: of changes at one instant, the last in the list decides."""
    due = sorted((change for change in timed if change.at <= now), key=lambda change: change.at)
    return due[-1].enabled if due else enabled


def bucket(feature: str, person_id: str) -> int:
    """Return a person's number of 0 to 99 for a feature: as good as random, the same for ever."""
    digest = hashlib.sha256(f"{feature}\n{person_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % WHOLE


def settings_of(feature: Feature, installation_id: str) -> Json:
    """Return the settings that hold in an installation: its own before the general ones before the schema's defaults."""
    properties = feature.manifest.settings_schema.get("properties")
    known = properties.items() if isinstance(properties, dict) else ()
    defaults = {name: shape["default"] for name, shape in known if isinstance(shape, dict) and "default" in shape}
    return {**defaults, **feature.settings, **feature.local.get(installation_id, NOTHING).settings}


def _refused(feature: Feature, installation_id: str, person_id: str, at: datetime) -> Policy | None:
    """Return the first policy that says no at an instant."""
    local = feature.local.get(installation_id, NOTHING)
    if not state(feature.enabled, feature.timed, at):
        return "feature-enabled"
    if feature.only is not None and installation_id not in feature.only:
        return "feature-offered"
    if not state(local.enabled is not False, local.timed, at):
        return "feature-installation"
    share = feature.rollout if local.rollout is None else local.rollout
    if share < WHOLE and bucket(feature.name, person_id) >= share:
        return "feature-rollout"
    return None
