"""Apply what an action asks to change, and keep of each change what takes it back: the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import ALL_FACTS, Change, FactClear, FactDelete, FactSet, ScheduleDelete, SchedulePut
from jeeves_contracts.knowledge import Scope
from jeeves_contracts.registry import Feature
from users_service.domain import facts as rules
from users_service.domain.changes import ChangeRefusedError, Origin
from users_service.domain.receipts import lines
from users_service.domain.records import FactsChanged, Kept, Noted, ScheduleChanged
from users_service.repository import facts, receipts
from users_service.scope import Operator
from users_service.service import facts as told
from users_service.service import schedules
from users_service.service.facts import Telling
from users_service.words import words


@dataclass(frozen=True)
class Done:
    """What a change did. `personal`: it is about the person alone."""

    record: FactsChanged | ScheduleChanged
    lines: list[str]
    personal: bool


def check(changes: Sequence[Change], feature: Feature | None, origin: Origin) -> None:
    """Raise ChangeRefusedError for what the action was not granted, or its person may not change from here."""
    granted = set(feature.manifest.facts) if feature else set()
    for change in changes:
        if isinstance(change, FactSet | FactDelete | FactClear):
            name = rules.called(change.name) if not isinstance(change, FactClear) else ALL_FACTS
            if not granted & {name, ALL_FACTS}:
                key = "refused.not_granted_all" if name == ALL_FACTS else "refused.not_granted"
                raise ChangeRefusedError(words(key, origin.locale, name=name))
            if refusal := reach(change.scope, origin):
                raise ChangeRefusedError(words(f"refused.{refusal}", origin.locale))
        elif not isinstance(change, SchedulePut | ScheduleDelete):
            raise ChangeRefusedError(words("refused.not_offered", origin.locale, op=change.op))


def reach(scope: Scope, origin: Origin) -> Scope | None:
    """Return the scope where it may not be changed by this person from here, else None."""
    if scope == "channel" and origin.conversation.is_direct:
        return scope
    return scope if scope == "workspace" and not origin.is_admin else None


async def apply(
    scope: Operator, connection: AsyncConnection, changes: Sequence[Change], origin: Origin, feature: Feature | None
) -> list[Done]:
    """Apply changes in order and store a receipt for each that did something. Raises ChangeRefusedError."""
    done, rows = [], []
    for change in changes:
        did = await _apply(scope, connection, change, origin, feature)
        if did:
            done.append(did)
            rows.append(row(change.model_dump(mode="json"), did, origin))
    await receipts.add(scope, connection, rows)
    return done


def row(change: dict[str, Any], did: Done, origin: Origin, *, takes_back: bool = False) -> dict[str, Any]:
    """Return the receipt of something that was done."""
    return {
        "message_id": origin.message_id,
        "person_id": origin.person_id,
        "change": rules.cleaned(change),
        "inverse": did.record.model_dump(mode="json"),
        "takes_back": takes_back,
        "created_at": origin.now,
    }


async def _apply(
    scope: Operator, connection: AsyncConnection, change: Change, origin: Origin, feature: Feature | None
) -> Done | None:
    if isinstance(change, SchedulePut | ScheduleDelete):
        return await schedule(scope, connection, change, origin, feature)
    if isinstance(change, FactClear):
        return await _clear(scope, connection, change, origin)
    if isinstance(change, FactSet | FactDelete):
        return await _put(scope, connection, change, origin)
    raise ChangeRefusedError(words("refused.not_offered", origin.locale, op=change.op))


async def schedule(
    scope: Operator, connection: AsyncConnection, change: SchedulePut | ScheduleDelete, origin: Origin, feature: Feature | None
) -> Done | None:
    """Put or stop a schedule of `feature`. Raises ChangeRefusedError."""
    applied = await schedules.apply(scope, connection, change, origin, feature)
    if applied.inverse is None or feature is None:
        return None
    record = {"op": "schedule", "feature": feature.name, "left": change, "inverse": applied.inverse}
    return Done(ScheduleChanged.model_validate(record, strict=False), [applied.receipt], personal=True)


async def _put(scope: Operator, connection: AsyncConnection, change: FactSet | FactDelete, origin: Origin) -> Done | None:
    name, of = rules.called(change.name), rules.owner(change.scope, origin.person_id, origin.conversation)
    telling = Telling(origin.message_id, origin.now, origin.locale)
    before: Kept | None
    after: Kept | None = None
    if isinstance(change, FactSet):
        changed = await told.put(scope, connection, of, name, change.value, telling=telling)
        if changed is None:
            return None
        before, after = changed
    elif (before := await told.forget(scope, connection, of, name, telling)) is None:
        return None
    record = FactsChanged(
        scope=of.scope,
        subject=of.subject,
        before={name: before} if before else {},
        after={name: after} if after else {},
    )
    return facts_done(record, origin)


async def _clear(scope: Operator, connection: AsyncConnection, change: FactClear, origin: Origin) -> Done | None:
    of = rules.owner(change.scope, origin.person_id, origin.conversation)
    before, history = await facts.held(scope, connection, of), await facts.history(scope, connection, of)
    await facts.erase(scope, connection, of)
    if not before:
        return None
    return facts_done(FactsChanged(scope=of.scope, subject=of.subject, before=before, whole=True, history=history), origin)


def noted(name: str, after: Kept | None, origin: Origin) -> Noted:
    """Return the line of a fact's history that tells what it became."""
    return Noted(name=name, value=after.value if after else None, source=origin.message_id, at=origin.now)


def facts_done(record: FactsChanged, origin: Origin) -> Done:
    """Return what a change of facts did."""
    return Done(record, lines(record, origin.locale), personal=record.scope == "person")
