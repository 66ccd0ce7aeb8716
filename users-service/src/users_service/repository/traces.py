"""What names an erased person elsewhere: the audit log, who granted a role, dead letters, answers to repeated requests."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection

from users_service.domain.traces import NOBODY, Names
from users_service.models import audit, dead_letters, idempotency, messages, roles
from users_service.scope import Operator

LETTERS, ANSWERS = 20, 100  # rows that are looked at at once: a body has up to 1 MB


async def labels(_scope: Operator, connection: AsyncConnection, ids: Collection[str]) -> set[str]:
    """Return what people are called where they changed something: by the names of their tokens, of those that ended, too."""
    return set((await connection.execute(sa.select(audit.c.actor).where(audit.c.person_id.in_(ids)).distinct())).scalars())


async def clear_audit(
    _scope: Operator, connection: AsyncConnection, names: Names, ids: Collection[str], things: Collection[str]
) -> None:
    """Replace a person in the audit log, whose entries stay. What an entry about them, or about a thing of theirs, says goes.

    `ids` are the person's own, `things` those of what was theirs alone: tokens.
    """
    texts = [audit.c.subject, audit.c.actor, sa.cast(audit.c.before, sa.Text), sa.cast(audit.c.after, sa.Text)]
    named = [text.contains(word, autoescape=True) for text in texts for word in names.words]
    found = sa.or_(audit.c.person_id.in_(ids), audit.c.subject.in_(things), *named)
    for row in list(await connection.execute(sa.select(audit).where(found))):
        around = f"{row.installation_id} {row.subject} {to_json([row.before, row.after]).decode()}"
        theirs, about = row.person_id in ids, names.are_in(row.subject, around)
        is_gone = about or row.subject in things
        values: dict[str, Any] = {
            "actor": NOBODY if theirs or names.are_in(row.actor, around) else row.actor,
            "person_id": None if theirs else row.person_id,
            "subject": NOBODY if about else row.subject,
            "before": None if is_gone else names.taken_out(row.before, around),
            "after": None if is_gone else names.taken_out(row.after, around),
        }
        await connection.execute(audit.update().where(audit.c.id == row.id).values(values))


async def clear_grants(_scope: Operator, connection: AsyncConnection, names: Names) -> None:
    """Replace a person where they granted roles to others."""
    for row in list(await connection.execute(sa.select(roles.c.installation_id, roles.c.person_id, roles.c.granted_by))):
        if names.are_in(row.granted_by, row.installation_id):
            which = (roles.c.installation_id == row.installation_id, roles.c.person_id == row.person_id)
            await connection.execute(roles.update().where(*which).values(granted_by=NOBODY))


async def letters(_scope: Operator, connection: AsyncConnection, after: int) -> list[Any]:
    """Return some dead letters (id, body), in the order of their ids, those after one."""
    query = sa.select(dead_letters.c.id, dead_letters.c.body).where(dead_letters.c.id > after)
    return list(await connection.execute(query.order_by(dead_letters.c.id).limit(LETTERS)))


async def delete_letters(_scope: Operator, connection: AsyncConnection, ids: Collection[int]) -> None:
    """Delete dead letters."""
    if ids:
        await connection.execute(dead_letters.delete().where(dead_letters.c.id.in_(ids)))


async def said_by(_scope: Operator, connection: AsyncConnection, ids: Collection[str], wanted: Collection[str]) -> set[str]:
    """Return those of the messages that these people said."""
    mine = (messages.c.message_id.in_(wanted), messages.c.person_id.in_(ids))
    return set((await connection.execute(sa.select(messages.c.message_id).where(*mine))).scalars())


async def clear_answers(_scope: Operator, connection: AsyncConnection, names: Names) -> None:
    """Forget the answers to requests with an Idempotency-Key that name a person."""
    after = ""
    columns = (idempotency.c.digest, idempotency.c.body, idempotency.c.headers)
    while True:
        query = sa.select(*columns).where(idempotency.c.digest > after).order_by(idempotency.c.digest).limit(ANSWERS)
        rows = list(await connection.execute(query))
        gone = [row.digest for row in rows if names.are_in(f"{row.headers} {row.body.decode(errors='replace')}")]
        if gone:
            await connection.execute(idempotency.delete().where(idempotency.c.digest.in_(gone)))
        if len(rows) < ANSWERS:
            return
        after = rows[-1].digest
