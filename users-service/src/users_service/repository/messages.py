"""Messages and their states."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.base import Json
from jeeves_contracts.people import Conversation, Identity
from users_service.domain.claims import Row
from users_service.domain.takes import OPEN
from users_service.models import activity, messages, people, replies
from users_service.repository.statements import among, insert_missing, within, write_columns
from users_service.scope import Operator, Scope

Thread = tuple[str, str]  # person_id, thread_id
COLUMNS = (
    messages.c.message_id, messages.c.state, messages.c.fence, messages.c.delivery_id, messages.c.claimed_at,
    messages.c.external_fence, messages.c.replay_delivery_id, messages.c.reason,
)  # fmt: skip


async def insert_new(_scope: Operator, connection: AsyncConnection, rows: list[dict[str, Any]]) -> set[str]:
    """Insert the messages that are not known yet, and return their ids."""
    return await insert_missing(connection, messages, rows, returning="message_id")


async def locked(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> dict[str, Row]:
    """Return messages by id, held until the transaction ends. In the order of ids, so that two batches cannot deadlock."""
    return {row[0]: Row(*row) for row in await connection.execute(_locked(connection.dialect.name, scope), {"ids": list(ids)})}


@lru_cache
def _locked(dialect: str, scope: Scope) -> Any:
    which = (among(dialect, messages.c.message_id, "ids"), within(scope, messages.c.installation_id))
    query = sa.select(*COLUMNS).where(*which)
    return query.order_by(messages.c.message_id).with_for_update()


async def unanswered(
    scope: Scope, connection: AsyncConnection, threads: Collection[Thread], since: datetime
) -> list[tuple[Thread, int, str]]:
    """Return (thread, order, message_id) of messages claimed after `since` that are claimed or have a reply unsent."""
    unsent = sa.exists().where(replies.c.message_id == messages.c.message_id, replies.c.state.in_(OPEN))
    query = sa.select(messages.c.person_id, messages.c.thread_id, messages.c.platform_order, messages.c.message_id).where(
        sa.tuple_(messages.c.person_id, messages.c.thread_id).in_(list(threads)),
        messages.c.claimed_at > since,
        sa.or_(messages.c.state == "claimed", unsent),
        within(scope, messages.c.installation_id),
    )
    return [((row[0], row[1]), row[2], row[3]) for row in await connection.execute(query)]


async def counts_since(scope: Scope, connection: AsyncConnection, persons: Collection[str], since: datetime) -> dict[str, int]:
    """Count each person's messages claimed after `since`."""
    found = await connection.execute(_counts_since(connection.dialect.name, scope), {"persons": list(persons), "since": since})
    return {row[0]: row[1] for row in found}


@lru_cache
def _counts_since(dialect: str, scope: Scope) -> Any:
    which = (among(dialect, messages.c.person_id, "persons"), messages.c.claimed_at > sa.bindparam("since"))
    query = sa.select(messages.c.person_id, sa.func.count()).where(*which, within(scope, messages.c.installation_id))
    return query.group_by(messages.c.person_id)


async def update(_scope: Operator, connection: AsyncConnection, changes: Sequence[dict[str, Any]]) -> None:
    """Write columns of messages, each given with its `message_id`; all changes have the same columns."""
    await write_columns(connection, messages, ("message_id",), changes)


async def data_of(scope: Scope, connection: AsyncConnection, message_id: str) -> Json | None:
    """Return what was said, or None when it is erased or was never stored."""
    query = sa.select(messages.c.data).where(messages.c.message_id == message_id, within(scope, messages.c.installation_id))
    data: Json | None = (await connection.execute(query)).scalar_one_or_none()
    return data


async def of_reference(scope: Scope, connection: AsyncConnection, reference: str | None) -> list[Any]:
    """Return the messages (id, person, what answered, data) that a reference may mean: more than one by a rare chance."""
    if reference is None:
        return []
    columns = (messages.c.message_id, messages.c.person_id, messages.c.feature, messages.c.command, messages.c.data)
    query = sa.select(*columns).where(messages.c.reference == reference, within(scope, messages.c.installation_id))
    return list(await connection.execute(query.order_by(messages.c.message_id)))


async def held_by(scope: Scope, connection: AsyncConnection, message_id: str, fence: int) -> Any | None:
    """Return a message (person, installation, whether an admin, data) that is claimed under a fence, else None."""
    query = (
        sa.select(messages.c.person_id, messages.c.installation_id, messages.c.data, people.c.locale, people.c.timezone)
        .join(people, people.c.id == messages.c.person_id)
        .where(messages.c.message_id == message_id, messages.c.fence == fence, messages.c.state == "claimed")
        .where(messages.c.data.is_not(None), within(scope, messages.c.installation_id))
    )
    return (await connection.execute(query)).one_or_none()


async def record(_scope: Operator, connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    """Add activity, once for each message and fence."""
    if rows:
        await insert_missing(connection, activity, rows)


@dataclass(frozen=True)
class Told:
    """What a message says about itself and its person, for the records of its answer."""

    installation_id: str
    person_id: str
    trigger: str
    created_at: datetime
    greeted_at: datetime | None
    locale: str | None


async def told(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> dict[str, Told]:
    """Return whose messages these are."""
    return {
        row[0]: Told(*row[1:]) for row in await connection.execute(_told(connection.dialect.name, scope), {"ids": list(ids)})
    }


@lru_cache
def _told(dialect: str, scope: Scope) -> Any:
    return (
        sa.select(
            messages.c.message_id, messages.c.installation_id, messages.c.person_id, messages.c.trigger, messages.c.created_at,
            people.c.greeted_at, people.c.locale,
        )
        .join(people, people.c.id == messages.c.person_id)
        .where(among(dialect, messages.c.message_id, "ids"), within(scope, messages.c.installation_id))
    )  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Who said a message, and where."""

    identity: Identity
    conversation: Conversation


async def places(scope: Scope, connection: AsyncConnection, ids: Collection[str]) -> dict[str, Place]:
    """Return where these messages were said, of those that are not erased."""
    query = sa.select(messages.c.message_id, messages.c.data).where(messages.c.message_id.in_(ids))
    query = query.where(messages.c.data.is_not(None), within(scope, messages.c.installation_id))
    return {row.message_id: place_of(row.data) for row in await connection.execute(query)}


def place_of(data: Any) -> Place:
    """Read who spoke, and where, out of a message's stored data."""
    return Place(Identity.model_validate(data["identity"]), Conversation.model_validate(data["conversation"]))
