"""A text as words, each as it is compared and where it stands, so that what is kept is cut out of it as it was typed."""

from dataclasses import dataclass
from functools import cached_property

from actions_config.values import cleaned
from jeeves_contracts import grammar

LINKS = frozenset({"is", "are", "=", "\uff1d", "equals"})
COLONS = (":", "\uff1a")
OPEN = LINKS | {"to", "as", "be", "called"}  # what follows is told, be it "please"
MOST = 5_000  # characters: a name and a value that fit are far from it
REPEATED = 4  # times that the same may be said at the start: a command's name, and a phrase that begins with it
COURTESIES = frozenset({"please", "pls", "plz"})


@dataclass(frozen=True)
class Said:
    """Words of a text. `part` and `after` return it as typed."""

    text: str

    @classmethod
    def of(cls, text: str) -> "Said":
        """Read a text: without what nobody sees, and without a "please" around it."""
        said = cls(cleaned(text).strip()[:MOST])
        said = said.after(said.starts(*COURTESIES))
        courteous = len(said) > 1 and said.plain[-1] in COURTESIES and said.plain[-2] not in OPEN
        return cls(said.part(0, len(said) - 1).rstrip(" ,;")) if courteous else said

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Where each word starts and ends."""
        return list(grammar.spans(self.text))

    @cached_property
    def raw(self) -> list[str]:
        """The words as typed."""
        return [self.text[start:end] for start, end in self.places]

    @cached_property
    def plain(self) -> list[str]:
        """The words as they are compared; a word that is only marks stays as it is."""
        return [grammar.bare(word).lstrip("\u00bf\u00a1") or word for word in self.raw]

    @cached_property
    def whole(self) -> str:
        """All of it as it is compared."""
        return " ".join(self.plain)

    def __len__(self) -> int:
        return len(self.places)

    def part(self, start: int, end: int) -> str:
        """Return the words from `start` to before `end`, as typed."""
        end = min(end, len(self))
        return self.text[self.places[start][0] : self.places[end - 1][1]] if start < end else ""

    def after(self, count: int) -> "Said":
        """Return what follows the first `count` words."""
        return Said(self.part(count, len(self)))

    def starts(self, *beginnings: str) -> int:
        """Return how many words the longest of `beginnings` has that this starts with, 0 for none."""
        lengths = (len(words) for beginning in beginnings if self.plain[: len(words := beginning.split())] == words)
        return max(lengths, default=0)

    def beyond(self, *beginnings: str) -> "Said":
        """Return what follows those of `beginnings` that it starts with, one after the other."""
        said = self
        for _ in range(REPEATED):
            said = said.after(said.starts(*beginnings))
        return said

    def ends(self, *endings: str) -> int:
        """Return how many words the longest of `endings` has that this ends with, 0 for none."""
        lengths = (len(words) for ending in endings if self.plain[-len(words := ending.split()) :] == words)
        return max(lengths, default=0)
