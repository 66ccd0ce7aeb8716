"""Whose a fact is, which one counts, and what may be one."""

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from pydantic import JsonValue
from pydantic_core import to_json

from jeeves_contracts.base import Json
from jeeves_contracts.knowledge import Scope
from jeeves_contracts.people import Conversation

MAX_NAME = 64  # characters
MAX_VALUE = 2000  # characters of JSON
MAX_FACTS = 100  # of one owner
MAX_BYTES = 64 * 1024  # of one owner's facts as JSON, names included
MAX_PAST = 5  # values that a fact had before, kept and told
TIMEZONE, LANGUAGE = "timezone", "language"
DERIVED = {TIMEZONE: "location"}  # told in one message, the first follows from the second
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}")
HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they turn round what is read after them


@dataclass(frozen=True)
class Owner:
    """Whose facts they are: `subject` is a person's id, `<installation>:<channel>`, or an installation's id."""

    scope: Scope
    subject: str


def owner(scope: Scope, person_id: str, conversation: Conversation) -> Owner:
    """Return whose the facts of a scope are for somebody who speaks there."""
    if scope == "person":
        return Owner(scope, person_id)
    where = conversation.installation_id
    return Owner(scope, f"{where}:{conversation.channel_id}" if scope == "channel" else where)


def owners(person_id: str, conversation: Conversation) -> list[Owner]:
    """Return all owners whose facts count for somebody who speaks there, the one that counts most last."""
    scopes: tuple[Scope, ...] = ("workspace", "person") if conversation.is_direct else ("workspace", "channel", "person")
    return [owner(scope, person_id, conversation) for scope in scopes]


def effective(known: Mapping[Owner, Json], which: Iterable[Owner]) -> Json:
    """Return the facts that count by name: the person's own before the channel's before the workspace's."""
    return {name: value for one in which for name, value in known.get(one, {}).items()}


def called(name: str) -> str:
    """Return a fact's name as it is kept: without case, with single blanks."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def plain(text: str) -> str:
    """Return a text without what nobody sees: control characters but line ends, surrogates, marks that turn text round."""
    return HIDDEN.sub("", "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")))


def cleaned(value: JsonValue) -> JsonValue:
    """Return a value with plain texts and names."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {plain(name): cleaned(one) for name, one in value.items()}
    return value


def is_plain(value: JsonValue) -> bool:
    """Say whether JSON can hold a value: not what is no number."""
    if isinstance(value, list):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, value.values()))
    return not isinstance(value, float) or math.isfinite(value)


def overflow(facts: Mapping[str, JsonValue]) -> str | None:
    """Return `too_many` or `too_much` where that is more than an owner may have, else None."""
    if len(facts) > MAX_FACTS:
        return "too_many"
    size = sum(len(name.encode()) + len(to_json(value)) for name, value in facts.items())
    return "too_much" if size > MAX_BYTES else None


def same(one: JsonValue, other: JsonValue) -> bool:
    """Say whether two values are one: as JSON, where true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone(value: object) -> str | None:
    """Return the name of an IANA time zone, None for anything else."""
    return value if isinstance(value, str) and value in _zones() else None


def locale(value: object) -> str | None:
    """Return what may be a language with its region, None for anything else."""
    return value if isinstance(value, str) and len(value) <= 40 and LOCALE.fullmatch(value) else None  # noqa: PLR2004
