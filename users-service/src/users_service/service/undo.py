"""Take back what a message changed, if that may be done and everything still is as it left it."""

from datetime import timedelta

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.registry import Registry
from users_service.domain import references
from users_service.domain.changes import ChangeRefusedError, Origin
from users_service.domain.facts import overflow, owner, same
from users_service.domain.receipts import label
from users_service.domain.records import FactsChanged, Kept, ScheduleChanged, read
from users_service.repository import facts, messages, receipts
from users_service.repository.receipts import Receipt
from users_service.scope import Operator, Tenant
from users_service.service import changes, schedules
from users_service.service.changes import Done
from users_service.service.facts import note
from users_service.words import words

DAY = timedelta(days=1)  # within which a change can be undone


class NotUndoneError(Exception):
    """It cannot be undone; the words tell the person why not."""


async def undo(scope: Operator, connection: AsyncConnection, reference: str, origin: Origin, registry: Registry) -> list[Done]:
    """Take back all that the message with a reference changed; without one, the person's last change.

    All or nothing, inside the caller's savepoint; the person and the installation are held by the caller. Raises
    NotUndoneError.
    """
    mine = await _mine(scope, connection, reference, origin)
    done, rows = [], []
    for receipt in mine:
        did = await _take_back(scope, connection, _record(receipt, origin), origin, registry)
        done.append(did)
        rows.append(changes.row({"op": "undo", "of": receipt.id}, did, origin, takes_back=not receipt.takes_back))
    await receipts.undone(scope, connection, [receipt.id for receipt in mine], origin.message_id, origin.now)
    await receipts.add(scope, connection, rows)
    return done


async def _mine(scope: Operator, connection: AsyncConnection, reference: str, origin: Origin) -> list[Receipt]:
    """Return the receipts that are meant, newest first: of one's own message, within a day, none of them undone."""
    tenant = Tenant(origin.conversation.installation_id)
    shown = references.shown(reference)
    if shown:
        found = await messages.of_reference(tenant, connection, references.reference_of(reference))
        ids = [one.message_id for one in found if one.person_id == origin.person_id]
        if not ids:
            raise _why_not("anothers" if found else "unknown", origin, reference=shown)
    else:
        last = await receipts.last_of(tenant, connection, origin.person_id, origin.now - DAY)
        if last is None:
            raise _why_not("nothing", origin)
        ids = [last]
    held = await receipts.held(scope, connection, ids)
    if not held:
        raise _why_not("no_change", origin, reference=shown)
    if any(receipt.undone_at for receipt in held):
        raise _why_not("twice", origin)
    if any(receipt.inverse is None or origin.now - receipt.created_at >= DAY for receipt in held):
        raise _why_not("late", origin)
    return held


async def _take_back(
    scope: Operator, connection: AsyncConnection, record: FactsChanged | ScheduleChanged, origin: Origin, registry: Registry
) -> Done:
    if isinstance(record, ScheduleChanged):
        return await _schedule(scope, connection, record, origin, registry)
    own = record.scope != "channel" or record.owner == owner("channel", origin.person_id, origin.conversation)
    if refusal := changes.reach(record.scope, origin) or (None if own else "channel"):
        raise _why_not(refusal, origin)
    return await _facts(scope, connection, record, origin)


async def _facts(scope: Operator, connection: AsyncConnection, record: FactsChanged, origin: Origin) -> Done:
    """Put facts back as they were, with their source and their time."""
    of, known = record.owner, await facts.held(scope, connection, record.owner)
    names = sorted({*record.names, *known}) if record.whole else record.names
    if changed := [name for name in names if not _is(known.get(name), record.after.get(name))]:
        shown = ", ".join(f"`{label(of.scope, name, origin.locale)}`" for name in changed[:3])
        raise _why_not("changed", origin, names=shown)
    was = {**{name: kept for name, kept in known.items() if name not in names}, **record.before}
    if len(was) > len(known) and overflow({name: kept.value for name, kept in was.items()}):
        raise _why_not("full", origin)
    history = []
    if record.whole:
        history = await facts.history(scope, connection, of) if record.after else []
        await facts.erase(scope, connection, of)
        await facts.note(scope, connection, of, record.history)
    for name in record.names:
        before = record.before.get(name)
        if before is None:
            await facts.delete(scope, connection, of, name)
        else:
            await facts.put(scope, connection, of, name, before)
        if not record.whole:
            await note(scope, connection, of, changes.noted(name, before, origin))
    back = record.model_copy(update={"before": record.after, "after": record.before, "history": history})
    return changes.facts_done(back, origin)


async def _schedule(
    scope: Operator, connection: AsyncConnection, record: ScheduleChanged, origin: Origin, registry: Registry
) -> Done:
    if not await schedules.stands(scope, connection, record.left, origin, record.feature):
        raise _why_not("changed", origin, names=f"`{record.left.name}`")
    feature = next((feature for feature in registry.features if feature.name == record.feature), None)
    try:
        did = await changes.schedule(scope, connection, record.inverse, origin, feature)
    except ChangeRefusedError as refused:
        raise NotUndoneError(str(refused)) from None
    if did is None:
        raise _why_not("changed", origin, names=f"`{record.left.name}`")
    return did


def _record(receipt: Receipt, origin: Origin) -> FactsChanged | ScheduleChanged:
    try:
        return read(receipt.inverse)
    except ValidationError:
        raise _why_not("late", origin) from None


def _is(known: Kept | None, left: Kept | None) -> bool:
    if known is None or left is None:
        return known is left
    return same(known.value, left.value)


def _why_not(key: str, origin: Origin, **values: object) -> NotUndoneError:
    return NotUndoneError(words(f"undo.{key}", origin.locale, **values))
