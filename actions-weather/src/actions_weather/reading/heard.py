"""Words taken apart: what stands for a time, units or a courtesy goes, from both ends, and a place is left.

`tomorrow at 9 in Paris, Texas please` is Paris, Texas, tomorrow at 9. Only whole words go, and nothing in quotes. What may as
well begin a name (`Friday Harbor`, `Now Zad`) goes only where a preposition, a comma or the end follows. Nothing is said twice:
of two days, one is part of a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from actions_weather.reading import recurring, times, units
from actions_weather.reading.recurring import Recurring, recurring_of
from actions_weather.reading.times import time_of
from actions_weather.reading.units import System, said_units
from actions_weather.reading.vocabulary import leading, words_of
from actions_weather.reading.when import When
from jeeves_contracts.grammar import folded
from jeeves_geocoding import Asked, parse
from jeeves_geocoding.decoration import EMOJI, FLAG, plain

MOST = 400  # characters of what is taken apart; no place is that long
LONGEST = 10  # words of a time
MARKS = " \t?!.,;:\u3002\uff1f\uff01\u061f\u2026"
PREPOSITIONS = {"in", "for", "at", "near", "of", "around", "from", "to"}
COURTESIES = {
    "please", "pls", "plz", "thanks", "thank you", "thx", "cheers", "again", "too", "as well", "instead", "then", "exactly",
}  # fmt: skip
#: Left over from a question: `what's the weather going to be like in Paris`.
FILLERS = {
    "like", "be like", "looking", "look like", "looking like", "going to be", "going to be like", "gonna be", "gonna be like",
    "supposed to be", "supposed to be like", "doing", "outside", "out", "there", "over there", "expected", "report", "forecast",
    "be", "the", "is", "is like", "is going to be", "is going to be like", "will be", "will be like", "looks", "looks like",
    "if", "is it", "send me", "send me the", "send us the", "give me the", "tell me the", "show me the", "remind me of the",
}  # fmt: skip
#: Where they live, or are: what is stored of that is meant, whatever place was spoken of before.
HERE = {
    "here", "right here", "over here", "around here", "near here", "home", "at home", "my home", "at my place", "my place",
    "where i live", "where i am", "where i'm at", "me", "near me", "around me", "my location", "my city", "my town", "my area",
    "our place", "where we are", "where we live",
}  # fmt: skip
#: Of these, what may stand behind a place: `what's the weather in Paris like tomorrow`.
BEHIND = {filler for filler in FILLERS if filler.endswith("like")} | {"looking", "doing", "outside", "over there"}
VOCABULARY = times.VOCABULARY | words_of(
    [*(pattern.pattern for pattern in recurring.PATTERNS), units.SAID.pattern, *COURTESIES, *FILLERS]
)


@dataclass(frozen=True)
class Said:
    """What words say: a place, and when, in which units, how often. `other` may be meant when nobody knows the place.

    `here`: the place is where they live.
    """

    place: Asked | None = None
    when: When = field(default_factory=When)
    units: System | None = None
    recurring: Recurring | None = None
    other: "Said | None" = None
    here: bool = False


@dataclass(frozen=True)
class _Piece:
    """What a few words mean. Those that are not `sure` may as well begin a name."""

    when: When = field(default_factory=When)
    units: System | None = None
    recurring: Recurring | None = None
    sure: bool = True


def hear(text: str, *, phrased: bool = False) -> Said:
    """Take words apart. `phrased`: they followed the beginning of a question, so that `like` alone is no place."""
    words, said = plain(text).split(), Said()
    if sum(map(len, words)) > MOST:
        return Said(place=parse(text))
    words, said = _from_the_end(words, said, phrased=phrased)
    spot = parse(" ".join(words))
    if spot and spot.spot:
        return replace(said, place=spot)
    left, first = _from_the_start(words, said, phrased=phrased, boldly=False)
    left, first = _from_the_end(left, first, phrased=phrased)
    first = replace(first, place=parse(" ".join(left)))
    if _rest(left) in HERE:
        return replace(first, place=None, here=True)
    bold, second = _from_the_start(words, said, phrased=phrased, boldly=True)
    if bold != left:
        return replace(first, other=replace(second, place=parse(" ".join(bold))))
    return replace(first, other=replace(said, place=spot)) if first.place and left != words else first


def _rest(words: Sequence[str]) -> str:
    """Return what is left as it is compared, without a preposition before it."""
    text = folded(" ".join(words)).strip(MARKS)
    before, _, after = text.partition(" ")
    return after if before in PREPOSITIONS and after in HERE else text


def _from_the_end(words: Sequence[str], said: Said, *, phrased: bool) -> tuple[list[str], Said]:
    left = list(words)
    while found := _last(left, said, phrased=phrased):
        left, said = found
    return left, said


def _last(words: list[str], said: Said, *, phrased: bool) -> tuple[list[str], Said] | None:
    count = leading(map(folded, reversed(words)), VOCABULARY, LONGEST)
    for start in range(len(words) - count, len(words)):
        piece = _piece(
            words[start:], fillers=phrased and (start == 0 or folded(" ".join(words[start:])).strip(MARKS) in BEHIND)
        )
        if piece and (more := _with(said, piece)):
            return words[:start], more
    return None


def _from_the_start(words: Sequence[str], said: Said, *, phrased: bool, boldly: bool) -> tuple[list[str], Said]:
    left = list(words)
    while found := _first(left, said, phrased=phrased, boldly=boldly):
        left, said = found
    return left, said


def _first(words: list[str], said: Said, *, phrased: bool, boldly: bool) -> tuple[list[str], Said] | None:
    for end in range(leading(map(folded, words), VOCABULARY, LONGEST), 0, -1):
        piece = _piece(words[:end], fillers=phrased or end < len(words))
        if piece is None or not (piece.sure or boldly or _ends(words, end)):
            continue
        if more := _with(said, piece):
            return words[end:], more
    return None


def _ends(words: Sequence[str], end: int) -> bool:
    """Tell whether what follows cannot belong to the same name."""
    if end == len(words) or words[end - 1].endswith((",", ":")):
        return True
    if folded(words[end]) in PREPOSITIONS:
        return True
    longest = end + leading(map(folded, words[end:]), VOCABULARY, LONGEST)
    return any((piece := _piece(words[end:last], fillers=False)) and piece.sure for last in range(end + 1, longest + 1))


def _piece(words: Sequence[str], *, fillers: bool) -> _Piece | None:
    decorated = folded(" ".join(words))
    text = decorated.strip(MARKS)
    if text in COURTESIES or (EMOJI.fullmatch(decorated) and not FLAG.search(decorated)):
        return _Piece()
    if fillers and text in FILLERS:
        return _Piece(sure=False)
    if units := said_units(text):
        return _Piece(units=units)
    if recurring := recurring_of(text):
        return _Piece(recurring=recurring)
    heard = time_of(text)
    return _Piece(when=heard.when, sure=heard.sure) if heard else None


def _with(said: Said, piece: _Piece) -> Said | None:
    """Return what is said with one more piece; None where it says another thing than what was said already."""
    when = said.when.plus(piece.when)
    if when is None or (said.units and piece.units) or (said.recurring and piece.recurring):
        return None
    return replace(said, when=when, units=said.units or piece.units, recurring=said.recurring or piece.recurring)
