"""Two identities of one human become one person, when both have said so: in three steps, each with the code before it.

1. The first says `link accounts`, and is told a code.
2. The second says `link CODE`, is told whose code that is, and another code.
3. The first says `link CODE` with that one: then they are one.

So nobody is joined who was not there twice, and whoever was talked into the second step still has nothing to do with the first.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.people import Identity
from users_service.repository import audit, counters, directory, joining, merges, tokens, tries
from users_service.scope import OPERATOR
from users_service.service.roles import home

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # 30, none of which is read as another
LETTERS, GROUP = 9, 3  # of a code: 44 bits
GOOD_FOR = timedelta(minutes=10)
MOST, WITHIN = 5, timedelta(hours=1)  # wrong codes of a person
LATE = timedelta(minutes=10)  # in which something may still arrive under an old name


class NotMergedError(Exception):
    """Why not: `link.<why>` of the words, with `values`."""

    def __init__(self, why: str, **values: object) -> None:
        super().__init__(why)
        self.why, self.values = why, values


@dataclass(frozen=True)
class Step:
    """What one step came to. `other` is who the first is; `kept` are facts that both had; `code` leads on."""

    number: int
    code: str = ""
    other: Identity | None = None
    name: str | None = None
    kept: tuple[str, ...] = ()
    schedules: int = 0


def normal(code: str) -> str:
    """Return a code as it is compared: however it was written."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


async def begin(connection: AsyncConnection, person_id: str, now: datetime) -> Step:
    """Take the first step: what this person began before is over."""
    await _active(connection, [person_id])
    await merges.expire(OPERATOR, connection, person_id, now)
    code = _new()
    row = {
        "id": str(uuid.uuid4()), "digest": _digest(code), "first_id": person_id, "second_id": None,
        "expires_at": now + GOOD_FOR,
    }  # fmt: skip
    await merges.add(OPERATOR, connection, row)
    return Step(1, _shown(code))


async def go_on(connection: AsyncConnection, person_id: str, given: str, now: datetime) -> Step:
    """Take the second or the third step. Raises NotMergedError; then what was wrong is counted, and nothing else done."""
    name = tries.name_of("link", person_id)
    wrong, since = await tries.held(OPERATOR, connection, name, now)
    if now - since >= WITHIN:
        wrong, since = 0, now
    if wrong >= MOST:
        raise NotMergedError("guessed", minutes=-((now - since - WITHIN) // timedelta(minutes=1)))
    row = await merges.held(OPERATOR, connection, _digest(normal(given)), now)
    if row is None or person_id not in (row.first_id, row.second_id or person_id):
        await tries.write(OPERATOR, connection, name, wrong + 1, since if wrong else now)
        raise NotMergedError("unknown")
    if row.second_id is None and row.first_id == person_id:
        raise NotMergedError("same")
    if row.second_id is None:
        return await _second(connection, row.id, row.first_id, person_id, now)
    if row.second_id == person_id:
        raise NotMergedError("not_here")
    return await _join(connection, row.first_id, row.second_id, now)


async def _second(connection: AsyncConnection, merge: str, first: str, second: str, now: datetime) -> Step:
    await _active(connection, [first, second])
    code = _new()
    await merges.advance(OPERATOR, connection, merge, second, _digest(code), now + GOOD_FOR)
    other = (await directory.identities_of(OPERATOR, connection, [first]))[first][0]
    row = await directory.one(OPERATOR, connection, first)
    return Step(2, _shown(code), other, row.name if row else None)


async def _join(connection: AsyncConnection, first: str, second: str, now: datetime) -> Step:
    await merges.quiet(OPERATOR, connection, second)
    known = await _active(connection, [first, second])
    every = await directory.identities_of(OPERATOR, connection, [first, second])
    await tokens.revoke_all(OPERATOR, connection, second, now)
    kept, schedules = await joining.move(OPERATOR, connection, second, first)
    await joining.forget_runs(OPERATOR, connection, schedules)
    mine, theirs = known[first], known[second]
    shell: dict[str, Any] = dict.fromkeys(("name", "email", "password_hash", "locale", "timezone"))
    shell |= {"config": {}, "merged_into": first, "merged_at": now}
    await directory.change(OPERATOR, connection, second, shell)
    gained = {name: getattr(theirs, name) for name in ("name", "email", "locale", "timezone", "greeted_at")}
    gained = {name: value for name, value in gained.items() if value is not None and getattr(mine, name) is None}
    if gained:
        await directory.change(OPERATOR, connection, first, gained)
    await merges.forget(OPERATOR, connection, [first, second])
    await counters.grow(OPERATOR, connection, counters.ROLES)
    entries = [_entry(now, one, person, first) for person in (first, second) for one in every[person]]
    await audit.add(OPERATOR, connection, *entries)
    return Step(3, other=every[second][0], name=theirs.name, kept=tuple(kept), schedules=len(schedules))


def _entry(now: datetime, identity: Identity, was: str, becomes: str) -> audit.Entry:
    """Return what the admins of an identity's installation may know: nothing of the other one."""
    name = f"{identity.workspace_id}:{identity.user_id}"
    return audit.Entry(now, name, "person.link", becomes, becomes, home(identity), {"person": was}, {"person": becomes})


async def tidy(connection: AsyncConnection, shells: list[tuple[str, str]], now: datetime) -> None:
    """Give people what arrived under an old name of theirs: a claim may have read it just before it was one."""
    for real, shell in shells:
        await merges.quiet(OPERATOR, connection, shell)
        row = (await merges.lock(OPERATOR, connection, [shell])).get(shell)
        is_over = row is None or row.merged_at is None or now - row.merged_at > LATE
        if is_over or not await joining.is_empty(OPERATOR, connection, shell):
            _, schedules = await joining.move(OPERATOR, connection, shell, real)
            await joining.forget_runs(OPERATOR, connection, schedules)
        if is_over:
            await directory.change(OPERATOR, connection, shell, {"merged_at": None})


async def _active(connection: AsyncConnection, persons: list[str]) -> dict[str, Any]:
    """Hold people; raise NotMergedError unless all of them are somebody, and active."""
    known = await merges.lock(OPERATOR, connection, persons)
    if set(known) != set(persons) or any(not row.is_active or row.merged_into for row in known.values()):
        raise NotMergedError("inactive")
    return known


def _new() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def _shown(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, LETTERS, GROUP))


def _digest(code: str) -> str:
    return hashlib.sha256(f"link {code}".encode()).hexdigest()
