"""Claim: who may work on a message, and with what (docs/protocol.md, step 2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.delivery import (
    Bad,
    ClaimAnswer,
    ClaimItem,
    ClaimRequest,
    Over,
    ReplyRef,
    Unsent,
    Verdict,
    Wait,
    Yours,
)  # fmt: skip
from jeeves_service.clock import Clock
from users_service.domain import claims as domain
from users_service.domain.claims import Decision, Row
from users_service.domain.takes import asked_at
from users_service.engine import Database
from users_service.repository import counters, messages, people, replies
from users_service.repository.counters import ERASURES
from users_service.repository.people import Key, Person
from users_service.scope import OPERATOR
from users_service.service.arrivals import message_row
from users_service.service.batches import OvertakenError, each_or_all
from users_service.service.contexts import Claimed, Contexts, tells_more
from users_service.service.features import Features
from users_service.service.pausing import Gate, PausedError, over
from users_service.service.roles import Roles


@dataclass
class _Batch:
    """What one transaction has learned so far. `known` is kept up with what the batch itself writes."""

    now: datetime
    people: dict[Key, Person]
    places: set[tuple[str, str]]
    counts: dict[str, int] = field(default_factory=dict)
    elders: list[tuple[messages.Thread, int, str]] = field(default_factory=list)
    known: dict[str, Row] = field(default_factory=dict)
    unsent: dict[str, list[ReplyRef]] = field(default_factory=dict)

    @property
    def persons(self) -> set[str]:
        return {person.person_id for person in self.people.values()}

    def person(self, item: ClaimItem) -> Person:
        return self.people[people.key(item.message.identity)]

    def thread(self, item: ClaimItem) -> messages.Thread:
        return self.person(item).person_id, item.message.conversation.thread_id

    def is_erased(self, item: ClaimItem) -> bool:
        """Say whether its person had everything erased after they said it: then it is taken up no more."""
        erased_at = self.person(item).erased_at
        return erased_at is not None and asked_at(item.message) <= erased_at

    def has_elder(self, item: ClaimItem) -> bool:
        """Only a reply in a thread can have one: a top-level message is the first of its own thread."""
        mine = (self.thread(item), item.message.order)
        return item.message.conversation.in_thread and any(t == mine[0] and order < mine[1] for t, order, _ in self.elders)


class Claims:
    """Judges claims, many at once."""

    def __init__(self, database: Database, clock: Clock, roles: Roles, actions: Features) -> None:
        self._database, self._clock, self._roles, self._actions = database, clock, roles, actions
        self._installations: set[tuple[str, str]] = set()
        self._gate = Gate(database, clock)
        self._erasures: int | None = None

    async def claim(self, request: ClaimRequest) -> ClaimAnswer:
        """Judge each item. Raises TransientError when the database is away, or the actions are not known yet."""
        await self._actions.settle()
        verdicts = await each_or_all(self._unless_paused, request.items, lambda error: Bad(reason=error.__class__.__name__))
        registry = self._actions.kept if request.items else await self._actions.current()
        return ClaimAnswer(verdicts=verdicts, registry=None if registry.revision == request.registry_revision else registry)

    async def _unless_paused(self, items: Sequence[ClaimItem]) -> list[Verdict]:
        """Judge, and while everything is paused take nothing: that costs a question of its own only then."""
        verdicts = await self._gate.held_back(items) if self._gate.is_closed else None
        while verdicts is None:
            try:
                verdicts = await self._claim(items)
            except PausedError:
                verdicts = await self._gate.held_back(items)
        return verdicts

    async def _claim(self, items: Sequence[ClaimItem]) -> list[Verdict]:
        if not items:
            return []
        ordered = sorted(range(len(items)), key=lambda at: items[at].message.message_id)
        async with self._database.write() as connection:
            if self._erasures is None:
                self._erasures = (await counters.revisions(OPERATOR, connection)).get(ERASURES, 0)
            erasures = self._erasures
            batch = await self._look(connection, items)
            fresh = await self._insert(connection, batch, [items[at] for at in ordered])
            await self._look_again(connection, batch, {item.message.message_id for item in items} - fresh)
            verdicts: dict[int, Verdict] = {}
            taken: dict[int, Row] = {}
            changes = []
            for at in ordered:
                verdict, change = self._judge(batch, items[at], new=items[at].message.message_id in fresh)
                if isinstance(verdict, Row):
                    taken[at] = verdict
                else:
                    verdicts[at] = verdict
                fresh.discard(items[at].message.message_id)
                changes += [change] if change else []
            await messages.update(OPERATOR, connection, changes)
            claimed = {at: Claimed(items[at].message, batch.person(items[at]), row.fence == 1) for at, row in taken.items()}
            seen = await counters.revisions(OPERATOR, connection)
            if seen.get(ERASURES, 0) != erasures:  # of one of these, perhaps, after they were looked at
                self._erasures = seen.get(ERASURES, 0)
                raise OvertakenError("somebody was erased meanwhile")
            self._gate.check(seen)
            registry = await self._actions.seen_by(connection, seen)
            contexts = Contexts(await self._roles.refresh(connection, seen), registry)
            for at, context in (await contexts.of(connection, claimed, batch.now)).items():
                verdicts[at] = Yours(fence=taken[at].fence, in_doubt=taken[at].external_fence > 0, context=context)
        self._installations |= batch.places
        return [verdicts[at] for at in range(len(items))]

    async def _look(self, connection: AsyncConnection, items: Sequence[ClaimItem]) -> _Batch:
        now = self._clock.now()
        places = {(item.message.conversation.installation_id, item.message.identity.platform) for item in items}
        if unknown := places - self._installations:
            await people.remember_installations(OPERATOR, connection, unknown, now)
        said: dict[Key, datetime] = {}
        for one in (item.message for item in items):
            at = asked_at(one)
            said[people.key(one.identity)] = max(at, said.get(people.key(one.identity), at))
        known = await people.find_or_create(OPERATOR, connection, [item.message.identity for item in items], now, said)
        batch = _Batch(now, known, places)
        # Before their messages refer to them: two batches of which each waits to write whom the other refers to would both end.
        told = {batch.person(item).person_id for item in items if tells_more(batch.person(item), item.message)}
        await people.lock(OPERATOR, connection, told, ())
        batch.counts = await messages.counts_since(OPERATOR, connection, batch.persons, now - domain.MINUTE)
        threads = {batch.thread(item) for item in items if item.message.conversation.in_thread}
        if threads:
            batch.elders = await messages.unanswered(OPERATOR, connection, threads, now - domain.ELDER)
        return batch

    async def _insert(self, connection: AsyncConnection, batch: _Batch, ordered: list[ClaimItem]) -> set[str]:
        """Store the messages that are new and need not wait; return the ids of those that were."""
        rows: dict[str, dict[str, Any]] = {}
        for item in ordered:
            one = item.message.message_id
            if one in rows or item.yielded or batch.has_elder(item) or batch.is_erased(item):
                continue
            rows[one] = self._row(batch, item)
            batch.known[one] = Row(one, rows[one]["state"], 1, item.delivery_id, batch.now, reason=rows[one]["reason"])
            batch.elders.append((batch.thread(item), item.message.order, one))
        return await messages.insert_new(OPERATOR, connection, list(rows.values())) if rows else set()

    def _row(self, batch: _Batch, item: ClaimItem) -> dict[str, Any]:
        person = batch.person(item)
        count = batch.counts[person.person_id] = batch.counts.get(person.person_id, 0) + 1
        if domain.expired(item, batch.now):
            return message_row(item, person.person_id, batch.now, state="failed", reason="expired")
        if count > domain.PER_MINUTE:
            return message_row(item, person.person_id, batch.now, state="failed", reason="throttled")
        return message_row(item, person.person_id, batch.now)

    async def _look_again(self, connection: AsyncConnection, batch: _Batch, ids: set[str]) -> None:
        """Read what was there before, which an insert did not touch."""
        if not ids:
            return
        rows = await messages.locked(OPERATOR, connection, ids)
        batch.known = {one: row for one, row in batch.known.items() if one not in ids} | rows
        over = [one for one, row in rows.items() if row.state in ("answered", "failed")]
        if over:
            batch.unsent = await replies.unsent(OPERATOR, connection, over)

    def _judge(self, batch: _Batch, item: ClaimItem, *, new: bool) -> tuple[Verdict | Row, dict[str, Any] | None]:
        """Return the verdict, or the row as it is claimed now; and what is to be written into it."""
        row = batch.known.get(item.message.message_id)
        if row is None and batch.is_erased(item):
            return Over(verdict="done"), None
        if new and row:
            return (row if row.state == "claimed" else over(row)), None
        decision = domain.decide(row, item, elder=batch.has_elder(item), now=batch.now)
        if decision is Decision.WAIT:
            return Wait(seconds=domain.POLL), None
        if row is None:  # it yielded, and its message was erased since
            return Over(verdict="done"), None
        if decision is Decision.YIELD:
            return Wait(seconds=1.0), None
        if decision is Decision.ELSEWHERE:
            return Over(verdict="elsewhere"), None
        if decision is Decision.OVER:
            unsent = batch.unsent.get(row.message_id)
            return (Unsent(replies=unsent) if unsent else over(row)), None
        taken = Row(row.message_id, "claimed", row.fence + 1, item.delivery_id, batch.now, row.external_fence)
        batch.known[row.message_id] = taken
        return taken, {
            "message_id": taken.message_id, "state": "claimed", "fence": taken.fence, "delivery_id": taken.delivery_id,
            "claimed_at": taken.claimed_at, "reason": None,
            "replay_delivery_id": None if decision is Decision.REPLAY else row.replay_delivery_id,
        }  # fmt: skip
