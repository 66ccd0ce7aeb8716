"""From what was said to what is meant: pure, registry in, intent out (P1 to P5)."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from jeeves_contracts.actions import Command
from jeeves_contracts.registry import Feature, Registry
from jeeves_dispatcher.phrases import TRAILING, Template, folded

MAX_WORDS = 60  # of a message that may still be a phrase


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
        commands = [(feature, command) for feature in registry.features for command in feature.manifest.commands]
        self._names: dict[tuple[str, ...], tuple[Feature, Command]] = {}
        for feature, command in commands:
            for name in (command.name, *command.aliases):
                self._names[tuple(folded(part) for part in name.split("-"))] = (feature, command)
                self._names[(folded(name),)] = (feature, command)
        self._longest = max(map(len, self._names), default=0)
        templates = [(Template.of(phrase), *one) for one in commands for phrase in one[1].phrases]
        self._templates = sorted(templates, key=lambda entry: -entry[0].literals)

    def parse(self, text: str) -> Parsed:
        """Find the one command that is meant: by its name at the start, the longest first; else by a phrase."""
        words = list(_words(text))
        if not words:
            return Unknown("")
        heads = [_bare(word) for word, _ in words[: max(self._longest, 1)]]
        for length in range(min(self._longest, len(heads)), 0, -1):
            if found := self._names.get(tuple(heads[:length])):
                return Intent(*found, text[words[length - 1][1] :].strip())
        if heads[0] == "help":
            return Help()
        return self._phrase([word for word, _ in words], text.strip())

    def _phrase(self, words: list[str], text: str) -> Parsed:
        plain = [word for word in (*words[:-1], words[-1].rstrip(TRAILING)) if word]
        if plain and len(plain) <= MAX_WORDS:
            for template, feature, command in self._templates:
                args = template.match(plain)
                if args is not None:
                    return Intent(feature, command, text, args)
        return Unknown(text)


def _words(text: str) -> Iterator[tuple[str, int]]:
    """Split at any Unicode space; give each word with the place in the text where it ends."""
    start = None
    for at, character in enumerate(text):
        if character.isspace() or unicodedata.category(character) == "Zs":
            if start is not None:
                yield text[start:at], at
            start = None
        elif start is None:
            start = at
    if start is not None:
        yield text[start:], len(text)


def _bare(word: str) -> str:
    """Return a word as a command's name: punctuation that people put behind it is not part of it."""
    return folded(word).strip(TRAILING + ",:;\"'`*_")
