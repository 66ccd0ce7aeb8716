"""The grammar of a place: `in London, UK please` names London, and says which.

Only whole words are dropped, a preposition before and a time or courtesy after the name, so that no name loses a letter; in
quotes nothing is dropped at all. A comma parts the name from what tells it from its namesakes.
"""

import re
from dataclasses import dataclass

LONGEST = 100  # characters of a place that anybody would type
MOST = 4 * LONGEST  # characters of a text that the grammar is put to work on
MOST_WORDS = 2  # of a country or region that follows without a comma
BEFORE = re.compile(r"(?:in|for|at|near|of|around|from)(?:\s+|$)", re.IGNORECASE)
AFTER = re.compile(
    r"(?:^|\s+)(?:right now|at the moment|just now|today|tonight|now|currently|please|pls|thanks)[\s,]*$", re.IGNORECASE
)
LATER = re.compile(
    r"(?:^|\s)(?:tomorrow|(?:this|next) week(?:end)?|(?:on |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)$", re.IGNORECASE
)
HERE = {"here", "home", "at home", "me", "my location", "my place", "my city", "my town"}
COMMA = re.compile(r"[,\uff0c\u3001\u060c]")
MARKS = " \t\r\n?!.,;:\u3002\uff1f\uff01\u061f"
QUOTES = {
    '"': '"',
    "'": "'",
    "\u201c": "\u201d",
    "\u201e": "\u201c",
    "\u2018": "\u2019",
    "\u00ab": "\u00bb",
    "\u300c": "\u300d",
}


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
    words, quoted = _unquoted(_bare(words))
    if not quoted:
        words, quoted = _unquoted(_bare(_without_extras(words)))
    if not quoted and words.casefold() in HERE:
        return None
    name, *qualifiers = [part for part in (_unquoted(part.strip())[0] for part in COMMA.split(words)) if part] or [""]
    return Asked(name, tuple(qualifiers)) if name else None


def _bare(words: str) -> str:
    """Strip the marks around; a dot that belongs to an abbreviation (`D.C.`) stays."""
    bare = words.strip(MARKS)
    last = bare.rpartition(" ")[2]
    return f"{bare}." if "." in last and words[words.find(bare) + len(bare) :].startswith(".") else bare


def _without_extras(words: str) -> str:
    while (shorter := _bare(AFTER.sub("", words))) != words:
        words = shorter
    return BEFORE.sub("", words, count=1) if BEFORE.match(words) else words


def _unquoted(words: str) -> tuple[str, bool]:
    quoted = len(words) > 1 and QUOTES.get(words[0]) == words[-1]
    return (words[1:-1].strip(), True) if quoted else (words, False)


def is_later(text: str) -> bool:
    """Tell whether a text asks for another day than today."""
    return bool(LATER.search(" ".join(text[-MOST:].split()).strip(MARKS)))
