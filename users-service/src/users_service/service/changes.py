"""Apply what an action asks to change, and make each change's inverse: the receipt."""

from typing import Any

from pydantic import JsonValue
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Change, FactDelete, FactSet
from jeeves_contracts.registry import Feature
from jeeves_service.errors import PermanentError
from users_service.repository import facts, receipts
from users_service.repository.facts import Origin
from users_service.scope import Operator

MAX_FACT = 10_000  # bytes of JSON
MAX_FACTS = 500  # of one person


class ChangeRefusedError(PermanentError):
    """A change breaks a rule: nothing of its answer is stored."""


def check(changes: list[Change], feature: Feature | None) -> None:
    """Raise ChangeRefusedError for a fact that the action was not granted, whatever its service asks today."""
    granted = set(feature.manifest.facts) if feature else set()
    for change in changes:
        if isinstance(change, FactSet | FactDelete) and change.name not in granted:
            raise ChangeRefusedError(f"the fact `{change.name}` was not granted to this action")


async def apply(scope: Operator, connection: AsyncConnection, changes: list[Change], origin: Origin) -> None:
    """Apply changes in order and store a receipt for each. Raises ChangeRefusedError."""
    for change in changes:
        inverse = await _apply(scope, connection, change, origin)
        await receipts.add(
            scope,
            connection,
            message_id=origin.message_id,
            person_id=origin.person_id,
            change=change.model_dump(mode="json"),
            inverse=inverse,
            now=origin.now,
        )


async def _apply(scope: Operator, connection: AsyncConnection, change: Change, origin: Origin) -> dict[str, Any]:
    if isinstance(change, FactSet):
        await _check_fact(scope, connection, change.name, change.value, origin)
        return _undo(change.name, await facts.put(scope, connection, origin, change.name, change.value))
    if isinstance(change, FactDelete):
        return _undo(change.name, await facts.put(scope, connection, origin, change.name, None))
    raise ChangeRefusedError(f"`{change.op}` is not offered")


async def _check_fact(scope: Operator, connection: AsyncConnection, name: str, value: JsonValue, origin: Origin) -> None:
    if value is None:
        raise ChangeRefusedError("a fact needs a value; `fact.delete` forgets it")
    if len(to_json(value)) > MAX_FACT:
        raise ChangeRefusedError(f"a fact may have {MAX_FACT} bytes")
    known = (await facts.of_people(scope, connection, [origin.person_id])).get(origin.person_id, {})
    if name not in known and len(known) >= MAX_FACTS:
        raise ChangeRefusedError(f"a person may have {MAX_FACTS} facts")


def _undo(name: str, before: JsonValue) -> dict[str, Any]:
    if before is None:
        return FactDelete(name=name).model_dump(mode="json")
    return FactSet(name=name, value=before).model_dump(mode="json")
