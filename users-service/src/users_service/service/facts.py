"""Facts as their owner changes them, by whatever face: the rules of what can be kept, and the history of it."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.knowledge import KnownFact
from users_service.domain import book
from users_service.domain import facts as rules
from users_service.domain.changes import ChangeRefusedError
from users_service.domain.facts import Owner
from users_service.domain.receipts import label
from users_service.domain.records import Kept, Noted
from users_service.repository import facts, people
from users_service.scope import Operator
from users_service.words import words


@dataclass(frozen=True)
class Telling:
    """Where a fact comes from: the message that told it, or a face outside of chat. `locale` is for what is said against it."""

    source: str
    at: datetime
    locale: str | None = None


async def put(
    scope: Operator, connection: AsyncConnection, of: Owner, name: str, value: JsonValue, *, telling: Telling
) -> tuple[Kept | None, Kept] | None:
    """Set a fact under its name as it is kept; return what it was and is, None where it is so already.

    The caller holds its owner. Raises ChangeRefusedError.
    """
    mine = await facts.held(scope, connection, of)
    before, after = mine.get(name), Kept(value=rules.cleaned(value), source=telling.source, since=telling.at)
    if before and rules.same(before.value, after.value):
        return None
    _check(name, after, mine, of, telling.locale)
    await facts.put(scope, connection, of, name, after)
    await note(scope, connection, of, Noted(name=name, value=after.value, source=telling.source, at=telling.at))
    return before, after


async def forget(scope: Operator, connection: AsyncConnection, of: Owner, name: str, telling: Telling) -> Kept | None:
    """Forget a fact; return what it was, None where there was none. The caller holds its owner."""
    before = (await facts.held(scope, connection, of)).get(name)
    if before is not None:
        await facts.delete(scope, connection, of, name)
        await note(scope, connection, of, Noted(name=name, value=None, source=telling.source, at=telling.at))
    return before


async def note(scope: Operator, connection: AsyncConnection, of: Owner, became: Noted) -> None:
    """Write into the history of a fact what it became."""
    await facts.note(scope, connection, of, [became])
    await facts.trim(scope, connection, of, became.name)


async def listed(scope: Operator, connection: AsyncConnection, of: Owner) -> list[KnownFact]:
    """Return an owner's facts by name, each with what it was."""
    known = await facts.known(scope, connection, [of])
    return book.told(known, await facts.past(scope, connection, [of]) if known else [])


async def hold(scope: Operator, connection: AsyncConnection, of: Owner) -> None:
    """Let changes of an owner's facts come one after the other, until the transaction ends."""
    mine, places = ([of.subject], []) if of.scope == "person" else ([], [of.subject])
    await people.lock(scope, connection, mine, places)


def _check(name: str, after: Kept, mine: dict[str, Kept], of: Owner, locale: str | None) -> None:
    """Raise ChangeRefusedError for what cannot be kept, or is too long or too much."""

    def refuse(key: str, **values: object) -> ChangeRefusedError:
        shown = label(of.scope, name, locale)
        return ChangeRefusedError(words(f"refused.{key}", locale, **{"name": shown, **values}))

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
