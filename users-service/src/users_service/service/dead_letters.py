"""Dead letters: kept, and the person told of a message that fails so (docs/protocol.md, step 8)."""

import hashlib
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Reply
from jeeves_contracts.delivery import ClaimItem, ReplyRef
from jeeves_contracts.envelope import Envelope
from jeeves_contracts.ids import reference, split_reply_id
from jeeves_contracts.messages import Message, ReplyRequested
from jeeves_service.clock import Clock
from jeeves_service.logs import logger
from users_service.domain.claims import Row
from users_service.domain.takes import OPEN, asked_at
from users_service.engine import Database
from users_service.repository import dead_letters, messages, people, replies
from users_service.scope import OPERATOR
from users_service.service.arrivals import store_failed, without_words
from users_service.service.batches import database, is_away
from users_service.words import words

log = logger(__name__)


@dataclass(frozen=True)
class Letter:
    """A dead letter as it came from the bus."""

    body: bytes
    origin: str
    reason: str
    tries: int

    @property
    def digest(self) -> str:
        """Tells a letter delivered again from another one."""
        return hashlib.sha256(self.origin.encode() + b"\n" + self.body).hexdigest()

    def read(self) -> Envelope[Message] | Envelope[ReplyRequested] | None:
        """Return what it holds, None when nobody can tell."""
        for kind in (Envelope[Message], Envelope[ReplyRequested]):
            try:
                return kind.from_bytes(self.body)
            except ValidationError:
                continue
        return None


class DeadLetters:
    """Stores letters and settles what hangs on them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def store(self, letter: Letter) -> list[ReplyRef]:
        """Keep a letter and fail its message or reply. Returns the replies of the message that are to be published.

        Raises TransientError when the database is away.
        """
        with database():
            try:
                return await self._store(letter, letter.read())
            except Exception as error:
                if is_away(error):
                    raise
                log.exception("a dead letter is kept without its message", digest=letter.digest)
                return await self._store(letter, None)

    async def _store(self, letter: Letter, envelope: Envelope[Message] | Envelope[ReplyRequested] | None) -> list[ReplyRef]:
        data = envelope.data if envelope else None
        kind = "message" if isinstance(data, Message) else "reply" if isinstance(data, ReplyRequested) else "unknown"
        async with self._database.write() as connection:
            if isinstance(data, Message) and await people.is_erased(OPERATOR, connection, data.identity, asked_at(data)):
                return []  # nothing of it is kept
            row = {
                "digest": letter.digest,
                "kind": kind,
                "subject": data.message_id if isinstance(data, Message) else data.reply_id if data else None,
                "installation_id": envelope.installationid if envelope else None,
                "origin": letter.origin[:100],
                "reason": letter.reason[:300],
                "tries": letter.tries,
                "body": letter.body,
                "state": "open",
                "stored_at": self._clock.now(),
            }
            await dead_letters.store(OPERATOR, connection, row)
            if isinstance(data, ReplyRequested):
                await self._refuse(connection, data)
            elif isinstance(data, Message) and envelope:
                return await self._fail(connection, ClaimItem(delivery_id=envelope.id, message=data))
        return []

    async def _refuse(self, connection: AsyncConnection, data: ReplyRequested) -> None:
        """End a reply that nobody will send. A status was never stored: nothing to do."""
        if data.kind != "reply":
            return
        try:
            message_id, n = split_reply_id(data.reply_id)
        except ValueError:  # no reply of ours
            return
        row = next(
            (r for r in (await replies.locked(OPERATOR, connection, [message_id])).get(message_id, []) if r.n == n), None
        )
        if row is not None and row.state in OPEN:
            change = {"state": "refused", "reason": "dead_letter", "take": row.take + 1, "settled_at": self._clock.now()}
            await replies.update(OPERATOR, connection, [{"message_id": message_id, "n": n, **change}])

    async def _fail(self, connection: AsyncConnection, item: ClaimItem) -> list[ReplyRef]:
        """Fail a message that is unclaimed or claimed under this delivery, with an apology; return what is unsent of it."""
        one, now = item.message.message_id, self._clock.now()
        try:
            async with connection.begin_nested():
                await store_failed(connection, item, now, "dead_letter")
        except (StatementError, UnicodeError) as error:
            if is_away(error):
                raise
            await store_failed(connection, without_words(item), now, "dead_letter")
        row = (await messages.locked(OPERATOR, connection, [one]))[one]
        if row.fence == 0 or (row.state == "claimed" and row.delivery_id == item.delivery_id):
            await self._apologise(connection, row)
        return (await replies.unsent(OPERATOR, connection, [one])).get(one, [])

    async def _apologise(self, connection: AsyncConnection, row: Row) -> None:
        had = (await replies.counts(OPERATOR, connection, [row.message_id])).get(row.message_id, 0)
        told = (await messages.told(OPERATOR, connection, [row.message_id]))[row.message_id]
        now = self._clock.now()
        failed = {"state": "failed", "fence": row.fence + 1, "reason": "dead_letter", "replay_delivery_id": None}
        await messages.update(OPERATOR, connection, [{"message_id": row.message_id, **failed}])
        if told.trigger != "schedule":
            sorry = Reply(text=words("apology", reference=reference(row.message_id)))
            await replies.insert(OPERATOR, connection, replies.pending(row.message_id, had, [sorry], now, notice=True))
