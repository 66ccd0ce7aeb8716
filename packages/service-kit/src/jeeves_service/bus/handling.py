"""What both buses do with a delivery: settle it once, run its handler, so many at a time, in the order they came."""

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable

from jeeves_service.bus.port import Handler, Headers
from jeeves_service.logs import logger
from jeeves_service.patience import StoppedError

STOP_PATIENCE = 15.0  # seconds that handlers in hand may take at the end: less than Compose gives a container to stop
PAUSE, LONGEST_PAUSE = 0.1, 5.0  # seconds, for each time that a message came back, before it is given back once more
log = logger(__name__)


class Held:
    """A Delivery. Each adapter says in `_acked`, `_rejected`, `_released` how its bus is told."""

    def __init__(self, queue: str, body: bytes, headers: Headers, returns: int) -> None:
        self.queue, self.body, self.headers, self.returns = queue, body, headers, returns
        self.settled = False

    async def ack(self) -> None:
        if self._first():
            await self._acked()

    async def reject(self) -> None:
        if self._first():
            try:  # so that nobody spins who rejects the same message again and again
                await asyncio.sleep(min(PAUSE * self.returns, LONGEST_PAUSE))
            finally:
                await self._rejected()

    async def release(self) -> None:
        if self._first():
            await self._released()

    def _first(self) -> bool:
        first, self.settled = not self.settled, True
        return first

    async def _acked(self) -> None:
        raise NotImplementedError

    async def _rejected(self) -> None:
        raise NotImplementedError

    async def _released(self) -> None:
        raise NotImplementedError


async def handle(delivery: Held, handler: Handler) -> None:
    """Run a handler. What it does not settle is released when it is stopped, and rejected for any other reason."""
    try:
        await handler(delivery)
        if not delivery.settled:
            log.error("handler left a message unsettled", queue=delivery.queue, returns=delivery.returns)
    except StoppedError:
        await delivery.release()
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) and task.cancelling():  # not by itself, over something that was cancelled
            await delivery.release()
        raise
    except Exception:
        log.exception("handler failed", queue=delivery.queue, returns=delivery.returns)
    finally:
        await delivery.reject()


class Hands:
    """The handlers of one subscription: at most `prefetch` at once, begun in the order of their deliveries."""

    def __init__(
        self, handler: Handler, prefetch: int, on_room: Callable[[], None] | None = None, *, patience: float = STOP_PATIENCE
    ) -> None:
        """`on_room` is called whenever a handler has ended and no delivery waits; `patience`: see `finish`, in seconds."""
        self._handler, self._prefetch, self._on_room, self._patience = handler, prefetch, on_room, patience
        self._waiting: deque[Held] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def room(self) -> int:
        """How many more deliveries would be begun at once."""
        return 0 if self._closed else self._prefetch - len(self._running) - len(self._waiting)

    def take(self, delivery: Held) -> None:
        """Begin its handler, or keep it until there is room."""
        self._waiting.append(delivery)
        self._begin()

    def close(self) -> None:
        """Begin no more; what has not begun waits to be put down."""
        self._closed = True

    def put_down(self) -> list[Held]:
        """Give up what has not begun."""
        given = list(self._waiting)
        self._waiting.clear()
        return given

    async def finish(self) -> None:
        """Begin no more, and wait for the handlers in hand; cancel those that take too long."""
        self.close()
        others = self._running - {asyncio.current_task()}
        if not others:
            return
        _, late = await asyncio.wait(others, timeout=self._patience)
        for task in late:
            log.error("handler cancelled", seconds=self._patience)
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1)

    def _begin(self) -> None:
        while self._waiting and len(self._running) < self._prefetch and not self._closed:
            # A context of its own: what is bound for the log of one message is not another's.
            work = handle(self._waiting.popleft(), self._handler)
            task = asyncio.get_running_loop().create_task(work, context=contextvars.Context())
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("settling failed", exc_info=error)
        self._begin()
        if self._on_room and not self._waiting:
            self._on_room()
