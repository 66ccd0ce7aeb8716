"""Where somebody is named in what others keep: found, and replaced by words that name nobody."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import JsonValue

NOBODY = "an erased person"


@dataclass(frozen=True)
class Names:
    """What somebody is named by, as whole words: ids and labels of their own, and `(workspace, user)`, which only together
    name them.
    """

    ids: frozenset[str]
    users: frozenset[tuple[str, str]]

    @property
    def words(self) -> list[str]:
        """What is worth looking for."""
        return sorted(self.ids | {user for _, user in self.users})

    def are_in(self, text: str, around: str = "") -> bool:
        """Say whether somebody is named in a text; `around` is what stands beside it, where the workspace may be."""
        if any(_has(text, one) for one in self.ids):
            return True
        return any(_has(text, user) and (_has(text, place) or _has(around, place)) for place, user in self.users)

    def taken_out(self, value: JsonValue, around: str) -> JsonValue:
        """Return a structure without the names: a text that has one is replaced as a whole."""
        if isinstance(value, str):
            return NOBODY if self.are_in(value, around) else value
        if isinstance(value, list):
            return [self.taken_out(one, around) for one in value]
        if isinstance(value, dict):
            return {str(self.taken_out(name, around)): self.taken_out(one, around) for name, one in value.items()}
        return value


def names(ids: Iterable[str], users: Iterable[tuple[str, str]]) -> Names:
    """Return what somebody is named by."""
    pairs = frozenset(users)
    return Names(frozenset(ids), pairs)


def _has(text: str, word: str) -> bool:
    return word in text and re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", text) is not None
