"""What two installations do beside each other, through every face of users-service, and what comes of it for the other."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from support.api import SCOPES, Api, Told
from support.people import spoken
from support.sides import LINKED, USERS, Rows, Side, read_across
from support.things import QUERIES, Things, body, made, mended
from support.users import ADMIN_TOKEN
from users_service.api.call import Nothing
from users_service.api.openapi import placeholders
from users_service.api.routing import Operation

NOBODYS = {"name", "feature", "form"}  # parameters that name what everybody has


@dataclass(frozen=True)
class Asking:
    """Somebody of a side (None: the operator) asks `about` a side: `number` is which of its things, `where` what query."""

    side: Side | None
    who: str
    about: Side
    number: int
    where: int


@dataclass
class Crossing:
    """`reads` and `writes` are what went across, a line each: nothing may. `asked` counts what was done."""

    api: Api
    sides: tuple[Side, Side]
    rows: Rows
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    joined: set[str] = field(default_factory=set)
    there: set[tuple[str, str]] = field(default_factory=set)

    async def begin(self) -> None:
        """Make both installations, with one of everything."""
        for side in self.sides:
            for user in (LINKED, side.admin, *USERS[1:]):
                await self.speak(side, user)
            side.things = await made(self.api, side.workspace, USERS[0])
            for kind, value in side.things.values.items():
                side.name(kind, value)
            side.people |= {side.things.person, side.things.values["admins.person_id"]}

    async def speak(self, side: Side, user: str) -> str:
        """Somebody says something; return their number."""
        now = self.api.users.clock.now()
        person = await spoken(self.api.users, user, side.workspace, channel=f"Czz{side.workspace}q", received_at=now)
        if user == LINKED:
            self.joined.add(person)
        else:
            side.people.add(person)
            side.name("person_id", person)
        return person

    async def token(self, side: Side | None, who: str) -> str:
        """Return the token of a person of a side, of its `admin`, or (no side) of the operator."""
        key = (side.workspace if side else "", who)
        if key not in self.tokens:
            of: dict[str, Any] = {}
            if side and who == "admin":
                of["installation_id"] = side.installation
            elif side:
                await self.awake(side, who)
                of["person"] = {"platform": "slack", "workspace_id": side.workspace, "user_id": who}
            expires = (self.api.users.clock.now() + timedelta(days=300)).isoformat()
            asked = {"name": f"of {who}", "scopes": SCOPES, "expires_at": expires, **of}
            told = await self.api.ask("POST", "/tokens", asked, token=ADMIN_TOKEN)
            assert told.status == 201, told
            self.tokens[key] = told.json["token"]
            if side and who != LINKED:
                side.name("token_id", told.json["id"])
        return self.tokens[key]

    async def awake(self, side: Side, user: str) -> None:
        """Let somebody be there and active, whatever was done to them."""
        if (side.workspace, user) in self.there:
            return
        self.there.add((side.workspace, user))
        await self.api.users.clock.advance(0.3)
        person = await self.speak(side, user)
        told = await self.api.operator("PATCH", f"/people/{person}", {"is_active": True})
        assert told.status == 200, told

    async def watched(self, side: Side | None, what: str, doing: Callable[[], Awaitable[tuple[str, str]]]) -> None:
        """Do something of a side (None: the operator's) that returns what was said and what was answered; note what it crosses.

        Who joins both sides reads and changes both.
        """
        await self.api.users.clock.advance(0.3)  # what was said before somebody was erased is not taken up after it
        before = await self.rows.of(self.sides) if side else {}
        said, answer = await doing()
        self.asked[what] += 1
        if side is None:
            return
        (other,) = [one for one in self.sides if one is not side]
        if found := read_across(answer, other, said):
            self.reads.append(f"{side.workspace}: {what} with {said[:300]} told {found}: {answer[:600]}")
        after = await self.rows.of(self.sides)
        changed = before[other.workspace] ^ after[other.workspace]
        changed |= {row for row in after["both"] - before["both"] if not any(one in row for one in self.joined)}
        if changed:
            self.writes.append(f"{side.workspace}: {what} with {said[:300]} changed {sorted(changed)[:3]}")

    async def call(self, one: Operation, asking: Asking) -> None:
        """Ask an operation."""
        side, who, about = asking.side, asking.who, asking.about
        token = await self.token(side, who)
        things, query = about.pick(asking.number), query_of(one, asking, self.sides)
        given = body_of(one, things, asking, (self.api.users.clock.now() + timedelta(days=2)).isoformat())
        path = things.path(one) + query

        async def doing() -> tuple[str, str]:
            told = await self.api.ask(one.method, path, given, token=token)
            assert told.status < 500, (one.name, told)
            self.outcomes[f"{told.status // 100}xx"] += 1
            self._note(one, asking, told)
            return f"{who}: {path} {json.dumps(given)}", f"{told.body.decode(errors='replace')} {told.headers.get('Location')}"

        await self.watched(None if who == LINKED else side, one.name, doing)
        await self._mend(one, side)

    def _note(self, one: Operation, asking: Asking, told: Told) -> None:
        """Remember what was made; note what of the other side was found at all."""
        side, who, about = asking.side, asking.who, asking.about
        strange = side is not None and side is not about and set(placeholders(one.path)) - NOBODYS
        if strange and who != LINKED and told.status < 400:
            self.reads.append(f"{side and side.workspace}: {who} was let in to {about.workspace} by {one.name}: {told}")
        if one.name == "add_job" and told.status == 202:
            (side or about).name("job_id", told.json["id"])

    async def _mend(self, one: Operation, side: Side | None) -> None:
        """Let be again what there has to be: features, answers, the token that asked."""
        if one.method == "GET":
            return
        if side is None:
            await mended(self.api)
        if one.name in ("revoke_token", "erase_person", "change_person"):
            self.forget()

    def forget(self) -> None:
        """Take nothing for granted of who is there, and whose tokens are good."""
        self.tokens.clear()
        self.there.clear()


def query_of(one: Operation, asking: Asking, sides: tuple[Side, Side]) -> str:
    """Return a query: none, this side's or the other's installation, or somebody there."""
    where, about = asking.where, asking.about
    if one.query is Nothing or one.name in QUERIES:
        return QUERIES.get(one.name, "")
    fields, named = one.query.model_fields, about if where % 2 else sides[0] if about is sides[1] else sides[1]
    wanted = {
        1: {"installation_id": named.installation},
        2: {"installation_id": named.installation},
        3: {"person_id": named.named["person_id"][0]},
        4: {"workspace_id": named.workspace, "user_id": USERS[0]},
    }.get(where, {})
    return "?" + "&".join(f"{name}={value}" for name, value in wanted.items() if name in fields) if wanted else ""


def body_of(one: Operation, things: Things, asking: Asking, later: str) -> Any:
    """Return a body in which every free text is of the side that asks."""
    number, about = asking.number, asking.about
    word = asking.side.word() if asking.side else "zzop"
    job = {"workspace_id": about.workspace, "user_id": USERS[number % len(USERS)], "command": f"notes {word}"}
    changes = [
        {"enabled": True},
        {"settings": {"greeting": word}},
        {"rollout": 50},
        {"timed": [{"at": later, "enabled": False}]},
    ]
    given = {
        "put_fact": {"value": word},
        "put_workspace_fact": {"value": word},
        "change_person": {"name": word} if number % 2 else {"is_active": bool(number % 4)},
        "change_feature": changes[number % len(changes)],
        "save_form": {"values": {"name": word, "locale": "", "timezone": ""}},
        "add_job": job,
    }
    return given[one.name] if one.name in given else body(one, things, later)
