"""A message that was never seen before: its person, its installation, its row."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.delivery import ClaimItem
from jeeves_contracts.ids import reference
from users_service.repository import messages, people
from users_service.scope import OPERATOR


def message_row(
    item: ClaimItem, person_id: str, now: datetime, *, state: str = "claimed", fence: int = 1, reason: str | None = None
) -> dict[str, Any]:
    """Return the row of a message under its first claim."""
    message = item.message
    return {
        "message_id": message.message_id,
        "installation_id": message.conversation.installation_id,
        "person_id": person_id,
        "channel_id": message.conversation.channel_id,
        "thread_id": message.conversation.thread_id,
        "platform_order": message.order,
        "reference": reference(message.message_id),
        "trigger": message.trigger,
        "state": state,
        "fence": fence,
        "delivery_id": item.delivery_id,
        "claimed_at": now,
        "reason": reason,
        "data": message.model_dump(mode="json", exclude_none=True, exclude={"name", "email"}),  # these are kept of people
        "created_at": now,
    }


async def store_failed(connection: AsyncConnection, item: ClaimItem, now: datetime, reason: str) -> None:
    """Store a message that nobody ever claimed as failed under fence 0, unless it is known."""
    message = item.message
    place = (message.conversation.installation_id, message.identity.platform)
    await people.remember_installations(OPERATOR, connection, [place], now)
    person = (await people.find_or_create(OPERATOR, connection, [message.identity], now))[people.key(message.identity)]
    row = message_row(item, person.person_id, now, state="failed", fence=0, reason=reason)
    await messages.insert_new(OPERATOR, connection, [row])


def without_words(item: ClaimItem) -> ClaimItem:
    """Return an item with nothing in it but where it came from and whose it is: for what no database would store."""
    bare: dict[str, Any] = {"text": "", "args": {}, "locale": None, "timezone": None, "name": None, "email": None}
    return item.model_copy(update={"message": item.message.model_copy(update=bare)})
