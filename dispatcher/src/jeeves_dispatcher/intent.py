"""From what was said to what is meant: pure, registry in, intent out (P1 to P5)."""

from dataclasses import dataclass, field

from jeeves_contracts import grammar
from jeeves_contracts.actions import Command
from jeeves_contracts.registry import Feature, Registry


@dataclass(frozen=True)
class Intent:
    """A command of a feature. `text` is what followed its name as typed, or all of it where a phrase was used."""

    feature: Feature
    command: Command
    text: str
    args: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Help:
    """The person asks what Jeeves can do."""


@dataclass(frozen=True)
class Unknown:
    """Nothing fits. `text` may be empty."""

    text: str


Parsed = Intent | Help | Unknown


class Grammar:
    """What people may say to a registry's features: made once for each revision."""

    def __init__(self, registry: Registry) -> None:
        self._commands = grammar.Grammar(
            (feature, command) for feature in registry.features for command in feature.manifest.commands
        )

    def parse(self, text: str) -> Parsed:
        """Find the one command that is meant: by its name at the start, the longest first; else by a phrase.

        A message that is quoted as a whole is what is in the quotes; `help` is a name that a command may take.
        """
        said = grammar.unquoted(text).strip()
        found = self._commands.by_name(said)
        if found is None and [grammar.bare(word) for word in grammar.spoken(said)[:1]] == ["help"]:
            return Help()
        found = found or self._commands.by_phrase(said)
        return Intent(found.owner, found.command, found.text, found.args) if found else Unknown(said)
