"""Begin and answer: what came of a message, stored with all that it changes (docs/protocol.md, steps 3 and 4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.asks import EraseAsk
from jeeves_contracts.delivery import AnswerAnswer, AnswerItem, AnswerRequest, AnswerResult, BeginAnswer, BeginRequest
from jeeves_contracts.registry import Registry
from jeeves_service.clock import Clock
from users_service.domain import facts as rules
from users_service.domain.changes import ChangeRefusedError, Origin
from users_service.domain.claims import Row
from users_service.domain.replies import greeted
from users_service.engine import Database
from users_service.repository import counters, messages, people, replies
from users_service.scope import OPERATOR
from users_service.service.batches import database, each_or_all
from users_service.service.effects import carry_out, has_effects
from users_service.service.features import Features
from users_service.service.roles import Roles
from users_service.words import words

MAX_MEMO = 4000  # bytes of JSON
LONGEST = 2**31 - 1  # milliseconds that fit: a dead letter may be replayed weeks later
GREETING = (None, "hi"), (None, "help")  # answers that are a greeting themselves, by feature and command


@dataclass
class _Batch:
    """What one transaction knows. `greeted` is kept up with whom the batch itself greets."""

    now: datetime
    registry: Registry
    rows: dict[str, Row]
    told: dict[str, messages.Told]
    places: dict[str, messages.Place]
    greeted: dict[str, datetime | None]
    had: dict[str, int]
    welcomed: set[str] = field(default_factory=set)

    def origin(self, message_id: str, roles: Roles) -> Origin:
        """Return whose changes this message asks for, and from where."""
        told, place = self.told[message_id], self.places[message_id]
        is_admin = roles.scope_of(place.identity, told.installation_id, told.person_id) is not None
        return Origin(told.person_id, message_id, self.now, place.identity, place.conversation, is_admin, told.locale)


class Answers:
    """Takes answers in, many at once."""

    def __init__(self, database: Database, clock: Clock, actions: Features, roles: Roles) -> None:
        self._database, self._clock, self._actions, self._roles = database, clock, actions, roles

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
            return AnswerResult(state="refused", reason=words("refused.unstorable", error=error.__class__.__name__))

        return AnswerAnswer(results=await each_or_all(self._answer, request.items, alone))

    async def _answer(self, items: Sequence[AnswerItem]) -> list[AnswerResult]:
        async with self._database.write() as connection:
            ids = {item.message_id for item in items}
            batch = await self._look(connection, items, ids)
            results: list[AnswerResult] = []
            stored: list[tuple[AnswerItem, Row]] = []
            for given in items:
                row = batch.rows.get(given.message_id)
                item, result = await self._apply(connection, given, batch)
                if result.state == "stored" and row is not None and row.state == "claimed":  # else the same fence again
                    stored.append((self._welcome(item, batch), row))
                    batch.rows[item.message_id] = replace(row, state=item.outcome)
                    if _erases(item):
                        stored = await self._erased(connection, stored, batch)
                results.append(result)
            await self._store(connection, stored, batch)
            unsent = await replies.unsent(OPERATOR, connection, ids)
            return [
                AnswerResult(state="stored", replies=unsent.get(item.message_id, [])) if result.state == "stored" else result
                for item, result in zip(items, results, strict=True)
            ]

    async def _look(self, connection: AsyncConnection, items: Sequence[AnswerItem], ids: set[str]) -> _Batch:
        rows = await messages.locked(OPERATOR, connection, ids)
        told = await messages.told(OPERATOR, connection, ids)
        # Two batches may change the facts of the same people, or greet them: in one order, and each sees what the other did.
        effects = [item for item in items if item.message_id in told and has_effects(item)]
        new = {told[item.message_id].person_id for item in items if item.message_id in told and _greets(item, told)}
        changing = {told[item.message_id].person_id for item in effects}
        places = await messages.places(OPERATOR, connection, {item.message_id for item in effects}) if effects else {}
        registry = Registry(revision=0)
        if effects:
            seen = await counters.revisions(OPERATOR, connection)
            registry = await self._actions.seen_by(connection, seen)
            await self._roles.refresh(connection, seen)
        shared = {told[item.message_id].installation_id for item in effects if _is_shared(item)}
        greeted = await people.lock(OPERATOR, connection, changing | new, shared)
        had = await replies.counts(OPERATOR, connection, ids)
        return _Batch(self._clock.now(), registry, rows, told, places, greeted, had)

    async def _apply(self, connection: AsyncConnection, item: AnswerItem, batch: _Batch) -> tuple[AnswerItem, AnswerResult]:
        """Carry out what an item asks for in a savepoint; return it with the replies of that, and its result without any."""
        row = batch.rows.get(item.message_id)
        if row is None or item.message_id not in batch.told or row.fence != item.fence:
            return item, AnswerResult(state="stale")
        if row.state != "claimed":
            return item, AnswerResult(state="stored")
        if item.memo and len(to_json(item.memo)) > MAX_MEMO:
            return item, AnswerResult(state="refused", reason=words("refused.memo", limit=MAX_MEMO))
        if not has_effects(item):
            return item, AnswerResult(state="stored")
        try:
            async with connection.begin_nested():
                item = await carry_out(connection, item, batch.origin(item.message_id, self._roles), batch.registry)
        except ChangeRefusedError as refused:
            return item, AnswerResult(state="refused", reason=str(refused), told=True)
        return item, AnswerResult(state="stored")

    async def _erased(
        self, connection: AsyncConnection, stored: list[tuple[AnswerItem, Row]], batch: _Batch
    ) -> list[tuple[AnswerItem, Row]]:
        """After somebody was erased, give up what else of theirs is in this batch; return what is still to be stored."""
        fresh = await messages.locked(OPERATOR, connection, batch.rows.keys())
        gone = {one for one, row in fresh.items() if row.fence != batch.rows[one].fence}
        batch.rows |= {one: fresh[one] for one in gone}
        batch.welcomed -= {batch.told[one].person_id for one in gone}
        return [(item, row) for item, row in stored if item.message_id not in gone]

    def _welcome(self, item: AnswerItem, batch: _Batch) -> AnswerItem:
        """Let somebody's first answer begin with a greeting, unless it is one."""
        of = batch.told[item.message_id]
        if not _greets(item, batch.told) or batch.greeted.get(of.person_id) or of.person_id in batch.welcomed:
            return item
        if not item.replies:
            return item
        batch.welcomed.add(of.person_id)
        if (item.feature, item.command) in GREETING:
            return item
        return item.model_copy(update={"replies": greeted(item.replies, of.locale)})

    async def _store(self, connection: AsyncConnection, stored: list[tuple[AnswerItem, Row]], batch: _Batch) -> None:
        now, states, new, done = batch.now, [], [], []
        for item, row in stored:
            of, notice = batch.told[item.message_id], item.outcome == "failed"
            new += replies.pending(item.message_id, batch.had.get(item.message_id, 0), item.replies, now, notice=notice)
            states.append(_state(item))
            done.append(_activity(item, row, of, now))
        await replies.insert(OPERATOR, connection, new)
        await messages.update(OPERATOR, connection, states)
        await messages.record(OPERATOR, connection, done)
        await people.greet(OPERATOR, connection, batch.welcomed, now)


def _greets(item: AnswerItem, told: dict[str, messages.Told]) -> bool:
    """Say whether an answer may be somebody's first to what they said."""
    of = told[item.message_id]
    speaks = (bool(item.replies) or has_effects(item)) and not _erases(item)
    return of.greeted_at is None and of.trigger != "schedule" and item.outcome == "answered" and speaks


def _erases(item: AnswerItem) -> bool:
    """Say whether an answer erases its person."""
    return isinstance(item.ask, EraseAsk) and item.ask.confirmed


def _is_shared(item: AnswerItem) -> bool:
    """Say whether an answer may change what others know, too."""
    return item.undo is not None or any(getattr(change, "scope", "person") != "person" for change in item.changes)


def _state(item: AnswerItem) -> dict[str, Any]:
    return {
        "message_id": item.message_id,
        "state": item.outcome,
        "reason": item.reason or None,
        "feature": item.feature,
        "command": item.command,
        "memo": rules.cleaned(item.memo) or None,
        "replay_delivery_id": None,
    }


def _activity(item: AnswerItem, row: Row, of: messages.Told, now: datetime) -> dict[str, Any]:
    return {
        "message_id": item.message_id,
        "fence": row.fence,
        "installation_id": of.installation_id,
        "person_id": of.person_id,
        "trigger": of.trigger,
        "feature": item.feature,
        "command": item.command,
        "outcome": item.outcome,
        "duration_ms": min(LONGEST, max(0, int((now - of.created_at).total_seconds() * 1000))),
        "at": now,
    }


def _holds(row: Row | None, fence: int) -> bool:
    return row is not None and row.state == "claimed" and row.fence == fence
