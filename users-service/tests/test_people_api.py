"""People over the API: listed, shown, described, each as far as who asks may (S64, S65, S66, S72, S74, S75, S76)."""

import asyncio
import json
from typing import Any

import sqlalchemy as sa

from support.api import Api
from support.messages import item, message
from support.people import NOBODY, spoken
from users_service.models import people


async def ids(api: Api, query: str) -> set[str]:
    told = await api.operator("GET", f"/people?{query}")
    assert told.status == 200, told
    return {one["id"] for one in told.json["items"]}


async def test_people_are_listed_for_admins_only(api: Api) -> None:  # S75
    await spoken(api.users, "U2", "T2")
    assert (await api.ask("GET", "/people")).status == 401
    refused = await api.person("GET", "/people")
    assert (refused.status, refused.json["policy"]) == (403, "people-list")
    (mine,) = (await api.admin("GET", "/people")).json["items"]
    assert [one["user_id"] for one in mine["identities"]] == ["U1"]
    assert len((await api.operator("GET", "/people")).json["items"]) == 2
    assert (await api.admin("GET", "/people?installation_id=slack:T2")).status == 404


async def test_250_people_come_in_pages_without_gaps(api: Api) -> None:  # S65
    for start in range(0, 250, 125):
        await api.users.claim(*(item(message(user=f"P{n}", team="T5")) for n in range(start, start + 125)))
    seen: list[str] = []
    path: str | None = "/people?limit=100"
    pages = 0
    while path:
        told = (await api.admin("GET", path, of="slack:T5")).json
        seen += [one["id"] for one in told["items"]]
        pages += 1
        path = f"/people?limit=100&cursor={told['next']}" if told["next"] else None
    assert (pages, len(seen), len(set(seen))) == (3, 250, 250)


async def test_people_are_looked_up_by_what_is_known_of_them(api: Api) -> None:
    ada = await spoken(api.users, "U1", name="Ada King", email="ada@example.org")
    bob = await spoken(api.users, "U2", name="bob_%")
    admin, operator = await spoken(api.users, "UADMIN"), await spoken(api.users, "UOP")
    elsewhere = await spoken(api.users, "U1", "T2", name="Ada")
    assert await ids(api, "q=ADA") == {ada, elsewhere}
    assert await ids(api, "q=ada%40ex") == {ada}
    assert await ids(api, "q=bob_%25") == {bob}
    assert await ids(api, "q=%25") == set()
    assert await ids(api, "role=admin") == {admin}
    assert await ids(api, "role=operator") == {operator}
    assert await ids(api, "workspace_id=T2&user_id=U1") == {elsewhere}
    assert await ids(api, "installation_id=slack:T2") == {elsewhere}
    await api.operator("PATCH", f"/people/{bob}", {"is_active": False})
    assert await ids(api, "is_active=false") == {bob}
    assert (await api.operator("GET", "/people?role=king")).status == 422


async def test_a_person_is_shown_to_themself_their_admins_and_operators(api: Api) -> None:  # S66, S76, S112
    person, other = await spoken(api.users, name="Ada", email="ada@example.org"), await spoken(api.users, "U2", "T2")
    told = await api.person("GET", f"/people/{person}")
    assert told.json == {
        "id": person, "name": "Ada", "email": "ada@example.org", "is_active": True, "locale": None, "timezone": None,
        "created_at": told.json["created_at"], "roles": [],
        "identities": [{"platform": "slack", "workspace_id": "T1", "user_id": "U1"}],
    }  # fmt: skip
    for answer in (await api.admin("GET", f"/people/{person}"), await api.operator("GET", f"/people/{person}")):
        assert answer.json == told.json
    assert (await api.person("GET", f"/people/{person}/identities")).json == {"items": told.json["identities"]}
    for path in (f"/people/{other}", f"/people/{other}/identities", f"/people/{NOBODY}", "/people/1", "/people/x"):
        assert (await api.person("GET", path)).status == 404
    assert (await api.admin("GET", f"/people/{other}")).status == 404
    assert (await api.admin("PATCH", f"/people/{other}", {"is_active": False})).status == 404


async def test_who_is_operator_or_admin_is_told_why(api: Api) -> None:
    operator, admin = await spoken(api.users, "UOP"), await spoken(api.users, "UADMIN")
    (role,) = (await api.operator("GET", f"/people/{operator}")).json["roles"]
    assert (role["role"], role["because"]) == ("operator", "JEEVES_OPERATORS names T1:UOP")
    (role,) = (await api.admin("GET", f"/people/{admin}")).json["roles"]
    assert (role["role"], role["installation_id"], role["setting"]) == ("admin", "slack:T1", "JEEVES_ADMINS")


async def test_a_change_of_an_older_state_is_refused(api: Api) -> None:  # S74
    person = await spoken(api.users)
    first = (await api.person("GET", f"/people/{person}")).headers["ETag"]
    changed = await api.person("PATCH", f"/people/{person}", {"locale": "de-DE"}, If_Match=first)
    assert (changed.status, changed.json["locale"]) == (200, "de-DE")
    assert (await api.person("PATCH", f"/people/{person}", {"locale": "fr"}, If_Match=first)).status == 412
    assert (await api.person("GET", f"/people/{person}")).json == changed.json
    masked = f"/people/{person}?update_mask=name"
    told = (await api.person("PATCH", masked, {"name": "Ada", "locale": "fr"}, If_Match=changed.headers["ETag"])).json
    assert (told["name"], told["locale"]) == ("Ada", "de-DE")


async def test_of_two_changes_of_one_state_at_once_one_is_late(api: Api) -> None:
    person = await spoken(api.users)
    first = (await api.person("GET", f"/people/{person}")).headers["ETag"]
    asked = [api.person("PATCH", f"/people/{person}", {"locale": one}, If_Match=first) for one in ("de-DE", "fr-FR", "it-IT")]
    assert sorted(told.status for told in await asyncio.gather(*asked)) == [200, 412, 412]


async def test_nothing_but_what_is_offered_can_be_set(api: Api) -> None:  # S64
    person = await spoken(api.users)
    before = (await api.person("GET", f"/people/{person}")).json
    wrong: list[dict[str, Any]] = [
        {"is_admin": True}, {"roles": ["operator"]}, {"email": "a@b.c"}, {"id": NOBODY}, {"password_hash": "x"},
        {"config": {}}, {"merged_into": NOBODY}, {"locale": "not a locale"}, {"timezone": "Mars/Olympus"},
        {"name": ""}, {"name": " \u202e "}, {"name": 7}, {"name": "x" * 201}, {"is_active": None},
    ]  # fmt: skip
    for body in wrong:
        assert (await api.person("PATCH", f"/people/{person}", body)).status == 422, body
    assert (await api.person("GET", f"/people/{person}")).json == before
    refused = await api.admin("PATCH", f"/people/{person}", {"name": "Bob"})
    assert (refused.status, refused.json["policy"]) == (403, "people-write")
    assert (await api.operator("PATCH", f"/people/{person}", {"name": "Bob"})).json["name"] == "Bob"


async def test_no_answer_holds_a_password_however_it_is_asked_for(api: Api) -> None:  # S72
    person = await spoken(api.users)
    await api.users.change(sa.update(people).values(password_hash="$argon2id$v=19$SECRET"))
    listed = (await api.operator("GET", "/policies")).json["items"]
    paths = [one["path"].removeprefix("/api/v1") for one in listed if one["method"] == "GET"]
    assert len(paths) > 10
    for path in paths:
        filled = path.replace("{person_id}", person).replace("{installation_id}", "slack:T1")
        for ask in (api.operator, api.person, api.admin):
            assert b"SECRET" not in (await ask("GET", filled)).body
    for body in ({"name": "Ada"}, {"is_active": True}):
        changed = await api.operator("PATCH", f"/people/{person}", body)
        assert changed.status == 200
        assert "SECRET" not in json.dumps(changed.json)


async def test_installations_are_listed_to_their_admins(api: Api) -> None:
    await spoken(api.users)
    await spoken(api.users, team="T2")
    assert [one["id"] for one in (await api.admin("GET", "/installations")).json["items"]] == ["slack:T1"]
    first = (await api.operator("GET", "/installations?limit=1")).json
    second = (await api.operator("GET", f"/installations?limit=1&cursor={first['next']}")).json
    assert [one["id"] for one in (*first["items"], *second["items"])] == ["slack:T1", "slack:T2"]
    assert (await api.person("GET", "/installations")).json["policy"] == "installations-read"
