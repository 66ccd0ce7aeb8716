"""What the embedded bus holds: each queue's messages in order, in memory, with every change of them told to the file."""

import heapq
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from jeeves_service.bus.handling import Hands, Held
from jeeves_service.bus.port import Headers
from jeeves_service.bus.sqlite_file import File, Row
from jeeves_service.bus.topology import DEAD, WORK, Queue

MOVE = "UPDATE messages SET id = ?, queue = ?, headers = ?, returns = 0, delivered = 0, ready_at = NULL WHERE id = ?"
MARK = "UPDATE messages SET delivered = 1 WHERE id = ?"
RETURN = "UPDATE messages SET delivered = 0, returns = ? WHERE id = ?"
DELETE = "DELETE FROM messages WHERE id = ?"


@dataclass(order=True)
class Stored:
    """A message as the file has it. `place` is its order in its queue: the id, or when its delay is over."""

    place: float
    id: int
    body: bytes = field(compare=False)
    headers: Headers = field(compare=False)
    returns: int = field(compare=False, default=0)


class Waiting:
    """One queue, and who takes from it."""

    def __init__(self, queue: Queue, deliver: Callable[["Waiting", Stored], Held]) -> None:
        self.queue, self._deliver = queue, deliver
        self.messages: list[Stored] = []
        self._takers: list[Hands] = []

    def put(self, message: Stored) -> None:
        """Add a message at its place, in front of all that came after it."""
        heapq.heappush(self.messages, message)

    def join(self, taker: Hands) -> None:
        """Give to one more."""
        self._takers.append(taker)
        self.feed()

    def leave(self, taker: Hands) -> None:
        """Give to one less; of a single queue's takers, the next becomes the active one."""
        if taker in self._takers:
            self._takers.remove(taker)
            self.feed()

    def feed(self) -> None:
        """Hand out what waits, as long as somebody has room."""
        takers = self._takers[:1] if self.queue.single else self._takers
        while self.messages and takers:
            taker = max(takers, key=lambda one: one.room)
            if taker.room <= 0:
                return
            taker.take(self._deliver(self, heapq.heappop(self.messages)))


class Queues:
    """All queues. `now` is in seconds since 1970; `alarm` is told in how many seconds `wake` wants to be called."""

    def __init__(
        self, declared: tuple[Queue, ...], file: File, now: Callable[[], float], alarm: Callable[[float], None]
    ) -> None:
        self._file, self._now, self._alarm = file, now, alarm
        self._all: dict[str, Waiting] = {}
        self._next_id = 1
        for queue in declared:
            self.declare(queue)

    def __contains__(self, name: str) -> bool:
        return name in self._all

    def __getitem__(self, name: str) -> Waiting:
        return self._all[name]

    def declared(self) -> list[Queue]:
        """Return all queues that there are."""
        return [waiting.queue for waiting in self._all.values()]

    def declare(self, queue: Queue) -> Waiting:
        """Make sure that a queue exists, as it is described now."""
        waiting = self._all.setdefault(queue.name, Waiting(queue, self._deliver))
        waiting.queue = queue
        return waiting

    def new(self, name: str, body: bytes, headers: Headers) -> tuple[Stored, float | None]:
        """Make a message for a queue, and say when its delay is over."""
        delay, number = self._all[name].queue.delay, self._new_id()
        ready_at = None if delay is None else self._now() + delay
        return Stored(number if ready_at is None else ready_at, number, body, headers), ready_at

    def put(self, name: str, message: Stored) -> None:
        """Add a message that is in the file."""
        waiting = self._all[name]
        waiting.put(message)
        if waiting.queue.delay is None:
            waiting.feed()
        else:
            self.wake()

    def wake(self) -> None:
        """Move what has lain long enough to the work queue, and set the alarm for the next."""
        next_at = None
        for waiting in [each for each in self._all.values() if each.queue.delay is not None]:
            while waiting.messages and waiting.messages[0].place <= self._now():
                message = heapq.heappop(waiting.messages)
                self._move(message, WORK, message.headers)
            if waiting.messages:
                next_at = min(waiting.messages[0].place, next_at or waiting.messages[0].place)
        if next_at is not None:
            self._alarm(next_at - self._now())

    def recover(self, rows: list[Row]) -> None:
        """Take over what the file holds. What was in a handler's hands comes back, counted."""
        self._next_id = max((row[0] for row in rows), default=0) + 1
        for number, name, body, headers, returns, delivered, ready_at in rows:
            waiting = self._all.get(name) or self.declare(Queue(name))  # an overflow queue is declared later
            message = Stored(number, number, body, json.loads(headers), returns)
            if ready_at is not None:  # never longer than the whole delay, also when the clock was set back
                message.place = min(ready_at, self._now() + (waiting.queue.delay or 0))
            if delivered:
                self._back(waiting, message, returns + 1)
            else:
                waiting.put(message)

    def _move(self, message: Stored, to: str, headers: Headers) -> None:
        number = self._new_id()
        self._file.write((MOVE, (number, to, json.dumps(headers), message.id)))
        if to not in self._all:
            self.declare(Queue(to))
        self.put(to, Stored(number, number, message.body, headers))

    def _back(self, waiting: Waiting, message: Stored, returns: int) -> None:
        limit = waiting.queue.limit
        if limit is not None and returns > limit:
            self._move(message, DEAD, {**message.headers, "reason": "crash limit", "origin": waiting.queue.name})
            return
        message.returns = returns
        self._file.write((RETURN, (returns, message.id)))
        self.put(waiting.queue.name, message)

    def _deliver(self, waiting: Waiting, message: Stored) -> Held:
        self._file.write((MARK, (message.id,)))
        return SqliteDelivery(
            waiting.queue.name,
            message,
            lambda: self._file.write((DELETE, (message.id,))),
            lambda returns: self._back(waiting, message, returns),
        )

    def _new_id(self) -> int:
        number, self._next_id = self._next_id, self._next_id + 1
        return number


class SqliteDelivery(Held):
    def __init__(self, queue: str, message: Stored, done: Callable[[], None], back: Callable[[int], None]) -> None:
        super().__init__(queue, message.body, message.headers, message.returns)
        self._done, self._back = done, back

    async def _acked(self) -> None:
        self._done()

    async def _rejected(self) -> None:
        self._back(self.returns + 1)

    async def _released(self) -> None:
        self._back(self.returns)
