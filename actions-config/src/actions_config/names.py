"""What facts are called: people's words as a name, the names that mean one of the known kinds, and names that are refused."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from jeeves_contracts.grammar import PLAIN

LONGEST = 64  # characters
LOOKED_AT = 500  # characters of a sentence in which its name is looked for
AMONG = "_'.- "  # beside letters, marks and numbers
LOCATION, TIMEZONE, UNITS, LANGUAGE, HOURS = KINDS = ("location", "timezone", "units", "language", "working hours")
PLURAL = frozenset({UNITS, HOURS})
#: What people call the facts that are checked.
SYNONYMS = {
    "location": LOCATION, "current location": LOCATION, "city": LOCATION, "town": LOCATION, "home": LOCATION, "place": LOCATION,
    "home city": LOCATION, "place of residence": LOCATION, "residence": LOCATION, "wohnort": LOCATION, "standort": LOCATION,
    "stadt": LOCATION, "ville": LOCATION, "where i live": LOCATION, "where i am": LOCATION,
    "timezone": TIMEZONE, "time zone": TIMEZONE, "time-zone": TIMEZONE, "tz": TIMEZONE, "zone": TIMEZONE,
    "zeitzone": TIMEZONE, "fuseau horaire": TIMEZONE, "local time zone": TIMEZONE,
    "units": UNITS, "unit": UNITS, "temperature units": UNITS, "temperature unit": UNITS, "measurement units": UNITS,
    "units of measurement": UNITS, "unit system": UNITS, "einheiten": UNITS, "weather units": UNITS, "preferred units": UNITS,
    "language": LANGUAGE, "lang": LANGUAGE, "sprache": LANGUAGE, "langue": LANGUAGE, "preferred language": LANGUAGE,
    "mother tongue": LANGUAGE, "native language": LANGUAGE, "locale": LANGUAGE,
    "working hours": HOURS, "work hours": HOURS, "office hours": HOURS, "hours": HOURS, "business hours": HOURS,
    "working time": HOURS, "working times": HOURS, "work times": HOURS, "work time": HOURS, "arbeitszeit": HOURS,
    "arbeitszeiten": HOURS, "workday": HOURS, "working day": HOURS, "horaires de travail": HOURS,
}  # fmt: skip
MENTION = re.compile("<[@#!][^<>]{0,200}>|@(?:here|channel|everyone)\\b")
#: What belongs in a password manager, as a name's word, and as its last one.
SECRETS = re.compile(
    r"\b(?:password|passwords|passwort|kennwort|passcode|passphrase|pwd|mot de passe|contrase\u00f1a|パスワード"
    r"|api keys?|access keys?|private keys?|secret keys?|credit card(?: number)?|card number|cvv|cvc|iban"
    r"|social security(?: number)?|ssn|pin (?:code|number)|pincode|access token|bearer token|recovery codes?|seed phrase)\b"
    r"|\b(?:pin|token|tokens|secret|secrets|credentials)$"
)
FILLERS = ("that", "i am", "i'm", "i have got", "i have", "i've got", "i've", "i like", "i love", "i", "we are", "we're", "we",
           "a", "an", "the", "my")  # fmt: skip

CLOSE = frozenset(
    {"wife", "husband", "partner", "spouse", "girlfriend", "boyfriend", "fiancé", "fiancée", "mother", "father", "mum", "mom",
     "dad", "parent", "son", "daughter", "child", "kid", "baby", "brother", "sister", "sibling", "uncle", "aunt", "cousin",
     "grandmother", "grandfather", "grandma", "grandpa", "friend", "best friend", "boss", "manager", "team", "company", "dog",
     "cat", "pet", "car", "house", "flat", "neighbour", "neighbor", "doctor", "dentist", "landlord", "client", "customer"}
)  # fmt: skip


@dataclass(frozen=True)
class Refused:
    """Why a name is not one: it names another person, is a secret's, is too long, or says nothing."""

    why: Literal["other", "secret", "long", "none"]


def called(words: str) -> str:
    """Return words as a name: casefolded, with single blanks, of what may be in a name. Empty when nothing of it may."""
    name = words
    while (again := _folded(name)) != name:
        name = again
    return name


def read(words: str) -> str | Refused:
    """Return the name that is meant, that of its kind where it is one of the known ones."""
    if MENTION.search(words):
        return Refused("other")
    name = called(words)
    if not name:
        return Refused("none")
    if SECRETS.search(name):
        return Refused("secret")
    return Refused("long") if len(name) > LONGEST else SYNONYMS.get(name, name)


def of_note(text: str) -> str:
    """Return a name for a sentence that has none: its own words, without those that say little at its start."""
    name = called(MENTION.sub(" ", text[:LOOKED_AT]))
    while found := next((filler for filler in FILLERS if name.startswith(f"{filler} ")), None):
        name = called(name.removeprefix(found))
    if len(name) <= LONGEST:
        return name
    cut = name[: LONGEST + 1].rpartition(" ")[0] or name[:LONGEST]
    return called(cut)


def is_anothers(name: str) -> bool:
    """Tell whether a name says whose it is: `ben's birthday`; but `wife's birthday` is that of "your wife"."""
    owner, mark, _ = name.partition("'s ")
    return bool(mark) and owner not in CLOSE


def _folded(words: str) -> str:
    plain = unicodedata.normalize("NFC", words).translate(PLAIN).casefold()  # in this order, as users-service has it
    kept = "".join(c if c in AMONG or unicodedata.category(c)[0] in "LMN" else _gap(c) for c in plain)
    start = next((at for at, c in enumerate(kept) if unicodedata.category(c)[0] in "LN"), len(kept))
    return " ".join(word for part in kept[start:].split() if (word := part.strip(AMONG)))


def _gap(character: str) -> str:
    """What nobody sees leaves no gap behind."""
    return "" if unicodedata.category(character) in ("Cf", "Cc", "Cs") and not character.isspace() else " "
