"""What the dispatcher knows of the actions: handed out by users-service with each claim that has an older revision."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from jeeves_contracts.actions import Manifest, Name
from jeeves_contracts.base import Contract, Id, Json

Percent = Annotated[int, Field(ge=0, le=100)]


class TimedChange(Contract):
    """From the instant `at` on, the feature is on or off."""

    at: AwareDatetime
    enabled: bool


class Local(Contract):
    """What an installation has decided for itself; what is None or absent is as in general. `settings` by name."""

    enabled: bool | None = None
    rollout: Percent | None = None
    timed: list[TimedChange] = Field(default=[], max_length=20)
    settings: Json = {}


class Feature(Contract):
    """An action as an admin sees it. `manifest` is what was granted at registration, not what the service says today.

    `enabled` with its `timed` changes is the operator's: where it is off, it is off everywhere. `only` names the installations
    that have it at all (None: all). `rollout` is the share of people who have it. `jeeves_contracts.toggles` decides by these.
    """

    name: Name
    url: str
    enabled: bool = True
    timed: list[TimedChange] = Field(default=[], max_length=20)
    rollout: Percent = 100
    only: list[Id] | None = None
    settings: Json = {}
    local: dict[Id, Local] = {}
    manifest: Manifest


class Registry(Contract):
    """All features. `revision` grows with every change."""

    revision: int = Field(ge=0)
    features: list[Feature] = []

    @property
    def granted_facts(self) -> frozenset[str]:
        """The names of all facts that some feature may see and change."""
        return frozenset(name for feature in self.features for name in feature.manifest.facts)
