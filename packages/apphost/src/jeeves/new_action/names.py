"""What an action may be called, and what follows from its name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jeeves_contracts.grammar import RESERVED

PATTERN = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 30  # characters


@dataclass(frozen=True)
class Named:
    """`name` is the feature's and its first command's."""

    name: str

    @property
    def service(self) -> str:
        """Its folder, service and distribution."""
        return f"actions-{self.name}"

    @property
    def package(self) -> str:
        return self.service.replace("-", "_")

    @property
    def title(self) -> str:
        return self.name.replace("-", " ").capitalize()


def objection(name: str, taken: Mapping[str, str], root: Path) -> str | None:
    """Return why an action cannot have a name, as a sentence; None when it can. `taken`: command → its service."""
    if not name:
        return "Say what it is called: make new-action NAME=dice"
    if not PATTERN.fullmatch(name) or len(name) > LONGEST:
        return (
            f"“{name[:LONGEST]}” is no name for an action: small letters, digits and single hyphens, beginning with a letter, "
            f"at most {LONGEST} characters, such as dice or pub-quiz."
        )
    if name in RESERVED:
        return f"Jeeves answers to “{name}” itself: choose another name."
    folder = Named(name).service
    if (root / folder).exists():
        return f"{folder} is there already, and is left as it is. Choose another name, or remove that folder first."
    if name in taken:
        return f"“{name}” is a command of {taken[name]} already: choose another name."
    return None
