"""The registry of a running Jeeves, through its API."""

from collections.abc import Mapping
from typing import Any

from jeeves.operator import Operator, part

Told = Mapping[str, Any]  # a feature as the API tells it


class Features:
    """Each call raises PermanentError with the reason when it is refused, TransientError when Jeeves is away."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator

    def listed(self) -> dict[str, Told]:
        """Return all that there are, by name."""
        return {feature["name"]: feature for feature in self._operator.pages("/features")}

    def put(self, name: str, url: str, *, enabled: bool | None = None) -> Told:
        """Read the manifest of the action at `url`, grant it what it asks for, and send people's messages to it from now on.

        Its switch stays as it is, or is on where it is new, unless `enabled` says.
        """
        asked = {"url": url} if enabled is None else {"url": url, "enabled": enabled}
        put: Told = self._operator.ask("PUT", f"/features/{part(name)}", asked)
        return put

    def switch(self, name: str, *, enabled: bool) -> None:
        """Switch one on or off, in general."""
        self._operator.ask("PATCH", f"/features/{part(name)}", {"enabled": enabled})

    def remove(self, name: str) -> None:
        """Forget one."""
        self._operator.ask("DELETE", f"/features/{part(name)}")
