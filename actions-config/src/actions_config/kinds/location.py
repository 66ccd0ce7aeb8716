"""Locations: a place that exists, kept under a name that no other place has."""

import re

from actions_config.kinds.places import Away, Places
from actions_config.kinds.verdict import Good, Verdict, Wrong
from actions_config.values import cleaned, shown
from jeeves_geocoding import Missed, parse

LATELY = re.compile(
    r"[ ,]+(?:now|nowadays|these days|at the moment|currently|since \d{4}|today|yesterday|recently|last (?:week|month|year)"
    r"|(?:this|last) (?:spring|summer|autumn|fall|winter))[.! ]*$",
    re.IGNORECASE,
)
LONGEST = 400  # characters in which such words are looked for


async def read(words: str, places: Places, locale: str | None) -> Verdict:
    """Check a location. Kept as it was said while nobody can be asked."""
    said = cleaned(words)
    asked = parse(LATELY.sub("", said) if len(said) <= LONGEST else said)
    if asked is None:
        return Wrong("missing.location")
    if asked.is_too_long:
        return Wrong("long.location")
    try:
        found = await places.find(asked, locale)
    except Away:
        return Good(asked.words, remark="remark.unchecked")
    if isinstance(found, Missed):
        near = tuple(place.label for place in found.near)
        return Wrong("wrong.location.near" if near else "wrong.location", shown(asked.words, 100), near)
    others = tuple(place.label for place in found.others)
    return Good(found.best.label, remark="remark.others" if others else "", others=others, zone=found.best.timezone)
