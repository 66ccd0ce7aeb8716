"""Take and settle: who may send a reply, and what became of it (docs/protocol.md, steps 6 and 7)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from prometheus_client import Counter
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Reply
from jeeves_contracts.delivery import (
    Busy,
    Send,
    SettleAnswer,
    Settled,
    SettleItem,
    SettleRequest,
    SettleResult,
    TakeAnswer,
    TakeItem,
    TakeRequest,
    TakeResult,
)  # fmt: skip
from jeeves_contracts.ids import reply_id, split_reply_id
from jeeves_contracts.messages import Message
from jeeves_service.clock import Clock
from users_service.domain import takes as domain
from users_service.domain.takes import Later, ReplyRow, Taken, asked_at
from users_service.engine import Database
from users_service.repository import replies
from users_service.scope import OPERATOR
from users_service.service.batches import each_or_all

NOWHERE = ("", 0)


def _name(reply: str) -> tuple[str, int]:
    try:
        return split_reply_id(reply)
    except ValueError:
        return NOWHERE


class Sending:
    """Hands replies out to senders and hears what became of them, many at once."""

    def __init__(self, database: Database, clock: Clock, resent: Counter) -> None:
        """`resent` counts the posts made again in doubt that could not be looked up."""
        self._database, self._clock, self._resent = database, clock, resent

    async def take(self, request: TakeRequest) -> TakeAnswer:
        """Hand out the reply, or an earlier one of its message. Raises TransientError when the database is away."""
        return TakeAnswer(
            results=await each_or_all(self._take, request.items, lambda _: Busy(seconds=domain.FRESH.total_seconds()))
        )

    async def _take(self, items: Sequence[TakeItem]) -> list[TakeResult]:
        names = [_name(item.reply_id) for item in items]
        async with self._database.write() as connection:
            rows = await replies.locked(OPERATOR, connection, {message for message, _ in names})
            verdicts: list[Taken | Later | None] = []
            numbers: list[int] = []
            changes: list[dict[str, Any]] = []
            for (message, n), item in zip(names, items, strict=True):
                mine = rows.get(message, [])
                verdict = domain.take(mine, n, item, self._clock.now())
                verdicts.append(verdict)
                numbers.append(self._write(mine, verdict, changes) if isinstance(verdict, Taken) else 0)
            last = {(change["message_id"], change["n"]): change for change in changes}
            await replies.update(OPERATOR, connection, list(last.values()))
            handed = await self._handed(connection, names, verdicts, numbers)
        blind = (isinstance(sent, Send) and item.number and item.blind for item, sent in zip(items, handed, strict=True))
        self._resent.inc(sum(map(bool, blind)))
        return handed

    def _write(self, rows: list[ReplyRow], taken: Taken, changes: list[dict[str, Any]]) -> int:
        """Note a take for the database, and in `rows` for the rest of the batch; return its number."""
        now = self._clock.now()
        at = next(at for at, row in enumerate(rows) if row.n == taken.n)
        row = rows[at] = ReplyRow(rows[at].message_id, taken.n, "sending", rows[at].take + 1, now, taken.resent)
        change = {"message_id": row.message_id, "n": row.n, "state": row.state, "take": row.take, "taken_at": now}
        changes.append(change | {"resent_in_doubt": row.resent})
        return row.take

    async def _handed(
        self,
        connection: AsyncConnection,
        names: list[tuple[str, int]],
        verdicts: list[Taken | Later | None],
        numbers: list[int],
    ) -> list[TakeResult]:
        wanted = {(name[0], v.n) for name, v in zip(names, verdicts, strict=True) if isinstance(v, Taken)}
        told = await replies.contents(OPERATOR, connection, wanted) if wanted else {}
        results: list[TakeResult] = []
        for (message_id, _), verdict, number in zip(names, verdicts, numbers, strict=True):
            if verdict is None:
                results.append(Settled())
            elif isinstance(verdict, Later):
                results.append(Busy(seconds=verdict.seconds))
            elif send := _send(message_id, verdict, number, told[message_id, verdict.n]):
                results.append(send)
            else:
                gone = {"state": "refused", "reason": "unreadable", "settled_at": self._clock.now()}
                await replies.update(OPERATOR, connection, [{"message_id": message_id, "n": verdict.n, **gone}])
                results.append(Busy(seconds=0))
        return results

    async def settle(self, request: SettleRequest) -> SettleAnswer:
        """Store what became of posts. Raises TransientError when the database is away."""
        return SettleAnswer(results=await each_or_all(self._settle, request.items, lambda _: SettleResult(state="stale")))

    async def _settle(self, items: Sequence[SettleItem]) -> list[SettleResult]:
        names = [_name(item.reply_id) for item in items]
        now = self._clock.now()
        async with self._database.write() as connection:
            rows = await replies.locked(OPERATOR, connection, {message for message, _ in names})
            results, changes = [], []
            for (message, n), item in zip(names, items, strict=True):
                mine = rows.get(message, [])
                at = next((at for at, row in enumerate(mine) if row.n == n), None)
                row = None if at is None else mine[at]
                holds = domain.settles(row, item)
                if holds and at is not None and mine[at].state == "sending":
                    mine[at] = replace(mine[at], state=item.outcome)
                    change = {"state": item.outcome, "ts": item.ts, "reason": item.reason, "settled_at": now}
                    changes.append({"message_id": message, "n": n, **change})
                results.append(SettleResult(state="settled" if holds else "stale"))
            await replies.update(OPERATOR, connection, changes)
        return results


def _send(message_id: str, taken: Taken, number: int, told: tuple[Any, Any, str]) -> Send | None:
    """Return what to send; None for what is erased or cannot be read."""
    content, data, trigger = told
    try:
        message = Message.model_validate(data, strict=False)
        return Send(
            reply_id=reply_id(message_id, taken.n),
            number=number,
            in_doubt=taken.in_doubt,
            scheduled=trigger == "schedule",
            asked_at=None if trigger == "schedule" else asked_at(message),
            conversation=message.conversation,
            user_id=message.identity.user_id,
            reply=Reply.model_validate(content),
        )
    except ValidationError:
        return None
