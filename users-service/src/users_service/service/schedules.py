"""Schedules: put, stop, list. Applied with an action's answer, in the transaction that stores it."""

import contextlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import ScheduleDelete, SchedulePut
from jeeves_contracts.grammar import Grammar
from jeeves_contracts.ids import message_id
from jeeves_contracts.registry import Feature
from jeeves_contracts.schedules import KnownSchedule, Timing
from users_service.domain.changes import Applied, ChangeRefusedError, Origin
from users_service.domain.recurrence import RuleError, check
from users_service.repository import runs, schedules
from users_service.scope import Operator, Scope
from users_service.service.timetable import told
from users_service.words import words

MOST = 50  # schedules of one person
LONGEST_ID, LONGEST_LOCALE = 255, 40  # characters
Change = SchedulePut | ScheduleDelete


@dataclass(frozen=True)
class _Slot:
    """What is there under a feature's name, and how many schedules the person has in all."""

    feature: Feature
    row: Any
    count: int


async def apply(
    scope: Operator, connection: AsyncConnection, change: Change, origin: Origin, feature: Feature | None
) -> Applied:
    """Put or stop a schedule of `feature` for whose message this is; its person is held by the caller.

    The inverse has `feature` beside the fields of its change, for it is undone from another one's message. Raises
    ChangeRefusedError, with a sentence for the person.
    """
    mine = await schedules.of_person(scope, connection, origin.person_id)
    if feature is None:
        return await _stop_left(scope, connection, change, origin, mine)
    slot = _Slot(feature, next((row for row in mine if _is(row, origin, feature.name, change.name)), None), len(mine))
    stops = isinstance(change, ScheduleDelete) and slot.row  # what was granted once can be stopped for ever
    if change.name not in feature.manifest.jobs and not stops:
        raise _not_granted(change, origin)
    if isinstance(change, ScheduleDelete):
        return await _stop(scope, connection, slot.row, origin)
    return await _put(scope, connection, change, origin, slot)


async def stands(scope: Operator, connection: AsyncConnection, change: Change, origin: Origin, feature: str) -> bool:
    """Tell whether a schedule is still as `change` left it."""
    mine = await schedules.of_person(scope, connection, origin.person_id)
    row = next((row for row in mine if _is(row, origin, feature, change.name)), None)
    if row is None or isinstance(change, ScheduleDelete):
        return row is None and isinstance(change, ScheduleDelete)
    return bool(row.command == change.command and _timing(row) == change.timing)


async def known(scope: Scope, connection: AsyncConnection, person_id: str) -> list[KnownSchedule]:
    """Return a person's schedules, those of one installation where `scope` is a Tenant, as their book has them."""
    rows = await schedules.of_person(scope, connection, person_id)
    return [
        KnownSchedule(feature=row.feature, name=row.name, command=row.command, timing=timing, next_due=row.next_due)
        for row in rows
        if (timing := _timing(row))
    ]


def said(row: Any, now: datetime, locale: str | None, command: str = "") -> str:
    """Return a schedule's rule in words, empty where it cannot be read any more: its zone may be gone."""
    timing = _timing(row)
    with contextlib.suppress(RuleError):
        return told(timing.rule, row.since, now, locale, count=0, command=command) if timing else ""
    return ""


async def _put(scope: Operator, connection: AsyncConnection, change: SchedulePut, origin: Origin, slot: _Slot) -> Applied:
    before = slot.row
    if before is None and slot.count >= MOST:
        raise ChangeRefusedError(words("schedule_too_many", origin.locale, count=MOST))
    try:
        due = check(change.timing.rule, origin.now)
    except RuleError as error:
        raise ChangeRefusedError(words(f"schedule_{error.key}", origin.locale, **error.values)) from None
    place = origin.conversation.installation_id
    one = before.id if before else str(uuid.uuid4())
    is_message = len(message_id(place, "job", one)) <= LONGEST_ID and "\0" not in change.command
    if not is_message or not _calls(slot.feature, change.command):
        raise _not_granted(change, origin)
    row = {
        "id": one,
        "person_id": origin.person_id,
        "installation_id": place,
        "feature": slot.feature.name,
        "name": change.name,
        "platform": origin.identity.platform,
        "workspace_id": origin.identity.workspace_id,
        "user_id": origin.identity.user_id,
        "locale": origin.locale if len(origin.locale or "") <= LONGEST_LOCALE else None,
        "command": change.command,
        "timing": change.timing.model_dump(mode="json"),
        "since": origin.now,
        "next_due": due,
    }
    await schedules.put(scope, connection, row, new=before is None)
    inverse = _as_put(before) if before else ScheduleDelete(name=change.name).model_dump(mode="json")
    is_named = any(_says_more(command, change.name) for command in (change.command, before.command if before else ""))
    left = said(before, origin.now, origin.locale, before.command if is_named else "") if before else ""
    was = left if before else words("schedule_none", origin.locale)
    done = change.command if is_named else ""
    now_ = told(change.timing.rule, origin.now, origin.now, origin.locale, command=done)
    return Applied({**inverse, "feature": slot.feature.name}, _receipt(change.name, was, now_, origin))


async def _stop_left(scope: Operator, connection: AsyncConnection, change: Change, origin: Origin, mine: list[Any]) -> Applied:
    """Stop what an action left that was taken out since, and that nobody can take for another one of the name."""
    called = [row for row in mine if _is(row, origin, row.feature, change.name)]
    if not isinstance(change, ScheduleDelete) or len(called) != 1:
        raise _not_granted(change, origin)
    return await _stop(scope, connection, called[0], origin)


async def _stop(scope: Operator, connection: AsyncConnection, before: Any, origin: Origin) -> Applied:
    if before is None:
        return Applied(None, "")
    await schedules.delete(scope, connection, before.id)  # before its runs: a lease under way inserts none after that
    await runs.forget_open(scope, connection, before.id)
    done = before.command if _says_more(before.command, before.name) else ""
    gone = _receipt(
        before.name, said(before, origin.now, origin.locale, done), words("schedule_stopped", origin.locale), origin
    )
    return Applied({**_as_put(before), "feature": before.feature}, gone)


def _calls(feature: Feature, command: str) -> bool:
    """Tell whether a command is of this feature, by name: else an action could speak to others in people's names."""
    return Grammar((feature, one) for one in feature.manifest.commands).by_name(command) is not None


def _not_granted(change: Change, origin: Origin) -> ChangeRefusedError:
    return ChangeRefusedError(words("schedule_not_granted", origin.locale, name=_shown(change.name)))


def _is(row: Any, origin: Origin, feature: str, name: str) -> bool:
    return (row.installation_id, row.feature, row.name) == (origin.conversation.installation_id, feature, name)


def _timing(row: Any) -> Timing | None:
    try:
        return Timing.model_validate(row.timing, strict=False)
    except ValidationError:
        return None


def _as_put(row: Any) -> dict[str, Any]:
    return {"op": "schedule.put", "name": row.name, "timing": row.timing, "command": row.command}


def _receipt(name: str, before: str, after: str, origin: Origin) -> str:
    return words("schedule_receipt", origin.locale, name=_shown(name), before=before, after=after)


def _says_more(command: str, name: str) -> bool:
    """Tell whether a command is not just a schedule's name, which a receipt begins with."""
    return command.casefold().replace("-", " ").split() not in ([], _shown(name).split())


def _shown(name: str) -> str:
    return name.replace("-", " ")
