"""Hand a message over to the bus. Nothing is kept here: what is not confirmed, Slack sends again."""

from datetime import datetime

from jeeves_contracts.envelope import Envelope, routing_key, stamped
from jeeves_contracts.messages import MESSAGE_RECEIVED, MessageReceived
from jeeves_service import trace
from jeeves_service.bus.port import Bus
from slack_ingest.who import PLATFORM

KEY = routing_key(MESSAGE_RECEIVED, PLATFORM)


async def publish(bus: Bus, message: MessageReceived, now: datetime) -> None:
    """Return once the bus has confirmed `message` durable. Raises BusUnavailableError when it has not within 2 s."""
    envelope = Envelope[MessageReceived](
        source="slack-ingest",
        type=MESSAGE_RECEIVED,
        time=now,
        installationid=message.conversation.installation_id,
        traceparent=trace.begin(),
        correlationid=message.message_id,
        times=stamped("", "received", message.received_at),
        data=message,
    )
    await bus.publish(KEY, envelope.to_bytes())
