"""Do what a document says, block by block: type its commands, write its files, hold its conversations."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from jeeves_actions.transcript import Turn, fits, turns
from support.beginner import Beginner
from support.talker import wait

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: The first line of a block that is a file: a comment with its path.
NAMED = re.compile(r"^(?:#|//) ([\w./-]+\.\w+)\b")


def blocks(document: Path) -> Iterator[tuple[str, str]]:
    """Yield each block's language and text."""
    yield from FENCED.findall(document.read_text(encoding="utf-8"))


class Follower:
    """Follows documents. Each of their commands that goes on goes on until the end."""

    def __init__(self, beginner: Beginner) -> None:
        self._beginner, self._going_on = beginner, ExitStack()
        self._changed = False

    def follow(self, document: Path) -> int:
        """Do all of it; return how many blocks there were. Raises AssertionError with what went wrong."""
        done = 0
        with self._going_on:
            for language, text in blocks(document):
                self._do(language, text)
                done += 1
        return done

    def _do(self, language: str, text: str) -> None:
        if language == "sh":
            for line in text.splitlines():
                self._type(line)
        elif language == "conversation":
            for turn in turns(text):
                self._say(turn)
        elif named := NAMED.match(text):
            (self._beginner.root / named[1]).write_text(text, encoding="utf-8")
            self._changed = True
        else:
            raise AssertionError(f"nobody does anything with this block:\n{text}")

    def _type(self, command: str) -> None:
        if command == "make run":
            self._going_on.enter_context(self._beginner.jeeves())
        elif re.search(r"\b(make|jeeves) action ", command):
            self._going_on.enter_context(self._beginner.running(command, lambda words: "answers now" in words))
        else:
            done = self._beginner.types(command)
            assert done.returncode == 0, f"{command}\n{done.stdout}"

    def _say(self, turn: Turn) -> None:
        """After a change the first thing is said until the action that was started anew answers."""
        answers: list[str] = []

        def is_right() -> bool:
            answers.append(self._beginner.presses(turn.words) if turn.pressed else self._beginner.says(turn.words))
            return all(fits(words, answers[-1]) for words in turn.answers)

        if self._changed:
            wait(is_right)
            self._changed = False
        else:
            assert is_right(), f"{turn.words}: {answers[-1]}"
