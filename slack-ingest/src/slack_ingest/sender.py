"""Consumes the lanes of replies: those of one channel one after the other, all others meanwhile."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import ValidationError

from jeeves_contracts.envelope import Envelope
from jeeves_contracts.ids import LANES
from jeeves_contracts.messages import ReplyRequested
from jeeves_service.bus.port import Bus, Delivery, Subscription
from jeeves_service.bus.topology import DEAD, lane_queue
from jeeves_service.clock import Clock
from jeeves_service.logs import logger
from jeeves_service.patience import Patience
from slack_ingest.courier import Courier
from slack_ingest.pace import Pace
from slack_ingest.post import thread_of
from slack_ingest.render import text
from slack_ingest.slack_api import SlackApi
from slack_ingest.who import PLATFORM

#: Replies of a lane in hand; each costs a waiting task. A channel gets one post a second, and the other channels of its lane
#: wait only while this many of its replies are in hand: more than two people get in a minute (users-service throttles at 120
#: each). Beyond that they do wait. No number ends that, and whatever is in hand is given back when the service stops.
PREFETCH = 256
STATUS_PATIENCE = 2.0  # seconds that the answer may have to wait for it
STALE = timedelta(seconds=10)  # a status older than this tells nothing new
log = logger(__name__)


@dataclass(frozen=True)
class Sender:
    """Runs between `start` and `stop`."""

    bus: Bus
    api: SlackApi
    courier: Courier
    pace: Pace
    patience: Patience
    clock: Clock
    in_thread: bool
    subscriptions: list[Subscription] = field(default_factory=list)

    async def start(self) -> None:
        """Begin to consume."""
        for number in range(LANES):
            self.subscriptions.append(await self.bus.consume(lane_queue(PLATFORM, number), self.handle, prefetch=PREFETCH))

    async def stop(self) -> None:
        """Finish the post that is under way in each channel, give back the rest.

        No lane may take any more before anything is given back: it would come again at once, and on RabbitMQ before 4.3 each
        return counts, until waiting replies are dead letters.
        """
        await asyncio.gather(*(subscription.cancel() for subscription in self.subscriptions))
        self.patience.stop()
        await asyncio.gather(*(subscription.stop() for subscription in self.subscriptions))

    async def handle(self, delivery: Delivery) -> None:
        """Carry what a delivery asks for, then ack; to the dead letters with what cannot be read. Raises StoppedError."""
        try:
            asked = Envelope[ReplyRequested].from_bytes(delivery.body).data
        except ValidationError as error:
            log.warning("a reply request cannot be read", errors=error.error_count())
            await self.bus.send(DEAD, delivery.body, {"reason": "undecodable", "origin": delivery.queue})
            await delivery.ack()
            return
        way = self.pace.way(asked.conversation)
        way.users += 1
        try:
            async with way.turn:
                if asked.kind == "status":
                    await self._show_status(asked)
                else:
                    await self.courier.carry(way, asked.reply_id, asked.asked_at)
        finally:
            way.users -= 1
        await delivery.ack()

    async def _show_status(self, asked: ReplyRequested) -> None:
        """Show what is being done, where the answer will take its place: best effort."""
        thread = thread_of(asked.conversation, in_thread=self.in_thread)
        if thread is None or self.patience.over or self.clock.now() - asked.asked_at > STALE:
            return
        body: dict[str, object] = {"channel_id": asked.conversation.channel_id, "thread_ts": thread, "status": text(asked.text)}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STATUS_PATIENCE):
                await self.api.post("assistant.threads.setStatus", body)
