"""From what was said to what is meant: pure, registry in, intent out (P1 to P5)."""

from dataclasses import dataclass, field

from jeeves_contracts import grammar
from jeeves_contracts.actions import Command
from jeeves_contracts.base import Json
from jeeves_contracts.delivery import Previous
from jeeves_contracts.registry import Feature, Registry
from jeeves_dispatcher.courtesy import readings, trimmed
from jeeves_dispatcher.manners import Manners, mannerly
from jeeves_dispatcher.near import Nearby
from jeeves_dispatcher.own import Own, help_of, own_of, stop_of
from jeeves_dispatcher.switching import setting_of, shape_of, switching_of


@dataclass(frozen=True)
class Intent:
    """A command of a feature. `text` is what followed its name as typed, or all of it where a phrase was used."""

    feature: Feature
    command: Command
    text: str
    args: dict[str, str] = field(default_factory=dict)

    def is_of(self, other: object) -> bool:
        """Tell whether another one means the same command."""
        return isinstance(other, Intent) and (self.feature.name, self.command.name) == (other.feature.name, other.command.name)


@dataclass(frozen=True)
class Unknown:
    """Nothing fits. `text` may be empty."""

    text: str


Parsed = Intent | Own | Manners | Unknown
Understood = Intent | Own | Manners


class Grammar:
    """What people may say to a registry's features and to Jeeves: made once for each revision."""

    def __init__(self, registry: Registry) -> None:
        every = [(feature, command) for feature in registry.features for command in feature.manifest.commands]
        self._features = {feature.name: feature for feature in registry.features}
        self._commands = grammar.Grammar(every)
        self._nearby = Nearby(command for _, command in every)
        self._follow_ups = {
            (feature.name, command.name): grammar.Phrasebook((phrase, (feature, command)) for phrase in command.follow_ups)
            for feature, command in every
            if command.follow_ups
        }

    def parse(self, text: str, previous: Previous | None = None, *, is_admin: bool = False) -> Parsed:
        """Find out what is meant; `previous` is what was answered last, which may be followed up.

        To an admin `config` and the name of a feature is about that feature, to others it is what its action makes of it.

        First of all of it, then without the courtesies at its start; those at its end are left out where that
        changes nothing about who is meant. A message that is quoted as a whole is what is in the quotes.
        """
        said = grammar.unquoted(text).strip()
        taken: Parsed = Unknown(said)
        for reading in readings(said):
            words = grammar.unquoted(reading).strip()
            found, shorter = self._read(words, previous, is_admin=is_admin), trimmed(words)
            if shorter != words:
                plain = self._read(shorter, previous, is_admin=is_admin)
                if found is None or _alike(found, plain):
                    found = plain
            if found is not None and not _starts_with_any(found):
                return found
            taken = found or taken
        return taken

    def guesses(self, said: str) -> list[str]:
        """Return what might have been said instead of what nobody understands, the likeliest first."""
        *_, last = readings(said)
        return self._nearby.guesses(trimmed(last))

    def near_names(self, text: str) -> list[str]:
        """Return the names of commands that a word may stand for."""
        return self._nearby.names(text)

    def shape(self, feature: str, setting: str) -> Json:
        """Return what a feature's schema says of a setting."""
        return shape_of(self._features[feature], setting) if feature in self._features else {}

    def named(self, text: str) -> Intent | None:
        """Return the command whose name, or feature's name, all of a text is."""
        found = self._commands.by_name(text)
        return Intent(found.owner, found.command, "") if found and not found.text else None

    def _read(self, said: str, previous: Previous | None, *, is_admin: bool) -> Understood | None:
        """A name, help, what is Jeeves's own, a phrase, manners, a follow-up: the first that fits."""
        return (
            (setting_of(said, self._features) if is_admin else None)
            or self._intent(self._commands.by_name(said))
            or help_of(said)
            or own_of(said)
            or switching_of(said, self._features)
            or self._intent(self._commands.by_phrase(said))
            or stop_of(said)
            or mannerly(said, "hi", "thanks")
            or self._follow_up(said, previous)
            or mannerly(said, "no", "nod", "bye")
        )

    def _follow_up(self, said: str, previous: Previous | None) -> Intent | None:
        if previous is None or previous.feature is None or previous.command is None:
            return None
        book = self._follow_ups.get((previous.feature, previous.command))
        found = book.match(said) if book else None
        return Intent(*found[0], said.strip(), found[1]) if found else None

    @staticmethod
    def _intent(found: grammar.Match[Feature] | None) -> Intent | None:
        return Intent(found.owner, found.command, found.text, found.args) if found else None


def _alike(one: Understood, other: Understood | None) -> bool:
    """Tell whether both mean the same thing, be it of another place or person."""
    return one.is_of(other) if isinstance(one, Intent) else type(one) is type(other) and not isinstance(one, Manners)


def _starts_with_any(found: Understood) -> bool:
    """Tell whether a phrase was used whose first word may be any: a courtesy may be in it that nobody wants."""
    if not isinstance(found, Intent) or not found.args:
        return False
    first = next(iter(found.args.values())).split()
    return found.text.split()[: len(first)] == first
