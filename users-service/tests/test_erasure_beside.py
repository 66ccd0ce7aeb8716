"""What the API is asked at the moment of an erasure: nothing is written of somebody who was just erased (S7)."""

import asyncio
from collections.abc import Awaitable

import pytest
import sqlalchemy as sa

from support.api import Api, Told
from support.privacy import WORD, left, person_of
from support.users import ADMIN_TOKEN
from users_service.engine import Database
from users_service.models import api_tokens, audit, facts, people, roles, runs
from users_service.service import erasure

USER = "UERASED"


async def meanwhile(api: Api, person: str, *asked: Awaitable[Told]) -> list[int]:
    """Ask while an erasure is under way, and let it end once they have come to where they wait; return the statuses."""
    database = Database(api.users.url)
    try:
        async with database.write() as connection:
            assert await erasure.erase(connection, person, api.users.clock.now(), asked_by="a test")
            asking = [asyncio.ensure_future(one) for one in asked]
            if database.dialect != "sqlite":  # where nobody else may write meanwhile
                for _ in range(5):
                    await person_of(api.users, "UOTHER")
            assert not any(one.done() for one in asking)
    finally:
        await database.aclose()
    return [one.status for one in await asyncio.gather(*asking)]


async def test_what_a_person_tells_over_the_api_at_that_moment_is_not_kept(api: Api) -> None:
    person = await person_of(api.users, USER)
    for user in (USER, "UOTHER"):
        assert (await api.person("GET", "/me", user=user)).status == 200  # so that it was noted when the token was last used
    put = api.person("PUT", f"/people/{person}/facts/birthday", {"value": WORD}, user=USER)
    assert await meanwhile(api, person, put) == [401]
    assert await api.users.rows(sa.select(facts)) == []
    assert await left(api.users, WORD, USER) == {}
    assert person not in {row.person_id for row in await api.users.rows(sa.select(audit))}


@pytest.mark.parametrize("kind", ["job", "token", "operator", "admin"])
async def test_nor_is_what_others_do_for_them(api: Api, kind: str) -> None:
    person = await person_of(api.users, USER)
    await api.operator("GET", "/me")
    who = {"workspace_id": "T1", "user_id": USER}
    expires = api.users.clock.now().replace(year=2027).isoformat()
    token = {"name": WORD, "scopes": ["facts:read"], "expires_at": expires, "person": {"platform": "slack", **who}}
    asked = {
        "job": lambda: api.operator("POST", "/jobs", {**who, "command": f"notes {WORD}"}),
        "token": lambda: api.ask("POST", "/tokens", token, token=ADMIN_TOKEN),
        "operator": lambda: api.operator("PUT", f"/operators/{person}"),
        "admin": lambda: api.operator("PUT", f"/installations/slack:T1/admins/{person}"),
    }[kind]
    (status,) = await meanwhile(api, person, asked())
    assert status == (422 if kind in ("job", "token") else 404)
    assert await left(api.users, WORD, USER) == {}
    for table in (roles, runs):
        assert await api.users.rows(sa.select(table)) == []
    assert await api.users.rows(sa.select(api_tokens).where(api_tokens.c.person_id == person)) == []


async def test_the_name_of_a_token_is_gone_from_what_was_granted_by_it(api: Api) -> None:
    person, other = await person_of(api.users, USER), await person_of(api.users, "UOTHER")
    await api.operator("PUT", f"/operators/{person}")
    expires = api.users.clock.now().replace(year=2027).isoformat()
    who = {"platform": "slack", "workspace_id": "T1", "user_id": USER}
    asked = {"name": f"{WORD} of Ana", "scopes": ["roles:write"], "expires_at": expires, "person": who}
    token = (await api.ask("POST", "/tokens", asked, token=ADMIN_TOKEN)).json["token"]
    path = f"/installations/slack:T1/admins/{other}"
    assert (await api.ask("PUT", path, token=token)).status == 200
    assert set(await left(api.users, WORD)) >= {"roles.granted_by", "audit.actor", "audit.after"}
    assert (await api.operator("PUT", f"/operators/{other}")).status == 200  # else the last one would go
    assert (await api.operator("POST", f"/people/{person}/erasure", {"confirm": person})).status == 200
    assert await left(api.users, WORD) == {}
    held = await api.users.rows(sa.select(roles).where(roles.c.person_id == other, roles.c.role == "admin"))
    assert [row.granted_by for row in held] == ["an erased person"]
    assert len(await api.users.rows(sa.select(people).where(people.c.erased_at.is_not(None)))) == 1
