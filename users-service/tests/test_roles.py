"""Roles: granted and taken back over the API, in force with the next message, with their reason (S110, S111)."""

import asyncio
from pathlib import Path

import sqlalchemy as sa

from support.api import Api
from support.messages import item, message
from support.people import NOBODY, spoken
from support.users import Users, running
from users_service.models import audit, roles


async def may(users: Users, user: str, team: str = "T1") -> list[str]:
    """Return what somebody's next message says that they are."""
    return list((await users.context(item(message(user=user, team=team)))).actor.roles)


async def test_an_admin_makes_admins_of_their_own_installation(api: Api) -> None:
    person, elsewhere = await spoken(api.users), await spoken(api.users, "U1", "T2")
    made = await api.person("PUT", f"/installations/slack:T1/admins/{person}", user="UADMIN")
    assert made.status == 200
    assert made.json["because"].endswith("granted it on 25 November 2026")
    assert await may(api.users, "U1") == ["member", "admin"]
    assert await may(api.users, "U1", "T2") == ["member"]
    again = await api.admin("PUT", f"/installations/slack:T1/admins/{person}")
    assert again.json == made.json
    for place, whom in (("slack:T2", elsewhere), ("slack:T1", elsewhere), ("slack:T9", person), ("slack:T1", NOBODY)):
        assert (await api.admin("PUT", f"/installations/{place}/admins/{whom}")).status == 404
    assert (await api.operator("PUT", f"/installations/slack:T9/admins/{person}")).status == 404
    refused = await api.person("PUT", f"/installations/slack:T1/admins/{person}", user="U2")
    assert (refused.status, refused.json["policy"]) == (403, "admins-manage")
    assert (await api.admin("DELETE", f"/installations/slack:T1/admins/{person}")).status == 204
    assert await may(api.users, "U1") == ["member"]
    assert (await api.admin("DELETE", f"/installations/slack:T1/admins/{person}")).status == 404
    noted = await api.users.rows(sa.select(audit).where(audit.c.action.like("role.%")).order_by(audit.c.id))
    assert [(row.action, row.subject, row.installation_id) for row in noted] == [
        ("role.grant", person, "slack:T1"), ("role.revoke", person, "slack:T1"),
    ]  # fmt: skip


async def test_only_operators_make_operators(api: Api) -> None:
    person = await spoken(api.users)
    refused = await api.admin("PUT", f"/operators/{person}")
    assert (refused.status, refused.json["policy"]) == (403, "operators-manage")
    assert (await api.operator("PUT", f"/operators/{person}")).json["installation_id"] is None
    assert await may(api.users, "U1") == ["member", "admin", "operator"]
    assert (await api.person("DELETE", f"/operators/{person}")).status == 204  # another is named in the settings
    assert await may(api.users, "U1") == ["member"]


async def test_what_the_settings_say_is_not_taken_back_by_the_api(api: Api) -> None:
    operator, admin = await spoken(api.users, "UOP"), await spoken(api.users, "UADMIN")
    refused = await api.operator("DELETE", f"/operators/{operator}")
    assert (refused.status, refused.json["detail"]) == (409, "JEEVES_OPERATORS names T1:UOP: take it out there.")
    refused = await api.operator("DELETE", f"/installations/slack:T1/admins/{admin}")
    assert (refused.status, "JEEVES_ADMINS names T1:UADMIN" in refused.json["detail"]) == (409, True)


async def test_of_two_operators_who_take_it_from_each_other_one_stays(db_url: str, tmp_path: Path) -> None:
    async with running(db_url, tmp_path, JEEVES_OPERATORS="") as users:
        api = Api(users)
        one, other = await spoken(users, "U1"), await spoken(users, "U2")
        for person in (one, other):
            await api.operator("PUT", f"/operators/{person}")
        await api.person("GET", "/me", user="U1")
        await api.person("GET", "/me", user="U2")
        told = await asyncio.gather(
            api.person("DELETE", f"/operators/{other}", user="U1"), api.person("DELETE", f"/operators/{one}", user="U2")
        )
        assert 204 in {answer.status for answer in told}
        left = [row.person_id for row in await users.rows(sa.select(roles))]
        assert len(left) == 1
        refused = await api.operator("DELETE", f"/operators/{left[0]}")
        assert (refused.status, "last operator" in refused.json["detail"]) == (409, True)
        assert (await api.operator("PATCH", f"/people/{left[0]}", {"is_active": False})).status == 409


async def test_nobody_operates_yet_and_who_am_i_says_how(db_url: str, tmp_path: Path) -> None:
    async with running(db_url, tmp_path, JEEVES_OPERATORS="") as users:
        api = Api(users)
        (told,) = await users.show(item(message("who am I")), "whoami")
        assert "`jeeves users grant slack:T1:U1 operator`" in told.text
        assert "JEEVES_OPERATORS=T1:U1" in told.text
        await api.operator("PUT", f"/operators/{await spoken(users)}")
        (told,) = await users.show(item(message("who am I")), "whoami")
        assert "You are operator, because token operator" in told.text
        assert "granted it on 25 November 2026." in told.text
        assert "JEEVES_OPERATORS" not in told.text
