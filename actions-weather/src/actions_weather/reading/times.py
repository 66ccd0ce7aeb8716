"""A time that is all of a short text, of whatever kind."""

import re
from dataclasses import replace

from actions_weather.reading.clock import CLOCK
from actions_weather.reading.days import DAYS, part
from actions_weather.reading.vocabulary import words_of
from actions_weather.reading.when import PARTS, Heard, When

SHORTEST, LONGEST = 2, 60  # characters
_THROUGH = re.compile(" (?:to|until|till|through|-) ")
_PARTED = re.compile(f"(?P<days>.+?)(?: in the| at)? (?P<part>{'|'.join(PARTS)})")
_BETWEEN = ("from ", "between ", "both ", "for ", "on ")
#: All that times are made of, but numbers.
VOCABULARY = words_of([*(pattern.pattern for pattern, _ in (*DAYS, *CLOCK)), _THROUGH.pattern, *_BETWEEN, "and"])


def time_of(text: str) -> Heard | None:
    """Read a time that is all of a folded text (see jeeves_contracts.grammar.folded), with single blanks."""
    if not SHORTEST <= len(text) <= LONGEST:
        return None
    for pattern, read in (*DAYS, *CLOCK):
        if (found := pattern.fullmatch(text)) and (heard := read(found)):
            return heard
    if (found := _PARTED.fullmatch(text)) and (heard := time_of(found["days"])) and heard.when.is_days:
        return replace(heard, when=replace(heard.when, part=part(found["part"])))
    return _several(text)


def _several(text: str) -> Heard | None:
    """Read `Saturday and Sunday`, `from Monday to Friday`, `until Sunday`."""
    if text.startswith(("until ", "till ")):
        text = f"today to {text.partition(' ')[2]}"
    bare = next((text.removeprefix(word) for word in _BETWEEN if text.startswith(word)), text)
    through = _THROUGH.split(bare, maxsplit=1)
    parts = through if len(through) > 1 else bare.split(" and ", 1)
    whens = [heard.when for one in parts if len(parts) > 1 and (heard := time_of(one))]
    if len(whens) < len(parts) or any(when != When(days=when.days) or not when.days for when in whens):
        return None
    if len(through) > 1 and any(len(when.days) > 1 for when in whens):
        return None
    return Heard(When(days=tuple(day for when in whens for day in when.days), through=len(through) > 1))
