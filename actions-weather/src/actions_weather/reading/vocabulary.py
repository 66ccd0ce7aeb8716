"""The words that may be part of anything but a place: what has another word in it need not be tried against any pattern."""

import re
from collections.abc import Iterable

_LETTERS = re.compile(r"[^\W\d_]+")


def words_of(patterns: Iterable[str]) -> frozenset[str]:
    """Return the words in the sources of patterns, also with an s. A few too many, such as names of groups, do no harm."""
    words = {word for pattern in patterns for word in _LETTERS.findall(pattern)}
    return frozenset(words | {f"{word}s" for word in words})


def leading(words: Iterable[str], vocabulary: frozenset[str], most: int) -> int:
    """Return how many of the first words, folded, have no letters but those of known words or emoji; at most so many."""
    count = 0
    for word in words:
        is_emoji = word.startswith(":") and word.endswith(":")
        if count == most or not (is_emoji or vocabulary.issuperset(_LETTERS.findall(word))):
            break
        count += 1
    return count
