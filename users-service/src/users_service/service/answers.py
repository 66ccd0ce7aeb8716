"""Begin and answer: what came of a message, stored with all that it changes (docs/protocol.md, steps 3 and 4)."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.delivery import AnswerAnswer, AnswerItem, AnswerRequest, AnswerResult, BeginAnswer, BeginRequest
from jeeves_contracts.registry import Registry
from jeeves_service.clock import Clock
from users_service.domain.claims import Row
from users_service.engine import Database
from users_service.repository import messages, people, replies
from users_service.repository.facts import Origin
from users_service.scope import OPERATOR
from users_service.service import changes
from users_service.service.batches import database, each_or_all
from users_service.service.changes import ChangeRefusedError
from users_service.service.features import Features


class Answers:
    """Takes answers in, many at once."""

    def __init__(self, database: Database, clock: Clock, actions: Features) -> None:
        self._database, self._clock, self._actions = database, clock, actions

    async def begin(self, request: BeginRequest) -> BeginAnswer:
        """Note under a fence that an external call begins, or that it surely was not taken. Raises TransientError."""
        with database():
            return await self._begin(request)

    async def _begin(self, request: BeginRequest) -> BeginAnswer:
        async with self._database.write() as connection:
            row = (await messages.locked(OPERATOR, connection, [request.message_id])).get(request.message_id)
            if not _holds(row, request.fence):
                return BeginAnswer(state="stale")
            noted = {"message_id": request.message_id, "external_fence": 0 if request.taken_back else request.fence}
            await messages.update(OPERATOR, connection, [noted])
            return BeginAnswer(state="noted")

    async def answer(self, request: AnswerRequest) -> AnswerAnswer:
        """Store each answer, or say why not. Raises TransientError when the database is away."""

        def alone(error: Exception) -> AnswerResult:
            return AnswerResult(state="refused", reason=f"it cannot be stored: {error.__class__.__name__}")

        return AnswerAnswer(results=await each_or_all(self._answer, request.items, alone))

    async def _answer(self, items: Sequence[AnswerItem]) -> list[AnswerResult]:
        registry = await self._actions.current()
        async with self._database.write() as connection:
            ids = {item.message_id for item in items}
            rows = await messages.locked(OPERATOR, connection, ids)
            told = await messages.told(OPERATOR, connection, ids)
            # Two batches may change the facts of the same people: in one order, and each change sees what the other did.
            changed = {told[i.message_id].person_id for i in items if i.changes and i.message_id in told}
            await people.lock(OPERATOR, connection, changed)
            had = await replies.counts(OPERATOR, connection, ids)
            results: list[AnswerResult] = []
            stored: list[tuple[AnswerItem, Row]] = []
            for item in items:
                row = rows.get(item.message_id)
                result = await self._apply(connection, item, row, told.get(item.message_id), registry)
                if result.state == "stored" and row is not None and row.state == "claimed":  # else the same fence again
                    stored.append((item, row))
                    rows[item.message_id] = replace(row, state=item.outcome)
                results.append(result)
            await self._store(connection, stored, told, had)
            unsent = await replies.unsent(OPERATOR, connection, ids)
            return [
                AnswerResult(state="stored", replies=unsent.get(item.message_id, [])) if result.state == "stored" else result
                for item, result in zip(items, results, strict=True)
            ]

    async def _apply(
        self, connection: AsyncConnection, item: AnswerItem, row: Row | None, told: messages.Told | None, registry: Registry
    ) -> AnswerResult:
        """Apply an item's changes in a savepoint; return its result, without replies."""
        if row is None or told is None or row.fence != item.fence:
            return AnswerResult(state="stale")
        if row.state != "claimed" or not item.changes:
            return AnswerResult(state="stored")
        try:
            async with connection.begin_nested():
                feature = next((feature for feature in registry.features if feature.name == item.feature), None)
                changes.check(item.changes, feature)
                origin = Origin(told.person_id, item.message_id, self._clock.now())
                await changes.apply(OPERATOR, connection, item.changes, origin)
        except ChangeRefusedError as refused:
            return AnswerResult(state="refused", reason=str(refused))
        return AnswerResult(state="stored")

    async def _store(
        self,
        connection: AsyncConnection,
        stored: list[tuple[AnswerItem, Row]],
        told: dict[str, messages.Told],
        had: dict[str, int],
    ) -> None:
        now, states, new, done = self._clock.now(), [], [], []
        for item, row in stored:
            of = told[item.message_id]
            new += replies.pending(
                item.message_id, had.get(item.message_id, 0), item.replies, now, notice=item.outcome == "failed"
            )
            states.append(
                {
                    "message_id": item.message_id,
                    "state": item.outcome,
                    "reason": item.reason or None,
                    "replay_delivery_id": None,
                }
            )
            done.append(
                {
                    "message_id": item.message_id,
                    "fence": row.fence,
                    "installation_id": of.installation_id,
                    "person_id": of.person_id,
                    "trigger": of.trigger,
                    "feature": item.feature,
                    "command": item.command,
                    "outcome": item.outcome,
                    "duration_ms": max(0, int((now - of.created_at).total_seconds() * 1000)),
                    "at": now,
                }
            )
        await replies.insert(OPERATOR, connection, new)
        await messages.update(OPERATOR, connection, states)
        await messages.record(OPERATOR, connection, done)


def _holds(row: Row | None, fence: int) -> bool:
    return row is not None and row.state == "claimed" and row.fence == fence
