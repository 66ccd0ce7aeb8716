"""Values in people's own words: what of them is kept, how much, and how they are shown."""

import json
import re

from pydantic import JsonValue

from jeeves_contracts import grammar

LONGEST = 2_000  # characters of a value as JSON, which is what users-service keeps
SHOWN = 300  # characters of a value in a sentence
STOPS = ".\u3002"
MARKS = "?\uff1f, \t\n"
#: Controls but line ends, zero widths, marks that turn text round, lone surrogates. Joiners stay: scripts and emoji need them.
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
BREAK = re.compile("\r\n?|[\u2028\u2029\x85]")


def cleaned(text: str) -> str:
    """Return a text without what nobody sees; tabs are blanks, every kind of line end is one."""
    return text if text.isascii() and text.isprintable() else UNSEEN.sub("", BREAK.sub("\n", text).replace("\t", " "))


def meant(words: str) -> str:
    """Return a value as it was meant: what is in the quotes around it, else without the marks of the sentence that it ended."""
    value = cleaned(words).strip()
    within = grammar.unquoted(value)
    if within != value:
        return within
    value = value.rstrip(MARKS)
    if value.endswith(tuple(STOPS)) and "." not in value.split()[-1].rstrip(STOPS):  # not that of an abbreviation: D.C.
        value = value.rstrip(STOPS + MARKS)
    return value


def is_too_long(value: str) -> bool:
    """Tell whether a value is more than is kept."""
    return len(value) > LONGEST or len(json.dumps(value, ensure_ascii=False)) > LONGEST


def shown(value: JsonValue, limit: int = SHOWN) -> str:
    """Return a value of any kind as it is read by people: on one line, harmless where backticks mean something."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    plain = " ".join(cleaned(text[: 4 * limit]).replace("`", "'").split())
    return plain if len(plain) <= limit and len(text) <= 4 * limit else plain[: limit - 1].rstrip() + "…"
