"""Facts over the API: one's own for oneself alone, a workspace's for its admins (S112)."""

import asyncio
import json
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import FactSet
from support.api import Api, Told
from support.messages import item, message
from users_service.models import audit

NOBODY = "00000000-0000-4000-8000-000000000000"


async def me(api: Api, user: str = "U1") -> str:
    return str((await api.person("GET", "/me", user=user)).json["person_id"])


async def put(api: Api, name: str, value: Any, *, user: str = "U1", **headers: str) -> Told:
    return await api.person("PUT", f"/people/{await me(api, user)}/facts/{quote(name)}", {"value": value}, user=user, **headers)


async def facts(api: Api, user: str = "U1") -> list[dict[str, Any]]:
    return list((await api.person("GET", f"/people/{await me(api, user)}/facts", user=user)).json["items"])


async def test_a_fact_is_told_changed_and_forgotten_with_its_history(api: Api) -> None:  # S112
    told = await put(api, "location", "Paris")
    assert (told.status, told.json["source"], told.json["history"]) == (200, "dashboard", [])
    told = await put(api, "location", "London")
    assert [past["value"] for past in told.json["history"]] == ["Paris"]
    (kept,) = await facts(api)
    assert kept == told.json
    path = f"/people/{await me(api)}/facts/location"
    assert (await api.person("GET", path)).headers["ETag"] == told.headers["ETag"]
    assert (await api.person("DELETE", path)).status == 204
    assert [(await api.person(method, path)).status for method in ("GET", "DELETE")] == [404, 404]
    again = await put(api, "location", "Berlin")
    assert [past["value"] for past in again.json["history"]] == [None, "London", "Paris"]


async def test_chat_and_api_see_the_same_facts(api: Api) -> None:
    await api.users.change_facts(item(message(user="U1")), FactSet(name="location", value="Paris"))
    assert [(one["name"], one["source"]) for one in await facts(api)] == [("location", "said")]
    await put(api, "Location", "Rome")
    said = item(message(user="U1"))
    book = await api.users.book(said.message.message_id, await api.users.claimed(said))
    assert [(one.name, one.value, one.source) for one in book.facts] == [("location", "Rome", "dashboard")]


async def test_names_that_differ_by_case_only_are_one_fact(api: Api) -> None:
    for name in ("favourite Straße", "Favourite STRASSE", "FAVOURITE  strasse"):
        assert (await put(api, name, name)).status == 200
    (kept,) = await facts(api)
    assert (kept["name"], kept["value"]) == ("favourite strasse", "FAVOURITE  strasse")


async def test_what_changed_meanwhile_is_not_written_over(api: Api) -> None:  # S74
    read = await put(api, "units", "metric")
    await put(api, "units", "imperial")
    assert (await put(api, "units", "metric", If_Match=read.headers["ETag"])).status == 412
    assert (await put(api, "other", "x", If_Match="*")).status == 412
    now = await api.person("GET", f"/people/{await me(api)}/facts/units")
    assert (await put(api, "units", "metric", If_Match=now.headers["ETag"])).status == 200
    tags = [now.headers["ETag"]] * 4
    told = await asyncio.gather(*(put(api, "units", str(n), If_Match=tag) for n, tag in enumerate(tags)))
    assert {one.status for one in told} == {412}


async def test_nobody_else_sees_or_changes_them_admins_and_operators_neither(api: Api) -> None:  # S110, S111, S112
    await put(api, "location", "Paris")
    mine = await me(api)
    for path in (f"/people/{mine}/facts", f"/people/{mine}/facts/location"):
        for user in ("U2", "UADMIN", "UOP"):
            assert (await api.person("GET", path, user=user)).status == 404
        for told in (await api.admin("GET", path), await api.operator("GET", path)):
            assert (told.status, told.json["policy"]) == (403, "facts-own-read")
    stranger = await api.person("PUT", f"/people/{mine}/facts/location", {"value": "Rome"}, user="U1", workspace="T2")
    assert stranger.status == 404
    assert (await api.operator("DELETE", f"/people/{mine}/facts/location")).status == 403
    assert (await api.person("GET", f"/people/{NOBODY}/facts")).status == 404
    assert [one["value"] for one in await facts(api)] == ["Paris"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Mars/Olympus"), ("timezone", 7), ("language", "klingon, please"), ("x", None), ("x", "  "),
        ("x", "y" * 2001),
        ("-x", "y"), ("x" * 65, "y"), ("\u202e", "y"), ("x", {"a": "b" * 2000}),
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_is_said_in_one_sentence(api: Api, name: str, value: Any) -> None:
    told = await put(api, name, value)
    assert (told.status, len(told.json["errors"])) == (422, 1)
    assert await facts(api) == []


async def test_hostile_bodies_change_nothing(api: Api) -> None:
    path = f"/people/{await me(api)}/facts/x"
    bodies: dict[bytes, int] = {
        b"": 422, b"{": 422, b"[]": 422, b'{"value": 1, "source": "said"}': 422, b'{"value": ' + b"[" * 100_000: 422,
        b'{"value": "\\ud800"}': 422, b'{"value": "\\u0000"}': 422, b'{"value": "' + b"x" * 900_000 + b'"}': 422,
        b'{"value": "' + b"x" * 1_100_000 + b'"}': 413, b'{"value": 1e999}': 422, b'{"value": NaN}': 422,
    }  # fmt: skip
    for body, status in bodies.items():
        told = await api.person("PUT", path, body)
        assert told.status == status, (body[:30], told)
        assert len(told.json["trace_id"]) == 32
    assert await facts(api) == []


async def test_values_of_every_plane_come_back_as_they_were(api: Api) -> None:  # S73
    text = "".join(chr(plane << 16 | 0x1F600 & 0xFFFF) for plane in range(17) if plane not in (0, 15, 16)) + "é漢\U0010fffd"
    assert (await put(api, "смайлик 😀"[:7], text)).json["value"] == text
    nested = {"ключ": [text, 1, 1.5, True, None, {"𝔘": "𐍈"}]}
    assert (await put(api, "nested", nested)).json["value"] == nested


async def test_there_are_at_most_a_hundred(api: Api) -> None:
    mine = await me(api)
    for n in range(100):
        told = await api.person("PUT", f"/people/{mine}/facts/n{n}", {"value": n})
        assert told.status == 200
    full = await api.person("PUT", f"/people/{mine}/facts/one more", {"value": 1})
    assert (full.status, "at most 100" in json.dumps(full.json)) == (422, True)
    assert len(await facts(api)) == 100


async def test_a_workspaces_facts_are_for_its_admins(api: Api) -> None:  # S110, S112
    await api.users.answered(item(message(team="T1")))
    await api.users.answered(item(message(team="T2")))
    path = "/installations/slack:T1/facts/location"
    assert (await api.admin("PUT", path, {"value": "Paris"})).json["value"] == "Paris"
    assert (await api.person("GET", path, user="UADMIN")).json["value"] == "Paris"
    assert (await api.operator("GET", "/installations/slack:T1/facts")).json["items"][0]["name"] == "location"
    for method in ("GET", "PUT", "DELETE"):
        body = {"value": "Rome"} if method == "PUT" else None
        assert (await api.person(method, path, body)).json["policy"].startswith("facts-workspace")
        assert (await api.admin(method, path, body, of="slack:T2")).status == 404
        assert (await api.operator(method, path.replace("T1", "T9"), body)).status == 404
    said = item(message(user="U3"))
    book = await api.users.book(said.message.message_id, await api.users.claimed(said))
    assert [(one.scope, one.value) for one in book.facts] == [("workspace", "Paris")]
    assert (await api.admin("DELETE", path)).status == 204
    rows = await api.users.rows(
        sa.select(audit.c.action, audit.c.after).where(audit.c.action.like("fact.%")).order_by(audit.c.id)
    )
    assert [tuple(row) for row in rows] == [("fact.put", {"name": "location"}), ("fact.forget", {"name": "location"})]


async def test_the_audit_tells_that_and_not_what(api: Api) -> None:
    await put(api, "secret wish", "a pony")
    (row,) = await api.users.rows(sa.select(audit).where(audit.c.action == "fact.put"))
    assert "wish" not in str(row)
    assert "pony" not in str(row)
