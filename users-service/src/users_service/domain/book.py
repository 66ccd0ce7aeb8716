"""All that is known of somebody, as they may read it: each fact with where it came from and what it was."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal

from pydantic import JsonValue
from pydantic_core import to_json

from jeeves_contracts.knowledge import KnownFact, Past
from users_service.domain.facts import DERIVED, MAX_BYTES, MAX_PAST, Owner
from users_service.domain.records import Noted

Source = Literal["said", "button", "schedule", "dashboard"]
DASHBOARD: Source = "dashboard"  # the source of what was told outside of chat, in place of a message
SOURCES: dict[str | None, Source] = {"interaction": "button", "schedule": "schedule"}


@dataclass(frozen=True)
class Known:
    """A fact for its person. `trigger` is how the message came that told it, None where it is gone."""

    owner: Owner
    name: str
    value: JsonValue
    source: str
    since: datetime
    trigger: str | None


def told(known: Sequence[Known], past: Sequence[tuple[Owner, Noted]]) -> list[KnownFact]:
    """Return facts with their history. `past` is of their owners, newest first; no owner's takes more than 64 KiB."""
    lines: dict[tuple[Owner, str], list[Noted]] = {}
    for of, noted in past:
        lines.setdefault((of, noted.name), []).append(noted)
    sources = {key: {noted.source for noted in found} for key, found in lines.items()}
    for fact in known:
        sources.setdefault((fact.owner, fact.name), set()).add(fact.source)
    spent: Counter[Owner] = Counter()
    return [
        KnownFact(
            name=fact.name,
            value=fact.value,
            scope=fact.owner.scope,
            source=DASHBOARD if fact.source == DASHBOARD else SOURCES.get(fact.trigger, "said"),
            since=fact.since,
            with_fact=_with(fact, sources),
            history=_history(lines.get((fact.owner, fact.name), []), fact.owner, spent),
        )
        for fact in known
    ]


def _with(fact: Known, sources: dict[tuple[Owner, str], set[str]]) -> str | None:
    """Return the fact that this one follows from: told by the message of one of its values, for a move may change no zone."""
    other = DERIVED.get(fact.name)
    if fact.source == DASHBOARD:
        return None
    return other if other and fact.source in sources.get((fact.owner, other), ()) else None


def _history(lines: Sequence[Noted], of: Owner, spent: "Counter[Owner]") -> list[Past]:
    """Return what the fact was until each change of it."""
    found = []
    for newer, older in pairwise(lines[: MAX_PAST + 1]):
        spent[of] += len(to_json(older.value))
        if spent[of] > MAX_BYTES:
            break
        found.append(Past(value=older.value, until=newer.at))
    return found
