"""The ways to a server, each tried in turn; one line says which was taken."""

import sys
from collections.abc import Callable, Sequence

from jeeves.servers.processes import ServerError

#: A way returns the server's URL (the browser's path), or None where it is not open here.
Way = tuple[str, Callable[[], str | None]]


class NoMeansError(Exception):
    """No way led to a server; the words are the one line to run."""


def say(words: str) -> None:
    """Tell people what is done on their machine."""
    sys.stderr.write(f"make test: {words}\n")
    sys.stderr.flush()


def first(name: str, ways: Sequence[Way], remedy: str) -> str:
    """Take the first way that works. Raises NoMeansError with `remedy`, the line to run."""
    for words, way in ways:
        try:
            url = way()
        except ServerError as error:
            say(f"{name} {words}: {error}")
            continue
        if url:
            say(f"{name} {words}")
            return url
    raise NoMeansError(f"{name} is needed and cannot be had here. Run: {remedy}")
