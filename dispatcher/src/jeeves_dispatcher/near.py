"""What may have been meant: names and phrases that are a slip of the keys away from what was said. Pure.

A slip is an edit (a letter too many, missing, wrong, or two swapped); a word may have one, from six letters on two. First
letters are seldom wrong, and short words are too much like each other but in a phrase, where the others tell what is meant.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from jeeves_contracts import grammar
from jeeves_contracts.actions import Command
from jeeves_contracts.grammar import Template, bare, compared, folded

WORDS = 20  # of a sentence in which a name or a phrase is looked for
INWARD = 6  # words after which a name in the middle of a sentence is none any more
LONGEST = 1_500  # characters of what a button may say
SLIPS = 3  # in a phrase
SHORT, LONG = 4, 6  # letters of a word in which one may be wrong, and two
FILLER = 1.5  # slips that each word more counts as, in a phrase that begins with any words
WIDER = 1.0  # a suggestion this much further off than the best one is no help
#: Words of their own right, however near they are to a name.
ORDINARY = frozenset(
    {"whether", "shop", "step", "steps", "top", "slop", "held", "hell", "helm", "heap", "undue", "unto", "resorts", "feathers",
     "fixtures", "futures", "creatures", "state", "states", "status", "start", "starts", "stars", "seats", "stays", "slats"}
)  # fmt: skip
OWN = ("help", "stop", "undo", "reports", "schedules", "features", "stats")


@dataclass(frozen=True, order=True)
class Guess:
    """`cost` is how far off it is; `text` what might have been said instead."""

    cost: float
    text: str


class Nearby:
    """Knows the names and phrases of some commands."""

    def __init__(self, commands: Iterable[Command]) -> None:
        every = list(commands)
        names = {folded(name).replace("-", " ") for command in every for name in (command.name, *command.aliases)}
        self._names: dict[int, list[str]] = {}
        for name in sorted(names):
            self._names.setdefault(len(name.split()), []).append(name)
        self._templates = [Template.of(phrase) for command in every for phrase in command.phrases]
        self._literals = sorted({word for template in self._templates for word in template.fixed})
        self._spelt = {
            compared(word): folded(word) for command in every for phrase in command.phrases for word in phrase.split()
        }

    def guesses(self, said: str) -> list[str]:
        """Return what might have been said, the likeliest first."""
        if len(said) > LONGEST:
            return []
        said = said.rstrip(grammar.TRAILING + " ")
        places = list(islice(grammar.spans(said), WORDS + 1))
        words = [said[start:end] for start, end in places]
        found = [*self._own(words), *self._named(said, places)]
        if len(words) <= WORDS:
            found += self._phrased(words)
        best = min(found, default=Guess(0, ""))
        alike: dict[tuple[str, ...], str] = {}
        for guess in sorted(found):
            if guess.cost <= best.cost + WIDER and guess.text != said:
                alike.setdefault(tuple(bare(word) for word in guess.text.split()), guess.text)
        return list(alike.values())

    def names(self, word: str) -> list[str]:
        """Return the names that a word may stand for."""
        wanted = bare(word)
        found = [one for names in self._names.values() for one in _slips(wanted, names, _as_name)]
        return [name for _, name in sorted(found)]

    def _own(self, words: Sequence[str]) -> Iterator[Guess]:
        """What is asked of Jeeves itself, in a word or two."""
        if 0 < len(words) <= 2:  # noqa: PLR2004
            for cost, name in _slips(bare(words[0]), OWN, _as_name):
                yield Guess(cost, " ".join([name, *words[1:]]))

    def _named(self, said: str, places: Sequence[tuple[int, int]]) -> Iterator[Guess]:
        """Names at the start, or soon after it, with all that follows. A blank within a name is a slip too."""
        words = [bare(said[start:end]) for start, end in places]
        last = INWARD if len(words) <= WORDS else 1
        for at in range(min(last, len(words))):
            for length, names in self._names.items():
                for taken, glue in ((length, " "), (length + 1, "")):
                    if at + taken > len(words):
                        continue
                    window = glue.join(words[at : at + taken])
                    known = names if glue else [name.replace(" ", "") for name in names]
                    for cost, name in _slips(window, known, _as_name):
                        spelt = name if glue else names[known.index(name)]
                        rest = said[places[at + taken - 1][1] :].strip()
                        away = cost + (0 if glue else 1) + (1 + at / 10 + (not rest) if at else 0)
                        yield Guess(away, f"{spelt} {rest}".strip())

    def _phrased(self, words: Sequence[str]) -> Iterator[Guess]:
        near = [{name: cost for cost, name in _slips(compared(word), self._literals, _in_phrase)} for word in words]
        known = frozenset(literal for costs in near for literal in costs)
        for template in self._templates:
            if template.fixed and template.fixed <= known and (guess := _aligned(template, words, near, self._spelt)):
                yield guess


def _aligned(
    template: Template, words: Sequence[str], near: Sequence[dict[str, int]], spelt: Mapping[str, str]
) -> Guess | None:
    """Return all of the words as the phrase has them, at the fewest slips; each placeholder takes one word or more."""
    tried: dict[tuple[int, int], Guess | None] = {}

    def best(part: int, word: int) -> Guess | None:
        if part == len(template.parts):
            return Guess(0, "") if word == len(words) else None
        if (part, word) not in tried:
            tried[part, word] = min(options(part, word), default=None)
        return tried[part, word]

    def options(part: int, word: int) -> Iterator[Guess]:
        name, placeholder = template.parts[part]
        left = len(template.parts) - part
        for end in range(word + 1, (len(words) - left + 1 if placeholder else word + 1) + 1):
            if end > len(words) or not (placeholder or name in near[word]):
                return
            if rest := best(part + 1, end):
                own = placeholder or not near[word][name]
                cost = near[word][name] if not placeholder else 0 if part else FILLER * (end - word - 1)
                yield Guess(rest.cost + cost, f"{' '.join(words[word:end]) if own else spelt[name]} {rest.text}".strip())

    found = best(0, 0)
    return found if found and 0 < found.cost <= SLIPS and _sure(template, found) else None


def _sure(template: Template, guess: Guess) -> bool:
    """One of its fixed words is as it should be, or the only one is a long one."""
    return guess.cost < template.literals or (template.literals == 1 and len(min(template.fixed)) >= LONG)


def _slips(word: str, known: Sequence[str], allowed: Callable[[str, str], int]) -> list[tuple[int, str]]:
    """Return which known words this one may be, with the number of slips."""
    if word in ORDINARY:
        return []
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=2, limit=None)
    return [(int(cost), name) for name, cost, _ in found if cost <= allowed(word, name) and _begins(word, name)]


def _as_name(word: str, name: str) -> int:
    short = min(len(word), len(name))
    return 2 if short >= LONG else 1 if short >= SHORT else 0


def _in_phrase(word: str, name: str) -> int:
    return 2 if min(len(word), len(name)) >= LONG else 1 if len(name) >= SHORT - 1 else 0


def _begins(word: str, name: str) -> bool:
    return word[:1] in tuple(name[:2]) or name[:1] in tuple(word[:2])
