"""The registry of a running Jeeves, through users-service."""

from typing import Any

from jeeves.operator import Operator
from jeeves_contracts.registry import Feature, Registry

SCOPE = "features:manage"


class Features:
    """Each call raises PermanentError with the reason when it is refused, TransientError when users-service is away."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator

    def listed(self) -> dict[str, Feature]:
        """Return all that there are, by name."""
        found = Registry.model_validate(self._call("list"), strict=False)
        return {feature.name: feature for feature in found.features}

    def put(self, name: str, url: str, *, enabled: bool = True) -> Feature:
        """Read the manifest of the action at `url`, grant it what it asks for, and send people's messages to it from now on."""
        return Feature.model_validate(self._call("put", name=name, url=url, enabled=enabled), strict=False)

    def switch(self, name: str, *, enabled: bool) -> None:
        """Switch one on or off."""
        self._call("switch", name=name, enabled=enabled)

    def remove(self, name: str) -> None:
        """Forget one."""
        self._call("remove", name=name)

    def _call(self, what: str, **asked: Any) -> Any:
        return self._operator.ask(f"/internal/v1/features/{what}", asked, scope=SCOPE)
