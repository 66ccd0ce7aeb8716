"""Dead letters: what could not be handled, for operators."""

import contextlib
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, JsonValue
from pydantic_core import from_json

from jeeves_contracts.base import Contract
from jeeves_service.bus.port import Bus
from users_service.api.call import Call, Nothing
from users_service.api.jobs import Name
from users_service.api.pages import Page, PageQuery, after, cursor
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.engine import Database
from users_service.repository import dead_letters
from users_service.repository.dead_letters import Wanted
from users_service.service import letters

READ = Policy("dead-letters-read", "operator", "dead-letters:read")
WRITE = Policy("dead-letters-write", "operator", "dead-letters:write")
SHOWN = 64 * 1024  # bytes of a letter that are shown
Kind = Literal["message", "reply", "unknown"]
State = Literal["open", "replayed", "dropped"]


class LettersQuery(PageQuery):
    """`origin` is the queue that it came from."""

    kind: Kind | None = None
    state: State | None = None
    origin: Name | None = None


class LetterPath(Contract):
    letter_id: Annotated[int, Field(ge=1, lt=2**63)]


class LetterTold(Contract):
    """`subject` is the id of its message or reply."""

    id: int
    kind: Kind
    subject: str | None
    installation_id: str | None
    origin: str
    reason: str
    tries: int
    state: State
    stored_at: AwareDatetime


class LetterShown(LetterTold):
    """`body` where it is JSON, else `text`, with what is none as hexadecimal. `cut`: of `bytes` only the beginning is shown."""

    body: JsonValue
    text: str | None
    bytes: int
    cut: bool


def resource(database: Database, bus: Bus) -> Resource:
    """Return what operators may do with dead letters; what is replayed goes by the bus."""
    made = Resource()

    @made.operation("GET", "/dead-letters", READ, query=LettersQuery, answers=Page[LetterTold])
    async def list_dead_letters(call: Call[Nothing, LettersQuery, Nothing]) -> Page[LetterTold]:
        """List dead letters, the newest first, without their content."""
        asked = call.query
        begin = after(asked.cursor, int)
        wanted = Wanted(asked.kind, asked.state, asked.origin, begin[0] if begin else None)
        rows = await dead_letters.listed(call.operator(), call.connection, wanted, asked.limit + 1)
        items = [LetterTold(**_told(row)) for row in rows[: asked.limit]]
        return Page[LetterTold](items=items, next=cursor(items[-1].id) if len(rows) > len(items) else None)

    @made.operation("GET", "/dead-letters/{letter_id}", READ, takes=LetterPath, answers=LetterShown)
    async def show_dead_letter(call: Call[LetterPath, Nothing, Nothing]) -> LetterShown:
        """Show a dead letter with its content."""
        row = await letters.one(call.operator(), call.connection, call.path.letter_id)
        return LetterShown(**_told(row), **_content(row.body))

    @made.operation("POST", "/dead-letters/{letter_id}/drop", WRITE, takes=LetterPath, answers=LetterTold)
    async def drop_dead_letter(call: Call[LetterPath, Nothing, Nothing]) -> LetterTold:
        """Give a dead letter up. This is final."""
        row = await letters.drop(call.operator(), call.connection, call.path.letter_id)
        await _audit(call, "dead-letter.drop", row)
        return LetterTold(**_told(row) | {"state": "dropped"})

    @made.operation("POST", "/dead-letters/{letter_id}/replay", WRITE, takes=LetterPath, answers=LetterTold, transaction="none")
    async def replay_dead_letter(call: Call[LetterPath, Nothing, Nothing]) -> LetterTold:
        """Put a dead letter back on its way: once for each time that its message has failed.

        Where the bus is away (503) it is marked already: ask again.
        """
        async with database.write() as connection:
            marked = await letters.mark(call.operator(), connection, call.path.letter_id)
            await _audit(replace(call, connection=connection), "dead-letter.replay", marked.row)
        await letters.publish(bus, marked, call.now)
        return LetterTold(**_told(marked.row) | {"state": "replayed"})

    return made


async def _audit(call: Call[Any, Any, Any], action: str, row: Any) -> None:
    before: dict[str, Any] = {"state": row.state, "kind": row.kind, "origin": row.origin}
    await call.audit(action, str(row.id), before=before, at=row.installation_id)


def _told(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in LetterTold.model_fields}


def _content(body: bytes) -> dict[str, Any]:
    told: dict[str, Any] = {"body": None, "text": None, "bytes": len(body), "cut": len(body) > SHOWN}
    if not told["cut"]:
        with contextlib.suppress(ValueError):
            return told | {"body": from_json(body, allow_inf_nan=False)}
    return told | {"text": body[:SHOWN].decode(errors="backslashreplace")}
