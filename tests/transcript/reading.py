"""A transcript as data: who said what and where, and what is to be read then. The file's own first lines tell the form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

HEADING = re.compile("^(?=# --- )", re.MULTILINE)


@dataclass
class Turn:
    """`pressed` is a button's words instead of `said`. Each of `answers` is (words in order, to the person alone)."""

    line: int
    who: str
    where: str
    in_thread: bool
    said: str = ""
    pressed: str = ""
    answers: list[tuple[list[str], bool]] = field(default_factory=list)
    silent: bool = False


def conversations(text: str) -> list[list[Turn]]:
    """Read a transcript of several conversations, each below its heading."""
    begun = HEADING.split(text)
    lines = [sum(part.count("\n") for part in begun[:at]) for at in range(len(begun))]
    read = (list(turns(part, before)) for part, before in zip(begun, lines, strict=True))
    return [found for found in read if found]


def turns(text: str, before: int = 0) -> Iterator[Turn]:
    """Read a transcript. Raises ValueError with the number of a line that cannot be read, or that expects nothing."""
    place, turn = ("", "", False), None
    for number, line in enumerate(text.splitlines(), start=before + 1):
        mark, _, words = line.partition(" ")
        if not line or mark == "#":
            continue
        if mark in (">", "*"):
            if turn:
                yield _whole(turn)
            turn = Turn(number, *place, said=words if mark == ">" else "", pressed=words if mark == "*" else "")
        elif mark in ("<", "<<") and turn:
            turn.answers.append(([part.strip() for part in words.split("…")], mark == "<<"))
        elif mark == "~" and turn:
            turn.silent = True
        elif "," in line:
            who, where, *thread = (part.strip() for part in line.split(","))
            place = (who, where, bool(thread))
        else:
            raise ValueError(f"line {number} cannot be read: {line}")
    if turn:
        yield _whole(turn)


def _whole(turn: Turn) -> Turn:
    if turn.silent == bool(turn.answers) or not turn.who:
        raise ValueError(f"line {turn.line} has to be answered, or not")
    return turn
