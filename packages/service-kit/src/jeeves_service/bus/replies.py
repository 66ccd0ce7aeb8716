"""How replies are asked for: the same from the dispatcher and from users-service."""

from collections.abc import Sequence

from jeeves_contracts.delivery import ReplyRef
from jeeves_contracts.envelope import Envelope, routing_key
from jeeves_contracts.ids import lane
from jeeves_contracts.messages import REPLY_REQUESTED, ReplyRequested
from jeeves_contracts.people import Conversation
from jeeves_service.bus.port import Bus
from jeeves_service.clock import Clock
from jeeves_service.trace import onward


class Replies:
    """Publishes requests for replies as one service (`source`)."""

    def __init__(self, bus: Bus, clock: Clock, source: str) -> None:
        self._bus, self._clock, self._source = bus, clock, source

    async def publish(self, message_id: str, refs: Sequence[ReplyRef], cause: str | None, traceparent: str | None) -> None:
        """Publish replies in order, each confirmed. Raises BusUnavailableError; those before it may be published."""
        for ref in refs:
            asked = ReplyRequested(
                message_id=message_id, reply_id=ref.reply_id, conversation=ref.conversation, asked_at=self._clock.now()
            )
            await self._ask(asked, cause, traceparent)

    async def status(self, message_id: str, conversation: Conversation, text: str, traceparent: str | None) -> None:
        """Ask for a status to be shown until the answer comes. Nothing depends on it."""
        asked = ReplyRequested(
            kind="status",
            message_id=message_id,
            reply_id=f"{message_id}/0",
            conversation=conversation,
            text=text,
            asked_at=self._clock.now(),
        )
        await self._ask(asked, None, traceparent)

    async def _ask(self, asked: ReplyRequested, cause: str | None, traceparent: str | None) -> None:
        place = asked.conversation
        envelope = Envelope[ReplyRequested](
            source=self._source,
            type=REPLY_REQUESTED,
            time=asked.asked_at,
            installationid=place.installation_id,
            traceparent=onward(traceparent),
            correlationid=asked.message_id,
            causationid=cause,
            data=asked,
        )
        key = routing_key(REPLY_REQUESTED, place.installation_id.partition(":")[0])
        await self._bus.publish(key, envelope.to_bytes(), {"lane": lane(place.installation_id, place.channel_id)})
