"""Server-sent events: what happens in the workspace, as one person may see it, again from any point that is still kept.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from jeeves_sandbox.errors import Json

KEPT = 1000  # events that somebody who was away may still get
BEAT = 15.0  # seconds of silence after which a comment shows that the stream lives
HEARTBEAT = b": still here\n\n"
May = Callable[[str], bool]


@dataclass(frozen=True)
class Event:
    """`may` tells whether a person gets it."""

    number: int
    kind: str
    data: Json
    may: May


class Stream:
    """`run` marks the ids of this run: those of another one mean nothing here."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._number = 0
        self._news = asyncio.Event()
        self._over = False

    @property
    def last(self) -> str:
        """The id of the newest event."""
        return f"{self._run}-{self._number}"

    def tell(self, kind: str, data: Json, may: May = lambda _: True) -> None:
        """Tell everybody who may know."""
        self._number += 1
        self._kept.append(Event(self._number, kind, data, may))
        self._wake()

    def close(self) -> None:
        """End all streams."""
        self._over = True
        self._wake()

    async def follow(self, person: str, since: str) -> AsyncIterator[bytes]:
        """Yield what a person may know after the event `since`; a `reset` where that is not known any more."""
        seen = self._known(since)
        if seen is None:
            yield self._written(self._number, "reset", {})
            seen = self._number
        while not self._over:
            news = self._news
            if self._kept and self._kept[0].number > seen + 1:  # too slow: what came between is gone
                seen = self._number
                yield self._written(seen, "reset", {})
            for event in [event for event in self._kept if event.number > seen]:
                seen = event.number
                if event.may(person):
                    yield self._written(event.number, event.kind, event.data)
            if seen == self._number and not self._over:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), BEAT)
                    continue
                yield HEARTBEAT

    def _known(self, since: str) -> int | None:
        run, _, number = since.rpartition("-")
        if run != self._run or not (number.isascii() and number.isdigit()):
            return None
        oldest = self._kept[0].number - 1 if self._kept else self._number
        return int(number) if oldest <= int(number) <= self._number else None

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _written(self, number: int, kind: str, data: Json) -> bytes:
        return f"id: {self._run}-{number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()
