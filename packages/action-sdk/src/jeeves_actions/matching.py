"""Which command a text asks for, as a dispatcher decides it from a manifest: for tests of an action alone."""

import re
from collections.abc import Iterator

from jeeves_contracts.actions import Command, Manifest

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
TRAILING = "?!.\u2026 "
AROUND = TRAILING + ",:;\"'`*_"
Match = tuple[Command, str, dict[str, str]]


def match(manifest: Manifest, said: str) -> Match | None:
    """Return command, text and args: commands and their aliases as whole words first, then phrases; None when nothing fits."""
    first, *rest = said.strip().split(maxsplit=1) or [""]
    name = first.casefold().strip(AROUND)
    named = [command for command in manifest.commands if name in (command.name, *command.aliases)]
    if named:
        return named[0], "".join(rest), {}
    whole = " ".join(said.replace("\u2019", "'").split()).rstrip(TRAILING)
    for command, phrase in phrases(manifest):
        if found := template(phrase).fullmatch(whole):
            return command, said.strip(), found.groupdict()
    return None


def phrases(manifest: Manifest) -> Iterator[tuple[Command, str]]:
    """Yield each phrase with its command, most literal words first."""
    every = [(command, phrase) for command in manifest.commands for phrase in command.phrases]
    yield from sorted(every, key=lambda pair: -sum(not PLACEHOLDER.fullmatch(word) for word in pair[1].split()))


def template(phrase: str) -> re.Pattern[str]:
    """Return the pattern of a phrase: literal words in any case, a placeholder in the middle short, one at the end greedy."""
    words = phrase.split()
    parts = []
    for place, word in enumerate(words):
        hole = PLACEHOLDER.fullmatch(word)
        size = ".+" if place == len(words) - 1 else ".+?"
        parts.append(f"(?P<{hole[1]}>{size})" if hole else re.escape(word))
    return re.compile(r"\s+".join(parts), re.IGNORECASE | re.DOTALL)
