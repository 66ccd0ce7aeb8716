"""One measurement: load of one kind on one subject, and what it took."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bench import load, meters
from bench.events import Event, events
from bench.load import PATIENCE, Ask, Taken, percentile
from bench.processes import Subject
from bench.sizes import Sizes
from bench.slack import Slack
from bench.wire import Wires

SETTLED = 0.3  # seconds until what a subject does after its answers is done, and counted
WARM = 700  # events before the first measurement: every person has spoken once
MOST_ACKED, MOST_REPLIED = 12_000, 3_000  # events a second made in advance: more than anybody here takes


@dataclass(frozen=True)
class Row:
    """What one measurement gave. Times in ms; `cpu` in µs a message, by process tree; `memory` in MB, by process tree.

    `kind`: `flood` (as many as are taken), `single` (one at a time), `offered` (at a rate). `late` is how far the load
    generator itself was behind its schedule: a p99 near it says nothing of the subject.
    """

    subject: str
    kind: str
    round: int
    count: int
    lost: int
    per_second: float
    p50: float
    p99: float
    late: float
    cpu: dict[str, float]
    memory: dict[str, float] = field(default_factory=dict)

    @property
    def cpu_each(self) -> float:
        """CPU of all its processes for a message, in µs."""
        return sum(self.cpu.values())

    @property
    def per_cpu_second(self) -> float:
        """Messages for each second of CPU of all its processes."""
        return 1e6 / max(1.0, self.cpu_each)


def acknowledged(wires: Wires) -> Ask:
    """Return what sends an event and waits for its 200: what a bot owes Slack within three seconds."""

    async def ask(event: Event) -> float | None:
        return time.monotonic() if await wires.ask(event.request) == 200 else None  # noqa: PLR2004

    return ask


def replied(wires: Wires, slack: Slack) -> Ask:
    """Return what sends an event and waits until its answer is posted."""

    async def ask(event: Event) -> float | None:
        reply = slack.expect(event.ts)
        if await wires.ask(event.request) != 200:  # noqa: PLR2004
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                return await reply
        except TimeoutError:
            return None

    return ask


@dataclass(frozen=True)
class Load:
    """How much is sent: `window` under way at once, or `rate` a second; `most` a second are made in advance."""

    window: int
    rate: float
    most: int


class Bench:
    """Measures subjects one after the other, on one clock."""

    def __init__(self, sizes: Sizes, slack: Slack, tell: Callable[[Row], None]) -> None:
        self._sizes, self._slack, self._tell = sizes, slack, tell
        self._warm: set[str] = set()

    async def acks(self, subject: Subject, round_: int, clean: Callable[[], Awaitable[None]] | None = None) -> None:
        """Measure how a subject acknowledges. `clean` is called after each load, to take away what was stored."""
        much = Load(self._sizes.ack_window, self._sizes.ack_rate, MOST_ACKED)
        await self._all(subject, round_, much, acknowledged, clean)

    async def replies(self, subject: Subject, round_: int) -> None:
        """Measure how a subject answers."""
        much = Load(self._sizes.path_window, self._sizes.path_rate, MOST_REPLIED)
        await self._all(subject, round_, much, lambda wires: replied(wires, self._slack))

    async def _all(
        self,
        subject: Subject,
        round_: int,
        much: Load,
        asking: Callable[[Wires], Ask],
        clean: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        wires, seconds = Wires(subject.port), self._sizes.seconds
        ask = asking(wires)
        if subject.name not in self._warm:
            await load.back_to_back(ask, events(WARM), much.window, PATIENCE)
            self._warm.add(subject.name)
        times, many = load.schedule(much.rate, seconds, round_), int(much.most * seconds)
        loads: dict[str, Callable[[], Awaitable[Taken]]] = {
            "flood": lambda: load.back_to_back(ask, events(many), much.window, seconds),
            "single": lambda: load.back_to_back(ask, events(many), 1, seconds),
            "offered": lambda: load.offered(ask, events(len(times)), times),
        }
        for kind, run in loads.items():
            self._tell(await self._measured(subject, kind, round_, run))
            if clean is not None:
                await clean()
        self._slack.forget()
        wires.close()

    @staticmethod
    async def _measured(subject: Subject, kind: str, round_: int, run: Callable[[], Awaitable[Taken]]) -> Row:
        await asyncio.sleep(SETTLED)
        before = meters.cpu(subject.pids)
        taken = await run()
        await asyncio.sleep(SETTLED)
        after, count = meters.cpu(subject.pids), max(1, len(taken.seconds))
        return Row(
            subject.name,
            kind,
            round_,
            len(taken.seconds),
            taken.lost,
            round(len(taken.seconds) / taken.elapsed, 1),
            round(percentile(taken.seconds, 0.5) * 1e3, 3),
            round(percentile(taken.seconds, 0.99) * 1e3, 3),
            round(percentile(taken.late, 0.99) * 1e3, 3),
            {name: round((after[name] - before[name]) / count * 1e6, 1) for name in after},
            {name: round(megabytes, 1) for name, megabytes in meters.memory(subject.pids).items()},
        )
