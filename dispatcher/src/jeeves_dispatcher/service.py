"""One delivery from claim to ack (docs/protocol.md, steps 2 to 5): every ack comes after the last durable effect."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from prometheus_client import Counter
from pydantic import ValidationError

from jeeves_contracts.actions import Reply
from jeeves_contracts.delivery import AnswerItem, AnswerResult, ClaimItem, Over, ReplyRef, Unsent, Verdict, Wait, Yours
from jeeves_contracts.envelope import Envelope
from jeeves_contracts.messages import Message
from jeeves_dispatcher.menu import sorry
from jeeves_dispatcher.task import Again, Full, Stale, Task
from jeeves_dispatcher.users import Users
from jeeves_dispatcher.work import LIMIT, Work
from jeeves_service.bus.port import Bus, Delivery, Headers
from jeeves_service.bus.replies import Replies
from jeeves_service.bus.topology import BAD, DEAD, DELAYS, RETRIES, overflow_queue
from jeeves_service.clock import Clock
from jeeves_service.errors import JeevesError
from jeeves_service.logs import bind, clear, logger
from jeeves_service.patience import Patience
from jeeves_service.trace import onward, trace_id

PAUSE = 0.5  # seconds between two tries to publish
REFUSED = "change refused"  # kept instead of the sentence for the person: it may hold their words
LONG = 2.0  # seconds from which on what is to wait does so in a retry queue: an operator has paused everything
WAITERS = 64  # messages that may wait in hand for others; the rest comes back by the shortest retry queue
log = logger(__name__)


@dataclass(frozen=True)
class InHand:
    """A delivery with what it holds. `first` is when its first try began, in milliseconds since 1970.

    `yielded`: its answer was found stale, so a newer claim may be at work.
    """

    delivery: Delivery
    envelope: Envelope[Message]
    tries: int
    first: int
    yielded: bool = False

    @classmethod
    def of(cls, delivery: Delivery, envelope: Envelope[Message], clock: Clock) -> "InHand":
        """Read a delivery's headers."""
        told = {name: delivery.headers.get(name) for name in ("tries", "first", "yielded")}
        tries, first, yielded = (value if isinstance(value, int) else None for value in told.values())
        return cls(delivery, envelope, tries or 0, first or int(clock.now().timestamp() * 1000), bool(yielded))

    @property
    def item(self) -> ClaimItem:
        """Return what is claimed: always under this delivery's own id."""
        return ClaimItem(delivery_id=self.envelope.id, yielded=self.yielded, message=self.envelope.data)

    def headers(self, tries: int) -> Headers:
        """Return what goes with it when it is published again."""
        return {"tries": tries, "first": self.first, "yielded": int(self.yielded)}


class Handler:
    """Handles deliveries of the work and overflow queues. What the stop finds waiting is given back to the bus."""

    def __init__(self, users: Users, work: Work, bus: Bus, clock: Clock, *, patience: Patience, outcomes: Counter) -> None:
        self._users, self._work, self._bus, self._clock, self._patience = users, work, bus, clock, patience
        self._outcomes, self._waiting = outcomes, 0
        self._replies = Replies(bus, clock, "dispatcher")

    async def handle(self, delivery: Delivery) -> None:
        """Handle what came by the work queue."""
        await self._handle(delivery, None)

    async def handle_overflow(self, delivery: Delivery) -> None:
        """Handle what a full bulkhead had sent away: each claim waits for a slot of that feature."""
        feature = delivery.queue.removeprefix(overflow_queue("").name)
        await self._handle(delivery, self._work.bulkheads.of(feature))

    async def _handle(self, delivery: Delivery, slot: asyncio.Semaphore | None) -> None:
        try:
            envelope = Envelope[Message].from_bytes(delivery.body)
        except ValidationError as error:
            await self._bury(delivery, f"undecodable: {error.errors(include_input=False, include_url=False)[0]['msg']}")
            return
        hand = InHand.of(delivery, envelope, self._clock)
        clear()
        bind(message_id=envelope.data.message_id, trace_id=trace_id(envelope.traceparent))
        while True:
            async with slot or contextlib.nullcontext():
                verdict = await self._users.claim(hand.item)
                if not isinstance(verdict, Wait):
                    if not isinstance(verdict, Yours):
                        await self._end(hand, verdict)
                        return
                    if await self._act(hand, verdict, has_slot=slot is not None):
                        return
                    hand = replace(hand, yielded=True)
                    continue
            if not await self._wait(hand, verdict.seconds):
                return

    async def _wait(self, hand: InHand, seconds: float) -> bool:
        """Wait until it is time to ask again. False when too many do, or for long: then it has gone to come back later, no try
        counted.
        """
        if seconds >= LONG:
            # In hand a pause of hours would meet the broker's time-out for consumers; and its 45 s begin after the pause.
            return await self._park(hand, RETRIES[2], {**hand.headers(hand.tries), "first": 0})
        if self._waiting >= WAITERS:
            return await self._park(hand, RETRIES[1], hand.headers(hand.tries))
        self._waiting += 1
        try:
            await self._patience.pause(seconds)
        finally:
            self._waiting -= 1
        return True

    async def _park(self, hand: InHand, queue: str, headers: Headers) -> bool:
        self._outcomes.labels("parked").inc()
        await self._send(queue, hand.delivery.body, headers)
        await hand.delivery.ack()
        return False

    async def _end(self, hand: InHand, verdict: Verdict) -> None:
        """Finish what is not ours to work on."""
        self._outcomes.labels(verdict.verdict).inc()
        if isinstance(verdict, Unsent):
            await self._publish(hand, verdict.replies)
        elif not isinstance(verdict, Over):
            await self._bury(hand.delivery, BAD + getattr(verdict, "reason", ""))
            return
        await hand.delivery.ack()

    async def _act(self, hand: InHand, yours: Yours, *, has_slot: bool) -> bool:
        """Work, hand in, publish, ack. False when another one holds the message now."""
        task = Task(hand.envelope.data, yours, onward(hand.envelope.traceparent), self._clock.monotonic(), hand.tries, has_slot)
        try:
            done = await self._work.do(task)
        except Stale:
            return False
        except Full as full:
            self._outcomes.labels("overflow").inc()
            await self._send(overflow_queue(full.feature).name, hand.delivery.body, hand.headers(hand.tries))
            await hand.delivery.ack()
            return True
        if isinstance(done, Again):
            if await self._retry(hand):
                return True
            done = done.apology
        return await self._answer(hand, task, done)

    async def _answer(self, hand: InHand, task: Task, item: AnswerItem) -> bool:
        result = await self._users.answer(item)
        if result.state == "refused":
            log.warning("an answer was refused", reason=REFUSED if result.told else result.reason)
            item = _instead(task, item, result)
            result = await self._users.answer(item)
        if result.state == "refused":  # not even the apology can be stored
            await self._bury(hand.delivery, BAD + result.reason)
            return True
        if result.state != "stored":
            self._outcomes.labels(result.state).inc()
            return False
        self._outcomes.labels(item.outcome).inc()
        await self._publish(hand, result.replies)
        await hand.delivery.ack()
        return True

    async def _retry(self, hand: InHand) -> bool:
        """Publish the next try, confirmed, and ack. False after three, or when its turn would come after 45 s."""
        tries = hand.tries + 1
        spent = self._clock.now().timestamp() - hand.first / 1000
        if tries not in RETRIES or spent + DELAYS[RETRIES[tries]] >= LIMIT:
            return False
        self._outcomes.labels("retry").inc()
        await self._send(RETRIES[tries], hand.delivery.body, hand.headers(tries))
        await hand.delivery.ack()
        return True

    async def _bury(self, delivery: Delivery, reason: str) -> None:
        self._outcomes.labels("dead").inc()
        tries = delivery.headers.get("tries", 0)
        await self._send(DEAD, delivery.body, {"reason": reason[:300], "origin": delivery.queue, "tries": tries})
        await delivery.ack()

    async def _send(self, queue: str, body: bytes, headers: Headers) -> None:
        await self._until_confirmed(lambda: self._bus.send(queue, body, headers))

    async def _publish(self, hand: InHand, refs: list[ReplyRef]) -> None:
        envelope = hand.envelope
        await self._until_confirmed(
            lambda: self._replies.publish(envelope.data.message_id, refs, envelope.id, envelope.traceparent)
        )

    async def _until_confirmed(self, publish: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await publish()
            except JeevesError as error:
                log.warning("the bus did not confirm", error=str(error))
                await self._patience.pause(PAUSE)
            else:
                return


def _instead(task: Task, item: AnswerItem, refused: AnswerResult) -> AnswerItem:
    """Return what is answered in place of what was refused: why, where that is for the person, else an apology."""
    reason = REFUSED if refused.told else refused.reason[:300]
    more = {"reason": reason, "feature": item.feature, "command": item.command}
    if refused.told and task.message.trigger != "schedule":
        return task.result("answered", [Reply(text=refused.reason, visibility=task.aside)], **more)
    return task.result("failed", sorry(task, "apology", feature=item.feature or "Jeeves"), **more)
