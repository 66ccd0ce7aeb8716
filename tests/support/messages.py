"""Messages as slack-ingest makes them, for tests of what comes after it."""

import itertools
import uuid
from datetime import datetime
from typing import Any

from jeeves_contracts.delivery import ClaimItem
from jeeves_contracts.envelope import Envelope
from jeeves_contracts.ids import message_id
from jeeves_contracts.messages import MESSAGE_RECEIVED, Message, MessageReceived
from jeeves_contracts.people import Conversation, Identity
from support.clock import START

_order = itertools.count(1_764_000_000_000_000, 1_000_000)


def message(text: str = "weather in Paris", *, user: str = "U1", team: str = "T1", **more: Any) -> MessageReceived:
    """A top-level mention in `channel`; a reply in a thread where `thread` is given."""
    order = more.pop("order", None) or next(_order)
    ts = f"{order // 1_000_000}.{order % 1_000_000:06d}"
    channel, thread = more.pop("channel", "C1"), more.pop("thread", None)
    installation = f"slack:{team}"
    return MessageReceived(
        message_id=message_id(installation, channel, ts),
        trigger=more.pop("trigger", "message"),
        text=text,
        identity=Identity(platform="slack", workspace_id=team, user_id=user),
        conversation=Conversation(
            installation_id=installation,
            channel_id=channel,
            thread_id=thread or ts,
            in_thread=thread is not None,
            is_direct=more.pop("is_direct", False),
        ),
        order=order,
        received_at=more.pop("received_at", START),
        **more,
    )


def item(said: Message | None = None, *, delivery: str | None = None, yielded: bool = False) -> ClaimItem:
    """One delivery of a message."""
    return ClaimItem(delivery_id=delivery or str(uuid.uuid4()), yielded=yielded, message=said or message())


def envelope(said: Message, *, delivery: str | None = None, at: datetime = START) -> Envelope[Message]:
    """What the bus carries."""
    return Envelope[Message](
        id=delivery or str(uuid.uuid4()),
        source="slack-ingest",
        type=MESSAGE_RECEIVED,
        time=at,
        installationid=said.conversation.installation_id,
        correlationid=said.message_id,
        data=said,
    )
