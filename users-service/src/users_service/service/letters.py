"""What operators do with dead letters: look, replay, drop (docs/protocol.md, step 8)."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.envelope import Envelope, routing_key
from jeeves_contracts.messages import JOB_DUE, MESSAGE_RECEIVED, Message
from jeeves_service.bus.port import Bus
from jeeves_service.errors import ConflictError, NotFoundError
from users_service.repository import dead_letters, messages
from users_service.scope import Operator


@dataclass(frozen=True)
class Marked:
    """A letter that was marked for a replay. `message` is what it held, None where nobody can tell: then it goes back whole."""

    row: Any
    message: Message | None
    delivery_id: str


async def one(scope: Operator, connection: AsyncConnection, letter: int) -> Any:
    """Return a letter, held until the transaction ends. Raises NotFoundError."""
    row = await dead_letters.one(scope, connection, letter)
    if row is None:
        raise NotFoundError("There is no such dead letter.")
    return row


async def drop(scope: Operator, connection: AsyncConnection, letter: int) -> Any:
    """Give a letter up for good; return it as it was. Raises NotFoundError, ConflictError."""
    row = await one(scope, connection, letter)
    if row.state == "dropped":
        raise ConflictError("It was dropped before.")
    await dead_letters.mark(scope, connection, letter, "dropped")
    return row


async def mark(scope: Operator, connection: AsyncConnection, letter: int) -> Marked:
    """Mark a letter's message for one more claim: it is to be published once that is committed.

    Marked again before it has failed again, it is the same claim. Raises NotFoundError, ConflictError.
    """
    row = await one(scope, connection, letter)
    if row.state == "dropped":
        raise ConflictError("It was dropped, and that is final.")
    if row.kind == "reply":
        raise ConflictError("A reply is not replayed: its message is answered already.")
    marked = await _marked(scope, connection, row)
    await dead_letters.mark(scope, connection, letter, "replayed")
    return marked


async def _marked(scope: Operator, connection: AsyncConnection, row: Any) -> Marked:
    if row.kind == "message" and row.subject:
        known = (await messages.locked(scope, connection, [row.subject])).get(row.subject)
        if known is not None:
            said = await messages.data_of(scope, connection, row.subject)
            if known.state != "failed" or said is None:
                raise ConflictError("Only a message that has failed, and is not erased, can be replayed.")
            new = known.replay_delivery_id or str(uuid.uuid4())  # marked, perhaps not published: the same mark again
            await messages.update(scope, connection, [{"message_id": row.subject, "replay_delivery_id": new}])
            return Marked(row, Message.model_validate(said, strict=False), new)
    return Marked(row, None, "")


async def publish(bus: Bus, marked: Marked, now: datetime) -> None:
    """Put a marked letter back on its way. Raises BusUnavailableError: then it may be replayed again."""
    message = marked.message
    if message is None:
        await bus.send(marked.row.origin, marked.row.body)
        return
    event = JOB_DUE if message.trigger == "schedule" else MESSAGE_RECEIVED
    envelope = Envelope[Message](
        id=marked.delivery_id,
        source="users-service",
        type=event,
        time=now,
        installationid=message.conversation.installation_id,
        correlationid=message.message_id,
        data=message,
    )
    await bus.publish(routing_key(event, message.identity.platform), envelope.to_bytes())
