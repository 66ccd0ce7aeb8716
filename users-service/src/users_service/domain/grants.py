"""What an action is granted: what its manifest asked for when it was put in."""

from jeeves_contracts.actions import ALL_FACTS, Command, Manifest
from jeeves_contracts.grammar import RESERVED
from jeeves_contracts.registry import Feature
from users_service.domain.settings_schema import secrets, shapes


def names(manifest: Manifest) -> set[str]:
    """Return all that a manifest's commands are called by."""
    return {name for command in manifest.commands for name in (command.name, *command.aliases)}


def clashes(manifest: Manifest, others: list[Feature]) -> dict[str, str]:
    """Return the names that others, or Jeeves itself, have already, each with whose it is."""
    taken = dict.fromkeys(RESERVED, "Jeeves itself")
    taken |= {name: other.name for other in others for name in names(other.manifest)}
    return {name: taken[name] for name in names(manifest) & taken.keys()}


def widened(before: Manifest | None, after: Manifest) -> list[str]:
    """Return what a manifest asks for that the one before (None: nothing) did not, a phrase for each.

    Nothing of it is granted by itself.
    """
    facts, connections, jobs = (before.facts, before.connections, before.jobs) if before else ([], [], [])
    found = [] if ALL_FACTS in facts else [f"fact {name}" for name in after.facts if name not in facts]
    found += [f"connection {name}" for name in after.connections if name not in connections]
    found += [f"job {name}" for name in after.jobs if name not in jobs]
    found += [f"secret {name} as an open setting" for name in sorted(_opened(before, after))]
    known = {command.name: command for command in before.commands} if before else {}
    return found + [more for command in after.commands for more in _widened(known.get(command.name), command)]


def _opened(before: Manifest | None, after: Manifest) -> frozenset[str]:
    was = secrets(before.settings_schema) if before else frozenset[str]()
    return (was & shapes(after.settings_schema).keys()) - secrets(after.settings_schema)


def _widened(before: Command | None, after: Command) -> list[str]:
    if before is None:  # a new command of its own is more than was granted
        return [f"command {after.name}"]
    found = [f"command {after.name} for role {role}" for role in after.roles if role not in before.roles]
    if after.effect not in (before.effect, "none"):
        found.append(f"command {after.name} with effect {after.effect}")
    return found
