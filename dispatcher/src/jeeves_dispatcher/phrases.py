"""Phrase templates: literal words and `{placeholders}`. No regular expression comes from outside.

A middle placeholder takes the fewest words that let the rest fit, a last one takes all that is left; each takes at least one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TRAILING = "?!.…"
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "—": "-", "–": "-"})


def folded(word: str) -> str:
    """Return a word as it is compared: without case, with plain quotes and dashes."""
    return word.translate(QUOTES).casefold()


@dataclass(frozen=True)
class Template:
    """A compiled phrase."""

    parts: tuple[tuple[str, bool], ...]  # a word and whether it is a placeholder

    @classmethod
    def of(cls, phrase: str) -> "Template":
        """Compile a phrase such as `will it rain in {place}`."""
        parts = []
        for word in phrase.split():
            is_placeholder = word.startswith("{") and word.endswith("}") and len(word) > 2  # noqa: PLR2004
            parts.append((word[1:-1], True) if is_placeholder else (folded(word), False))
        return cls(tuple(parts))

    @property
    def literals(self) -> int:
        """How many words it fixes: the more, the more it means what it says."""
        return sum(not placeholder for _, placeholder in self.parts)

    def match(self, words: Sequence[str]) -> dict[str, str] | None:
        """Return the placeholders' words when all of `words` fit, else None."""
        return _match(self.parts, words)


def _match(parts: Sequence[tuple[str, bool]], words: Sequence[str]) -> dict[str, str] | None:
    if len(words) < len(parts):
        return None
    # The fixed words at the start are compared one by one; what follows the first placeholder decides how much it takes.
    for at, (name, placeholder) in enumerate(parts):
        if placeholder:
            return _fill(name, parts[at + 1 :], words[at:])
        if folded(words[at]) != name:
            return None
    return {} if len(words) == len(parts) else None


def _fill(name: str, rest: Sequence[tuple[str, bool]], words: Sequence[str]) -> dict[str, str] | None:
    if not rest:
        return {name: " ".join(words)}
    fixed = [part for part, placeholder in rest if not placeholder]
    for taken in range(1, len(words) - len(rest) + 1):
        if fixed and not rest[0][1] and folded(words[taken]) != rest[0][0]:
            continue
        found = _match(rest, words[taken:])
        if found is not None:
            return {name: " ".join(words[:taken]), **found}
    return None
