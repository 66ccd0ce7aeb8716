"""The grammar of a place: `in London, UK please` names London, and says which.

Only whole words are dropped, a preposition before and a time or courtesy around the name, so that no name loses a letter; in
quotes nothing is dropped at all. A comma parts the name from what tells it from its namesakes.
"""

import re
from dataclasses import dataclass

from actions_weather import times
from actions_weather.times import bare, without_times
from jeeves_contracts.grammar import unquoted

LONGEST = 100  # characters of a place that anybody would type
MOST = 4 * LONGEST  # characters of a text that the grammar is put to work on
MOST_WORDS = 2  # of a country or region that follows without a comma
HERE = {"here", "home", "at home", "me", "my location", "my place", "my city", "my town"}
COMMA = re.compile(r"[,\uff0c\u3001\u060c]")


@dataclass(frozen=True)
class Asked:
    """A place in a person's words: `name`, and the `qualifiers` (region, country) after it."""

    name: str
    qualifiers: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return ", ".join((self.name, *self.qualifiers))

    def readings(self) -> list["Asked"]:
        """Return what may be meant, likeliest first: as it stands, then its last words as region, country or both."""
        words = self.name.split()
        found = [self]
        for count in [] if self.qualifiers else range(1, min(MOST_WORDS, len(words) - 1) + 1):
            name, last = " ".join(words[:-count]), words[-count:]
            found += [Asked(name, (" ".join(last),))] + ([Asked(name, tuple(last))] if count > 1 else [])
        return found


def parse(text: str) -> Asked | None:
    """Read a place; None when the text names none, or names where the person is."""
    words = " ".join(text.split())
    if len(words) > MOST:
        return Asked(words)  # no name is that long: whoever asks hears so
    words, quoted = _unquoted(bare(words))
    if not quoted:
        words, quoted = _unquoted(bare(without_times(words)))
    if not quoted and words.casefold() in HERE:
        return None
    name, *qualifiers = [part for part in (_unquoted(part.strip())[0] for part in COMMA.split(words)) if part] or [""]
    return Asked(name, tuple(qualifiers)) if name else None


def is_later(text: str) -> bool:
    """Tell whether a text asks for another day than today."""
    words = " ".join(text.split())
    return len(words) <= MOST and times.is_later(words)


def _unquoted(words: str) -> tuple[str, bool]:
    within = unquoted(words)
    return within, within != words
