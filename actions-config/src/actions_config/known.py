"""What is known of the person who asks, and of where they ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from actions_config import names
from jeeves_contracts.actions import ActionRequest
from jeeves_contracts.knowledge import KnownFact, Past, Scope

SCOPES: tuple[Scope, ...] = ("person", "channel", "workspace")
MOST = 100  # facts of one scope, which is what users-service keeps
EMPTY: tuple[JsonValue, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Known:
    """A fact. `since` is None where nobody said; `derived`: it was taken from the location."""

    name: str
    value: JsonValue
    scope: Scope = "person"
    source: str = "said"
    since: datetime | None = None
    derived: bool = False
    past: tuple[Past, ...] = ()

    @property
    def is_note(self) -> bool:
        """It is a sentence that was given a name, rather than a value."""
        return isinstance(self.value, str) and names.of_note(self.value) == self.name


class Knowledge:
    """Facts by scope and name; those that are empty, or of a known kind and no words, count for nothing."""

    def __init__(self, facts: Iterator[Known]) -> None:
        self._facts = {
            (fact.scope, fact.name): fact
            for fact in facts
            if fact.value not in EMPTY and (fact.name not in names.KINDS or isinstance(fact.value, str))
        }

    @classmethod
    def of(cls, request: ActionRequest) -> "Knowledge":
        """Read a request's book; where it has none, the facts that count, which do not tell whose they are."""
        if request.book is None:
            return cls(Known(name, value) for name, value in request.facts.items())
        return cls(map(_known, request.book.facts))

    def get(self, name: str, scope: Scope = "person") -> Known | None:
        """Return the fact of this name in a scope."""
        return self._facts.get((scope, name))

    def find(self, name: str) -> Known | None:
        """Return the fact of this name that counts most: the person's own, the channel's, the workspace's."""
        return next((fact for scope in SCOPES if (fact := self.get(name, scope))), None)

    def all(self, *scopes: Scope) -> list[Known]:
        """Return the facts of scopes: the known kinds first, then by name."""
        kinds = {name: number for number, name in enumerate(names.KINDS)}
        mine = [fact for fact in self._facts.values() if fact.scope in scopes]
        return sorted(mine, key=lambda fact: (SCOPES.index(fact.scope), kinds.get(fact.name, len(kinds)), fact.name))

    def is_full(self, scope: Scope) -> bool:
        """Tell whether a scope has no room for another fact."""
        return len(self.all(scope)) >= MOST


def _known(fact: KnownFact) -> Known:
    return Known(
        name=fact.name,
        value=fact.value,
        scope=fact.scope,
        source=fact.source,
        since=fact.since,
        derived=fact.name == names.TIMEZONE and fact.with_fact == names.LOCATION,
        past=tuple(fact.history),
    )
