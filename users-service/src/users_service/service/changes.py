"""Apply what an action asks to change, and keep of each change what takes it back: the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import ALL_FACTS, Change, FactClear, FactDelete, FactSet, ScheduleDelete, SchedulePut
from jeeves_contracts.knowledge import Scope
from jeeves_contracts.registry import Feature
from users_service.domain import facts as rules
from users_service.domain.changes import ChangeRefusedError, Origin
from users_service.domain.facts import Owner
from users_service.domain.receipts import label, lines
from users_service.domain.records import FactsChanged, Kept, Noted, ScheduleChanged
from users_service.repository import facts, receipts
from users_service.scope import Operator
from users_service.service import schedules
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
    mine = await facts.held(scope, connection, of)
    before, after = mine.get(name), None
    if isinstance(change, FactSet):
        after = Kept(value=rules.cleaned(change.value), source=origin.message_id, since=origin.now)
        if before and rules.same(before.value, after.value):
            return None
        _check(name, after, mine, of, origin)
        await facts.put(scope, connection, of, name, after)
    elif before is None:
        return None
    else:
        await facts.delete(scope, connection, of, name)
    await note(scope, connection, of, noted(name, after, origin))
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


async def note(scope: Operator, connection: AsyncConnection, of: Owner, became: Noted) -> None:
    """Write into the history of a fact what it became."""
    await facts.note(scope, connection, of, [became])
    await facts.trim(scope, connection, of, became.name)


def noted(name: str, after: Kept | None, origin: Origin) -> Noted:
    """Return the line of a fact's history that tells what it became."""
    return Noted(name=name, value=after.value if after else None, source=origin.message_id, at=origin.now)


def facts_done(record: FactsChanged, origin: Origin) -> Done:
    """Return what a change of facts did."""
    return Done(record, lines(record, origin.locale), personal=record.scope == "person")


def _check(name: str, after: Kept, mine: dict[str, Kept], of: Owner, origin: Origin) -> None:
    """Raise ChangeRefusedError for what cannot be kept, or is too long or too much."""

    def refuse(key: str, **values: object) -> ChangeRefusedError:
        shown = label(of.scope, name, origin.locale)
        return ChangeRefusedError(words(f"refused.{key}", origin.locale, **{"name": shown, **values}))

    if len(name) > rules.MAX_NAME:
        raise refuse("long_name", limit=rules.MAX_NAME)
    if after.value is None or (isinstance(after.value, str) and not after.value.strip()):
        raise refuse("no_value")
    if not rules.is_plain(after.value):
        raise refuse("no_number")
    if len(to_json(after.value).decode()) > rules.MAX_VALUE:
        raise refuse("long_value", limit=rules.MAX_VALUE)
    was = mine.get(name)
    if was and len(to_json(after.value)) <= len(to_json(was.value)):
        return  # no more than before, whatever limits there were then
    if over := rules.overflow({**{known: kept.value for known, kept in mine.items()}, name: after.value}):
        raise refuse(over, limit=rules.MAX_FACTS)
