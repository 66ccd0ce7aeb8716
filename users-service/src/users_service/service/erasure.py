"""Everything about a person goes, in one transaction; what must outlast it has no words, and goes within days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.envelope import Envelope
from jeeves_contracts.messages import Message, ReplyRequested
from jeeves_service.clock import Clock
from users_service.domain.traces import NOBODY, Names, names
from users_service.engine import Database
from users_service.repository import audit, counters, erasure, traces
from users_service.repository.erasure import Who
from users_service.repository.people import key
from users_service.scope import OPERATOR

KEYS = timedelta(days=8)  # for which a platform may deliver something again
UNSENT = timedelta(days=1)  # for which an answer waits to be sent, and the place where it goes is kept


@dataclass(frozen=True)
class Found:
    """How much there is about a person, or was."""

    facts: int
    schedules: int
    messages: int
    answers: int


async def find(connection: AsyncConnection, person_id: str) -> Found | None:
    """Return how much there is about a person; None where nobody has this id."""
    who = await erasure.who(OPERATOR, connection, person_id)
    return Found(**await erasure.counts(OPERATOR, connection, who.ids)) if who else None


async def erase(
    connection: AsyncConnection, person_id: str, now: datetime, *, asked_by: str | None, but: str | None = None
) -> Found | None:
    """Erase everything about a person; return how much that was, None where nobody has this id.

    `asked_by` is who asks, in the words of the audit log: None for the person. `but` is the message that asks, which is still
    to be answered: it and its answer are emptied once that is sent. What else of theirs is at work is given up.
    """
    who = await erasure.who(OPERATOR, connection, person_id)
    if who is None:
        return None
    found = Found(**await erasure.counts(OPERATOR, connection, who.ids))
    await erasure.empty_messages(OPERATOR, connection, who.ids, but)
    tokens = await erasure.delete_own(OPERATOR, connection, who.ids)
    await erasure.detach_activity(OPERATOR, connection, who.ids)
    await _clear(connection, who, tokens)
    await erasure.blank(OPERATOR, connection, who, now)
    await audit.add(OPERATOR, connection, audit.Entry(now, asked_by or NOBODY, "person.erase", NOBODY, after=dict(vars(found))))
    for revision in (counters.ERASURES, counters.ROLES):
        await counters.grow(OPERATOR, connection, revision)
    return found


async def _clear(connection: AsyncConnection, who: Who, tokens: list[str]) -> None:
    """Take them out of what is kept about others."""
    users = [(one.workspace_id, one.user_id) for one in who.identities]
    called = names({*who.ids, *await traces.labels(OPERATOR, connection, who.ids)}, users)
    await traces.clear_audit(OPERATOR, connection, called, who.ids, tokens)
    await traces.clear_grants(OPERATOR, connection, called)
    await traces.clear_answers(OPERATOR, connection, called)
    after = 0
    while letters := await traces.letters(OPERATOR, connection, after):
        replies = {letter.id: one for letter in letters if (one := _answers(letter.body))}
        theirs = await traces.said_by(OPERATOR, connection, who.ids, set(replies.values()))
        gone = [one.id for one in letters if replies.get(one.id) in theirs or _is_theirs(one.body, who, called)]
        await traces.delete_letters(OPERATOR, connection, gone)
        after = letters[-1].id


def _answers(body: bytes) -> str | None:
    """Return the message that a dead letter is a reply to; None where it is none."""
    try:
        return Envelope[ReplyRequested].from_bytes(body).data.message_id
    except ValidationError:
        return None


def _is_theirs(body: bytes, who: Who, called: Names) -> bool:
    """Say whether a dead letter is a person's: their message, or one that nobody can read and that names them."""
    try:
        said = Envelope[Message].from_bytes(body).data.identity
    except ValidationError:
        return called.are_in(body.decode(errors="replace"))
    return key(said) in {key(one) for one in who.identities}


class Leftovers:
    """Looks after what an erasure had to leave: every minute the words of answers that are sent by now, after days the keys."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def tidy(self) -> int:
        """Do all that can be done; return how many rows were emptied or deleted."""
        async with self._database.read() as connection:
            erased = await erasure.unfinished(OPERATOR, connection)
        return sum([await self._finish(row.id, row.erased_at) for row in erased])

    async def _finish(self, person_id: str, erased_at: datetime) -> int:
        now, done = self._clock.now(), 0
        while True:
            async with self._database.write() as connection:
                unsent = now - erased_at >= UNSENT
                ids = await erasure.leftovers(OPERATOR, connection, person_id, erased_at, unsent=unsent)
                await erasure.empty(OPERATOR, connection, ids)
                await erasure.detach_activity(OPERATOR, connection, [person_id], erased_at)
            done += len(ids)
            if not ids:
                break
        if now - erased_at < KEYS:
            return done
        while gone := await self._forget(person_id, erased_at):
            done += gone
        async with self._database.write() as connection:
            await erasure.close(OPERATOR, connection, person_id, erased_at)
        return done

    async def _forget(self, person_id: str, erased_at: datetime) -> int:
        async with self._database.write() as connection:
            return await erasure.forget(OPERATOR, connection, person_id, erased_at)
