"""Load on a subject: as much as it takes, or as much as is offered, which is an open model.

Where a rate is offered, events come on a schedule that nobody's slowness stretches, and each one's time runs from when it
should have been sent. So a subject that stalls is told the waiting of all who came meanwhile.
"""

import asyncio
import random
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.events import Event

PATIENCE = 20.0  # seconds that the last answers may take once nothing more is sent
Ask = Callable[[Event], Awaitable[float | None]]


@dataclass
class Taken:
    """`seconds` from each event's intended time to its answer; `late`: from its intended time to when it was sent.

    `lost` were not answered in time, or were refused. `elapsed` is from the first event to the last answer.
    """

    seconds: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    lost: int = 0
    elapsed: float = 0.0

    def note(self, due: float, sent: float, done: float | None) -> None:
        """Take one event down, times in monotonic seconds."""
        self.late.append(sent - due)
        if done is None:
            self.lost += 1
        else:
            self.seconds.append(done - due)


def percentile(values: Sequence[float], part: float) -> float:
    """Return the smallest value that at least `part` (0 to 1) of all are not above; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * part // 1).__int__() - 1)] if ordered else 0.0


def schedule(rate: float, seconds: float, seed: int) -> list[float]:
    """Return when events come, in seconds from the start: as people do, independent of each other, the same for a seed."""
    chance, at, times = random.Random(seed), 0.0, []  # noqa: S311 - no secret
    while (at := at + chance.expovariate(rate)) < seconds:
        times.append(at)
    return times


async def back_to_back(ask: Ask, events: Sequence[Event], window: int, seconds: float) -> Taken:
    """Send events for so long, `window` of them under way at once, the next when one is answered."""
    taken, more, begun = Taken(), iter(events), time.monotonic()
    end = begun + seconds

    async def worker(more: Iterator[Event]) -> None:
        for event in more:
            due = time.monotonic()
            taken.note(due, due, await ask(event))
            if time.monotonic() >= end:
                return

    await asyncio.gather(*(worker(more) for _ in range(window)))
    taken.elapsed = time.monotonic() - begun
    return taken


async def offered(ask: Ask, events: Sequence[Event], times: Sequence[float]) -> Taken:
    """Send events at these times, whatever becomes of those before."""
    taken, loop = Taken(), asyncio.get_running_loop()
    tasks: list[asyncio.Task[None]] = []
    over = asyncio.Event()

    async def one(event: Event, due: float) -> None:
        sent = time.monotonic()
        taken.note(due, sent, await ask(event))

    def begin(event: Event, due: float) -> None:
        tasks.append(loop.create_task(one(event, due)))

    def clockwork() -> None:  # a thread sleeps to the microsecond, an event loop to the millisecond
        for event, at in zip(events, times, strict=False):
            due = begun + at
            if (left := due - time.monotonic()) > 0:
                time.sleep(left)
            loop.call_soon_threadsafe(begin, event, due)
        loop.call_soon_threadsafe(over.set)

    begun = time.monotonic() + 0.05
    threading.Thread(target=clockwork, daemon=True).start()
    await over.wait()
    await asyncio.gather(*tasks)
    taken.elapsed = time.monotonic() - begun
    return taken
