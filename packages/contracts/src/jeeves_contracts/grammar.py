"""What people may say to commands (P1 to P5): pure functions over manifests, for whoever has to tell which command is meant.

A command is known by its name or an alias at the start of the text, as whole words, the longest name first; else by a phrase
that fits all of the text, the one with most literal words first. A middle placeholder takes the fewest words that let the rest
fit, a last one takes all that is left; each takes at least one. No regular expression comes from outside.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Generic, TypeVar

from jeeves_contracts.actions import Command

MAX_WORDS = 60  # of a text that may still be a phrase
TRAILING = "?!.\u2026\uff1f\uff01\u3002"
PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2014": "-", "\u2013": "-"})
#: Quotes, and the marks of code and emphasis, go in pairs of one kind; keyboards turn quotes, so either of a kind may open.
QUOTES = (
    '"\u201c\u201d\u201e\u201f',
    "\u00ab\u00bb",
    "'\u2018\u2019\u201a",
    "\u2039\u203a",
    "\u300c\u300d",
    "`",
    "*",
    "_",
    "~",
)
FENCE = "```"
#: Names of what Jeeves does itself: no command may take them.
RESERVED = frozenset(
    {"help", "undo", "stop", "report", "reports", "schedules", "not-what-i-meant", "hi", "hello", "hey", "thanks",
     "features", "stats", "whoami", "export", "erase", "link"}
)  # fmt: skip
Owner = TypeVar("Owner")


@dataclass(frozen=True)
class Match(Generic[Owner]):
    """A command that is meant, and whose. `text` is what followed its name as typed, or all of it where a phrase was used."""

    owner: Owner
    command: Command
    text: str
    args: dict[str, str] = field(default_factory=dict)


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
            parts.append((word[1:-1], True) if is_placeholder else (compared(word), False))
        return cls(tuple(parts))

    @property
    def literals(self) -> int:
        """How many words it fixes: the more, the more it means what it says."""
        return sum(not placeholder for _, placeholder in self.parts)

    @cached_property
    def fixed(self) -> frozenset[str]:
        """The words that it fixes: what lacks one of them does not fit."""
        return frozenset(name for name, placeholder in self.parts if not placeholder)

    @property
    def placeholders(self) -> list[str]:
        """The names that it fills, in their order."""
        return [name for name, placeholder in self.parts if placeholder]

    def match(self, words: Sequence[str]) -> dict[str, str] | None:
        """Return the placeholders' words when all of `words` fit, else None. Costs at most parts × words × words steps."""
        ends = self._ends([compared(word) for word in words])
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


class Phrasebook(Generic[Owner]):
    """Phrases, each with whose it is: the one with most literal words is tried first."""

    def __init__(self, phrases: Iterable[tuple[str, Owner]]) -> None:
        templates = [(Template.of(phrase), owner) for phrase, owner in phrases]
        self._templates = sorted(templates, key=lambda entry: -entry[0].literals)

    def match(self, text: str) -> tuple[Owner, dict[str, str]] | None:
        """Return whose phrase all of the text is, and what fills its placeholders."""
        words = _few(text)
        told = {compared(word) for word in words}
        for template, owner in self._templates:
            if words and template.fixed <= told and (args := template.match(words)) is not None:
                return owner, args
        return None


class Grammar(Generic[Owner]):
    """What may be said to some commands, each with whose it is."""

    def __init__(self, commands: Iterable[tuple[Owner, Command]]) -> None:
        every = list(commands)
        self._names: dict[tuple[str, ...], tuple[Owner, Command]] = {}
        for owner, command in every:
            for name in (command.name, *command.aliases):
                self._names[tuple(folded(part) for part in name.split("-"))] = (owner, command)
                self._names[(folded(name),)] = (owner, command)
        self._longest = max(map(len, self._names), default=0)
        self._phrases = Phrasebook((phrase, one) for one in every for phrase in one[1].phrases)

    def match(self, text: str) -> Match[Owner] | None:
        """Return the one command that is meant: by its name, else by a phrase."""
        return self.by_name(text) or self.by_phrase(text)

    def by_name(self, text: str) -> Match[Owner] | None:
        """Return the command whose name begins the text."""
        words = list(islice(spans(text), self._longest))
        heads = [bare(text[start:end]) for start, end in words]
        for length in range(len(heads), 0, -1):
            if found := self._names.get(tuple(heads[:length])):
                return Match(*found, text[words[length - 1][1] :].strip())
        return None

    def by_phrase(self, text: str) -> Match[Owner] | None:
        """Return the command one of whose phrases is the text."""
        found = self._phrases.match(text)
        return Match(*found[0], text.strip(), found[1]) if found else None


def is_phrase(command: Command, text: str) -> bool:
    """Tell whether `text` is nothing but a phrase of the command that has no placeholders: it names no argument."""
    words = _few(text)
    return bool(words) and any(Template.of(phrase).match(words) == {} for phrase in command.phrases)


def _few(text: str) -> list[str]:
    """Return the words of a text that may be a phrase; none of a longer one, which costs no more than its first words."""
    return spoken(text) if len(list(islice(spans(text), MAX_WORDS + 1))) <= MAX_WORDS else []


def unquoted(text: str) -> str:
    """Take away one pair of quotes around all of a text, and the marks and spaces outside of it; else return it as it is."""
    within = text.strip().rstrip(TRAILING + " ")
    if within.startswith(FENCE) and within.endswith(FENCE) and len(within) > 2 * len(FENCE):
        return within.removeprefix(FENCE).removesuffix(FENCE).strip()
    return within[1:-1].strip() if _pair(within) else text


def _pair(text: str) -> bool:
    kind = next((kind for kind in QUOTES if text[:1] and text[0] in kind), "")
    if len(text) < 2 or text[-1] not in kind:  # noqa: PLR2004
        return False
    apostrophe = "'" in kind  # which a letter follows: what's, 's-Hertogenbosch
    following = (text[at + 2] for at, character in enumerate(text[1:-1]) if character in kind)
    return all(apostrophe and letter.isalnum() for letter in following)


def folded(word: str) -> str:
    """Return a word as it is compared: without case, with plain quotes and dashes."""
    return word.translate(PLAIN).casefold()


def compared(word: str) -> str:
    """Return a word as a phrase's words are compared: folded, and without apostrophes, which phones leave out (`whats`)."""
    return folded(word).replace("'", "")


def bare(word: str) -> str:
    """Return a word as a command's name: punctuation that people put behind it is not part of it."""
    return folded(word).strip(TRAILING + ",:;\"'`*_~")


def spoken(text: str) -> list[str]:
    """Return the words of a text, without the marks at its end."""
    words = [text[start:end] for start, end in spans(text)]
    return [word for word in (*words[:-1], words[-1].rstrip(TRAILING)) if word] if words else []


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Split at any Unicode space: where each word starts and ends."""
    start = None
    for at, character in enumerate(text):
        if character.isspace() or unicodedata.category(character) == "Zs":
            if start is not None:
                yield start, at
            start = None
        elif start is None:
            start = at
    if start is not None:
        yield start, len(text)
