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
        """Return the placeholders' words when all of `words` fit, else None. Costs at most parts × words × words steps."""
        ends = self._ends([folded(word) for word in words])
        if ends is None:
            return None
        starts = (0, *ends[:-1])
        return {
            name: " ".join(words[start:end])
            for (name, placeholder), start, end in zip(self.parts, starts, ends, strict=True)
            if placeholder
        }

    def _ends(self, words: Sequence[str]) -> tuple[int, ...] | None:
        """Return where each part ends, every placeholder as short as the rest allows."""
        hopeless: set[tuple[int, int]] = set()  # (part, word) from which nothing fits: looked at once each

        def fit(part: int, word: int) -> tuple[int, ...] | None:
            left = len(self.parts) - part
            if not left:
                return () if word == len(words) else None
            if len(words) - word < left or (part, word) in hopeless:
                return None
            name, placeholder = self.parts[part]
            last = len(words) - left + 1 if placeholder else word + 1
            for end in range(word + 1, last + 1):
                if not placeholder and words[word] != name:
                    break
                rest = fit(part + 1, end)
                if rest is not None:
                    return (end, *rest)
            hopeless.add((part, word))
            return None

        return fit(0, 0)
