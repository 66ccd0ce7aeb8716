"""The loop of a scheduler: lease → publish → note (docs/protocol.md, step 9)."""

import asyncio
import contextlib

from jeeves_contracts.schedules import LeasedRun
from jeeves_service.bus.port import Bus
from jeeves_service.clock import Clock
from jeeves_service.errors import JeevesError, TransientError
from jeeves_service.logs import logger
from jeeves_service.patience import Patience, StoppedError
from scheduler_service.metrics import Metrics
from scheduler_service.publish import Publisher
from scheduler_service.users import Users

LIMIT = 100  # runs leased at a time
LOOK = 1.0  # seconds between two looks, at most: what is due may have come since the last one
BRIEF = 0.05  # seconds, where all that is due is in another scheduler's hands
FIRST, LAST = 0.1, 2.0  # seconds between two tries, growing
TRYING = 20.0  # seconds of a lease of 30 within which a run is published, or given up to the next lease
FINISH = 15.0  # seconds that the end may take: less than Compose gives a container to stop
log = logger(__name__)


class Scheduler:
    """Runs between `start` and `stop`."""

    def __init__(self, users: Users, publisher: Publisher, bus: Bus, clock: Clock, metrics: Metrics) -> None:
        self._users, self._publisher, self._bus, self._clock, self._metrics = users, publisher, bus, clock, metrics
        self._patience = Patience(clock)
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin."""
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Lease no more; publish and note what is in hand."""
        self._patience.stop()
        if self._loop:
            _, late = await asyncio.wait([self._loop], timeout=FINISH)
            for task in late:
                log.error("a scheduler did not come to its end", seconds=FINISH)
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def check(self) -> None:
        """Raise TransientError unless the loop goes on."""
        if self._loop is None or self._loop.done():
            raise TransientError("it does not run")

    async def _run(self) -> None:
        pause = FIRST
        with contextlib.suppress(StoppedError):
            while not self._patience.over:
                try:
                    wait = await self._round()
                    pause = FIRST
                except StoppedError:
                    raise
                except Exception as error:  # noqa: BLE001 - whatever it is, the next round may do better
                    log.warning("nothing can be leased", error=f"{error.__class__.__name__}: {error}"[:300])
                    wait, pause = pause, min(pause * 2, LAST)
                await self._patience.pause(wait)

    async def _round(self) -> float:
        """Lease and publish once; return the seconds until it is worth to look again. Raises JeevesError."""
        await self._bus.check()  # what cannot be published is better left to who can
        began = self._clock.monotonic()
        leased = await self._users.lease(LIMIT)
        if leased.runs:
            await self._publish(leased.runs, began + TRYING)
            return min(leased.next_in, LOOK)
        return max(BRIEF, min(leased.next_in, LOOK))

    async def _publish(self, runs: list[LeasedRun], end: float) -> None:
        """Publish all and note those that are confirmed; try the others again until `end`, or until the service stops."""
        pause = FIRST
        while runs:
            confirmed = await asyncio.gather(*(self._confirmed(run) for run in runs))
            await self._note([run.run_id for run, good in zip(runs, confirmed, strict=True) if good], end)
            runs = [run for run, good in zip(runs, confirmed, strict=True) if not good]
            if runs and (self._patience.over or self._clock.monotonic() + pause >= end):
                self._metrics.runs.labels("unconfirmed").inc(len(runs))
                log.warning("runs wait for their next lease", runs=len(runs))
                return
            if runs:
                await self._pause(pause)
                pause = min(pause * 2, LAST)

    async def _confirmed(self, run: LeasedRun) -> bool:
        try:
            await self._publisher.publish(run.job)
        except JeevesError as error:
            log.warning("the bus did not confirm a run", run_id=run.run_id, error=str(error))
            return False
        self._metrics.runs.labels("published").inc()
        self._metrics.lateness.observe(max(0.0, (self._clock.now() - run.job.due_at).total_seconds()))
        return True

    async def _note(self, ids: list[str], end: float) -> None:
        """Tell users-service; what it does not hear of before the lease ends is published again, and done once all the same."""
        pause = FIRST
        while ids:
            try:
                await self._users.published(ids)
            except JeevesError as error:
                if self._patience.over or self._clock.monotonic() + pause >= end:
                    self._metrics.runs.labels("unnoted").inc(len(ids))
                    log.warning("runs are published and not noted", runs=len(ids), error=str(error))
                    return
                await self._pause(pause)
                pause = min(pause * 2, LAST)
            else:
                return

    async def _pause(self, seconds: float) -> None:
        """Wait, or go on at once when the service stops: for one last try."""
        with contextlib.suppress(StoppedError):
            await self._patience.pause(seconds)
