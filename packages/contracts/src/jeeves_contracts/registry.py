"""What the dispatcher knows of the actions: handed out by users-service with each claim that has an older revision."""

from pydantic import Field

from jeeves_contracts.actions import Manifest, Name
from jeeves_contracts.base import Contract, Json


class Feature(Contract):
    """An action as an admin sees it. `manifest` is what was granted at registration, not what the service says today.

    `disabled_for` names the installations where it is off although it is on in general.
    """

    name: Name
    url: str
    enabled: bool = True
    disabled_for: list[str] = []
    settings: Json = {}
    manifest: Manifest


class Registry(Contract):
    """All features. `revision` grows with every change."""

    revision: int = Field(ge=0)
    features: list[Feature] = []

    @property
    def granted_facts(self) -> frozenset[str]:
        """The names of all facts that some feature may see and change."""
        return frozenset(name for feature in self.features for name in feature.manifest.facts)
