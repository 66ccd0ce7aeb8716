"""The embedded bus: a durable file instead of a broker, for one process. Same behaviour as `rabbit`, same tests."""

import asyncio
import contextlib
import json
from pathlib import Path

from jeeves_service.bus.handling import STOP_PATIENCE, Hands
from jeeves_service.bus.port import Handler, Headers
from jeeves_service.bus.routing import routed
from jeeves_service.bus.sqlite_file import Done, File, Statement
from jeeves_service.bus.sqlite_queues import DELETE, Queues, Stored, Waiting
from jeeves_service.bus.topology import Queue
from jeeves_service.clock import Clock, SystemClock
from jeeves_service.errors import BusUnavailableError, UnroutableError

CONFIRM = 2.0  # seconds that a publish may take
INSERT = "INSERT INTO messages (id, queue, body, headers, ready_at) VALUES (?, ?, ?, ?, ?)"
PROBE: tuple[Statement, ...] = ((INSERT, (-1, "", b"", "{}", None)), (DELETE, (-1,)))


class SqliteBus:
    """`clock` gives the wall time in which retry delays survive a restart; `stop_patience`: seconds for handlers in hand."""

    def __init__(
        self, path: Path, declared: tuple[Queue, ...], *, clock: Clock | None = None, stop_patience: float = STOP_PATIENCE
    ) -> None:
        clock, self._stop_patience = clock or SystemClock(), stop_patience
        self._file = File(path, self._confirmed)
        self._queues = Queues(declared, self._file, lambda: clock.now().timestamp(), self._alarm)
        self._subscriptions: set[SqliteSubscription] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open = False

    async def start(self) -> None:
        """Open the file. Raises BusUnavailableError when another process has it, or when it cannot be opened."""
        self._loop = asyncio.get_running_loop()
        self._queues.recover(await asyncio.to_thread(self._file.start))
        self._open = True
        self._queues.wake()
        for subscription in self._subscriptions:
            subscription.begin()

    async def stop(self) -> None:
        """Cancel all subscriptions, let the handlers in hand finish, commit all, close the file."""
        subscriptions = tuple(self._subscriptions)
        await asyncio.gather(*(subscription.cancel() for subscription in subscriptions))
        await asyncio.gather(*(subscription.stop() for subscription in subscriptions))
        self._open = False
        if self._timer:
            self._timer.cancel()
        await asyncio.to_thread(self._file.stop)

    async def check(self) -> None:
        """Raise BusUnavailableError unless the file can be written to."""
        self._must_be_open()
        if self._file.failure:
            await self._commit(list(PROBE), [])

    async def declare(self, queue: Queue) -> None:
        """Make sure that a queue exists."""
        self._queues.declare(queue)

    async def publish(self, key: str, body: bytes, headers: Headers | None = None) -> None:
        """Store an event in every queue bound to its routing key, all in one commit."""
        names = routed(self._queues.declared(), key, headers or {})
        if not names:
            raise UnroutableError(f"no queue takes {key}")
        await self._store(names, body, headers or {})

    async def send(self, queue: str, body: bytes, headers: Headers | None = None) -> None:
        """Store a message in one queue."""
        if queue not in self._queues:
            raise UnroutableError(f"no queue {queue}")
        await self._store([queue], body, headers or {})

    async def consume(self, queue: str, handler: Handler, *, prefetch: int) -> "SqliteSubscription":
        """Handle a queue's messages, from now or from the start on. Raises UnroutableError when it was not declared."""
        if queue not in self._queues:
            raise UnroutableError(f"no queue {queue}")
        waiting = self._queues[queue]
        hands = Hands(handler, prefetch, waiting.feed, patience=self._stop_patience)
        subscription = SqliteSubscription(waiting, hands, self._subscriptions)
        if self._open:
            subscription.begin()
        return subscription

    async def _store(self, names: list[str], body: bytes, headers: Headers) -> None:
        self._must_be_open()
        shown, written = dict(headers), json.dumps(dict(headers))
        statements, stored = [], []
        for name in names:
            message, ready_at = self._queues.new(name, body, shown)
            statements.append((INSERT, (message.id, name, body, written, ready_at)))
            stored.append((name, message))
        await self._commit(statements, stored)

    async def _commit(self, statements: list[Statement], stored: list[tuple[str, Stored]]) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def done(error: Exception | None) -> None:  # also when nobody waits any more: it is in the file
            for name, message in () if error else stored:
                self._queues.put(name, message)
            if not future.done() and error:
                future.set_exception(BusUnavailableError(f"the bus could not write: {error}"))
            elif not future.done():
                future.set_result(None)

        self._file.write(*statements, done=done)
        try:
            async with asyncio.timeout(CONFIRM):
                await future
        except TimeoutError as error:
            raise BusUnavailableError(f"the bus did not write within {CONFIRM:g} s") from error

    def _confirmed(self, asked: list[Done], error: Exception | None) -> None:
        def tell() -> None:
            for done in asked:
                done(error)

        if self._loop:
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits
                self._loop.call_soon_threadsafe(tell)

    def _alarm(self, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        if self._loop and self._open:
            self._timer = self._loop.call_later(max(0.0, seconds), self._queues.wake)

    def _must_be_open(self) -> None:
        if not (self._open and self._file.open):
            raise BusUnavailableError("the bus is not open")


class SqliteSubscription:
    def __init__(self, waiting: Waiting, hands: Hands, all_of_them: set["SqliteSubscription"]) -> None:
        self._waiting, self._hands, self._all = waiting, hands, all_of_them
        self._all.add(self)

    def begin(self) -> None:
        """Take messages, now that the file is open."""
        self._waiting.join(self._hands)

    async def cancel(self) -> None:
        """Take no more from now on. A message is handed out only where a handler begins at once: none waits here."""
        self._hands.close()

    async def stop(self) -> None:
        """Cancel, let the handlers in hand finish; only then may another take from a single queue."""
        await self.cancel()
        await self._hands.finish()
        self._waiting.leave(self._hands)
        self._all.discard(self)
