"""The grammar of a place: `in London, UK please` names London, and says which.

Only whole words are dropped, a preposition before the name and a courtesy around it, so that no name loses a letter; in quotes
nothing is dropped at all. A comma parts the name from what tells it from its namesakes.
"""

import re
from dataclasses import dataclass, replace

from jeeves_contracts.grammar import unquoted
from jeeves_geocoding import coordinates, postcodes
from jeeves_geocoding.coordinates import Spot
from jeeves_geocoding.decoration import plain, undecorated
from jeeves_geocoding.names import fold
from jeeves_geocoding.regions import NICKNAMES

LONGEST = 200  # characters of a place that anybody would type
MOST = 400  # characters of a text that the grammar is put to work on
MOST_WORDS = 2  # of a country or region that follows without a comma
MARKS = " \t\r\n?!.,;:\u3002\uff1f\uff01\u061f\u2026"
HERE = {"here", "home", "at home", "me", "us", "my location", "my place", "my city", "my town", "where i am", "where i live"}
COMMA = re.compile(r"[,\uff0c\u3001\u060c]")
BEFORE = re.compile(r"(?:in|for|at|near|of|around|from)(?: |$)", re.IGNORECASE)
_COURTESY = "please|pls|plz|thanks|thank you|thx"
#: `- Paris`, `@ Paris`: not part of a name, unlike what follows without a blank.
MARKED = re.compile(r"[-\u2013\u2014@|\u2022>]+ +")
AFTER = re.compile(rf"(?:^|[ ,]){{1,2}}(?:{_COURTESY})$", re.IGNORECASE)
LEADING = re.compile(rf"(?:{_COURTESY})(?:[ ,:]+|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A place in a person's words: `name`, the `qualifiers` (region, country) after it, a `postcode` beside it, or a `spot`.

    Where a postcode is all that is said, it is the name.
    """

    name: str
    qualifiers: tuple[str, ...] = ()
    postcode: str = ""
    spot: Spot | None = None

    @property
    def words(self) -> str:
        """What was asked for, as it may be repeated."""
        return ", ".join((" ".join(filter(None, (self.postcode, self.name))), *self.qualifiers))

    @property
    def is_too_long(self) -> bool:
        """No place has so long a name: there is no use in looking for it."""
        return len(self.words) > LONGEST

    @property
    def is_postcode(self) -> bool:
        """The name is a postcode."""
        return not self.postcode and self.spot is None and postcodes.is_postcode(self.name)

    def readings(self) -> list["Asked"]:
        """Return what may be meant, likeliest first: as it stands, then its last words as region, country or both.

        A postcode has to fit first; then it may be that of another name there; at last it tells nothing.
        """
        found = self._split()
        if (known := NICKNAMES.get(fold(self.name))) and not self.qualifiers:
            name, *region = known
            found = [Asked(name, tuple(region)), *found]
        if not self.postcode:
            return found
        code = Asked(postcodes.bare(self.postcode), (self.name, *self.qualifiers))
        whole = Asked(f"{self.postcode} {self.name}", self.qualifiers)
        return [*found, code, *(replace(reading, postcode="") for reading in found), whole]

    def _split(self) -> list["Asked"]:
        words = self.name.split()
        found = [self]
        for count in [] if self.qualifiers else range(1, min(MOST_WORDS, len(words) - 1) + 1):
            name, last = " ".join(words[:-count]), words[-count:]
            found += [replace(self, name=name, qualifiers=(" ".join(last),))]
            found += [replace(self, name=name, qualifiers=tuple(last))] if count > 1 else []
        return found


def parse(text: str) -> Asked | None:
    """Read a place; None when the text names none, or names where the person is."""
    words = plain(text)
    if len(words) > MOST:
        return Asked(words)  # no name is that long: whoever asks hears so
    within, quoted = _unquoted(bare(words))
    words, country = (within, None) if quoted else undecorated(words)
    if not quoted:
        words, quoted = _unquoted(bare(_without_courtesies(words)))
    if spot := coordinates.read(words):
        return Asked(spot.label, spot=spot)
    if not quoted and words.casefold() in HERE:
        return None
    parts = [part for part in (_unquoted(part.strip())[0] for part in COMMA.split(words)) if part.strip(MARKS)]
    return _asked([*parts, country] if country and parts else parts)


def bare(words: str) -> str:
    """Strip the marks around; a dot that belongs to an abbreviation (`D.C.`) stays."""
    stripped = words.strip(MARKS)
    last = stripped.rpartition(" ")[2]
    return f"{stripped}." if "." in last and words[words.find(stripped) + len(stripped) :].startswith(".") else stripped


def _asked(parts: list[str]) -> Asked | None:
    postcode = next(filter(postcodes.is_postcode, parts), "")
    others = [part for part in parts if part != postcode]
    if not others:
        return Asked(postcode) if postcode else None
    name, *qualifiers = others
    if not postcode:
        name, postcode = postcodes.taken_off(name)
    return Asked(name, tuple(qualifiers), postcode)


def _without_courtesies(words: str) -> str:
    words = bare(MARKED.sub("", words, count=1) if MARKED.match(words) else words)
    while found := AFTER.search(words):
        words = bare(words[: found.start()])
    while found := LEADING.match(words):
        words = bare(words[found.end() :])
    return BEFORE.sub("", words, count=1) if BEFORE.match(words) else words


def _unquoted(words: str) -> tuple[str, bool]:
    within = unquoted(words)
    return within, within != words
