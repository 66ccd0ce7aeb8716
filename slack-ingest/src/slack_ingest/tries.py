"""Calls that are made again while that may help: when Slack asks to slow down, and where doing it twice does no harm."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from jeeves_service.clock import Clock
from jeeves_service.patience import Patience
from slack_ingest.outcomes import Kind, Outcome

FIRST_WAIT = 0.5  # seconds between two tries, and twice as long each time
IN_FLIGHT = 8  # calls at once: others need the line, too


@dataclass
class Tries:
    """`closed_until`, in monotonic seconds: Slack asked for it, and it holds for every call that is made through this."""

    patience: Patience
    clock: Clock
    closed_until: float = 0.0
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))

    async def call(self, what: Callable[[], Awaitable[Outcome]], until: float, *, twice: bool = True) -> Outcome:
        """Call, and again while it is limited, or (`twice`) in doubt, and not later than `until` (monotonic seconds).

        Raises StoppedError when the service stops.
        """
        wait = FIRST_WAIT
        while True:
            closed = self.closed_until - self.clock.monotonic()
            if closed > 0 and self.closed_until > until:
                return Outcome(Kind.LIMITED, "ratelimited")
            if closed > 0:
                await self.patience.pause(closed)
            async with self.slots:
                outcome = await what()
            now = self.clock.monotonic()
            if outcome.kind is Kind.LIMITED:
                self.closed_until = max(self.closed_until, now + max(outcome.retry_after, FIRST_WAIT))
                continue
            if not (twice and outcome.kind is Kind.DOUBT) or now + wait > until:
                return outcome
            await self.patience.pause(wait)
            wait *= 2
