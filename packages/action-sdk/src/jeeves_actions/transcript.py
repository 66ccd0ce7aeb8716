"""Conversations as text: what is said, and the words that come back. The first lines of each file may tell its form.

> dice hello            said
< You said … hello      answered: these words, in this order, whatever stands between them
* Say it again          pressed: what begins so on the answer before
~                       nothing of this action answers
# a remark
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from jeeves_actions.testing import Caller

__all__ = ["Turn", "fits", "hold", "turns"]

BETWEEN = "…"


@dataclass
class Turn:
    """`pressed` tells whether `words` are a button's; `answers` are words in their order; `silent` when none answers."""

    line: int
    words: str
    pressed: bool
    answers: list[list[str]] = field(default_factory=list)
    silent: bool = False


def turns(text: str) -> Iterator[Turn]:
    """Read a transcript. Raises ValueError that names a line that cannot be read, or that expects nothing."""
    turn: Turn | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        mark, _, words = line.partition(" ")
        if not line.strip() or mark == "#":
            continue
        if mark in (">", "*"):
            if turn:
                yield _whole(turn)
            turn = Turn(number, words, pressed=mark == "*")
        elif mark == "<" and turn:
            turn.answers.append([part.strip() for part in words.split(BETWEEN)])
        elif line.strip() == "~" and turn:
            turn.silent = True
        else:
            raise ValueError(f"line {number} cannot be read: {line}")
    if turn:
        yield _whole(turn)


def _whole(turn: Turn) -> Turn:
    if turn.silent == bool(turn.answers):
        raise ValueError(f"line {turn.line} has to be answered, or not")
    return turn


def fits(words: list[str], text: str) -> bool:
    """Tell whether all `words` are in a text, in this order, whatever their case and the blanks between them."""
    at, text = 0, " ".join(text.split()).casefold()
    for part in (" ".join(part.split()).casefold() for part in words):
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


async def hold(caller: Caller, text: str) -> None:
    """Hold a transcript's conversation. Raises AssertionError with the line and what was answered instead."""
    for turn in turns(text):
        try:
            answer = await (caller.press(turn.words) if turn.pressed else caller.say(turn.words))
        except LookupError as error:
            if not turn.silent:
                raise AssertionError(f"line {turn.line}: {error}") from None
            continue
        if turn.silent:
            raise AssertionError(f"line {turn.line}: {turn.words!r} was answered:\n{answer}")
        for words in turn.answers:
            if not fits(words, answer):
                raise AssertionError(f"line {turn.line}: {turn.words!r} lacks {f' {BETWEEN} '.join(words)!r}:\n{answer}")
