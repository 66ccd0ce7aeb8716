"""Whatever is sent to whichever operation: one clear problem, and nothing half done."""

import base64
import json
from typing import Any

import pytest

from support.api import Api
from support.asking import ask, is_problem, operations, plausible, rows, said, texts, token, with_body
from support.people import NOBODY
from support.things import QUERIES, made
from users_service.api.call import Nothing
from users_service.api.pages import MOST, PageQuery

DEEP = 100_000
#: One character of each plane, those at the borders, and those that change how others are shown.
PLANES = "".join(chr(plane * 0x10000 + 0x1234) for plane in range(17)) + "\U0010ffff\U0001fffe\ufeff\u202e\u200d\u0301é\u00ad"
MORE: list[dict[str, Any]] = [{"is_admin": True}, {"id": NOBODY}, {"person_id": NOBODY}, {"__proto__": {}}, {"": 1}]
WRONG_PAGES = ("0", "-1", str(MOST + 1), "1e3", "9" * 400, "%D9%A1", "", "true", "1.5")


def cursors() -> list[str]:
    """Return cursors that nobody was given."""
    made_up = [
        "[" * 400,
        "[1e999, 1]",
        '["\\u0000", "x", 1]',
        "{}",
        "null",
        str(2**70),
        json.dumps(["9999-99-99T00:00:00", "x"]),
    ]
    made_up += [json.dumps([2**70]), json.dumps(["x"] * 50), json.dumps(["2026-11-25T09:00:00", "\ud800"])]
    return [
        "nonsense",
        "%C3%A9",
        "%3D" * 1001,
        *(base64.urlsafe_b64encode(one.encode("utf-8", "replace")).decode() for one in made_up),
    ]


async def test_what_is_no_body_of_an_operation_is_refused_and_nothing_done(api: Api) -> None:
    things = await made(api)
    wrong: list[Any] = [
        b"", b"null", b"[]", b"0", b'"x"', b"{", b'{"a"', b"\xff\xfe{}", b'{"\\ud800": 1}', b"x" * 1_100_000,
        b"[" * DEEP, b'{"a":' * DEEP, b'{"a":1,"a":' + b"[" * DEEP, b"[" + b"1," * 500_000 + b"1]",
        b'{"x":' + b"9" * 900_000 + b"}",
    ]  # fmt: skip
    for one in with_body(api):
        await token(api, one, things)
    before = await rows(api)
    for one in with_body(api):
        for given in wrong:
            told = await ask(api, one, things, given)
            assert is_problem(told, 400, 413, 422), (given[:40], said(one, told))
    assert await rows(api) == before


async def test_a_field_may_be_deep_or_a_megabyte_and_breaks_nothing(api: Api) -> None:
    things = await made(api)
    for one in with_body(api):
        good = plausible(api, one, things)
        for name in one.body.model_json_schema()["properties"] if one.body else ():
            for value in (
                '"' + "a" * 1_000_000 + '"',
                "[" * 500 + "]" * 500,
                '{"a":' * 500 + "1" + "}" * 500,
                "1e999",
                "NaN",
                "9" * 5000,
            ):
                rest = "".join(f"{json.dumps(key)}: {json.dumps(kept)}, " for key, kept in good.items() if key != name)
                given = f"{{{rest}{json.dumps(name)}: {value}}}".encode()
                told = await ask(api, one, things, given)
                assert is_problem(told, 403, 404, 409, 413, 422), (name, value[:20], said(one, told))


async def test_fields_and_parameters_that_are_not_offered_are_refused_and_nothing_is_done(api: Api) -> None:  # S64
    things = await made(api)
    for one in operations(api):
        await token(api, one, things)
    before = await rows(api)
    for one in operations(api):
        good = plausible(api, one, things)
        if one.body is not None:
            for more in MORE:
                told = await ask(api, one, things, {**good, **more})
                assert is_problem(told, 422), (more, said(one, told))
        query = QUERIES.get(one.name, "?") + "&is_admin=true"
        told = await ask(api, one, things, good, query)
        assert is_problem(told, 422), said(one, told)
        assert told.json["errors"][0]["field"] == "is_admin"
    assert await rows(api) == before


async def test_a_change_of_a_state_that_is_no_more_is_refused_by_every_operation_that_has_versions(api: Api) -> None:  # S74
    conditional = [one for one in operations(api) if one.has_etag and one.method != "GET"]
    assert len(conditional) >= 5
    changes: dict[str, Any] = {
        "change_person": {"name": "Ada"},
        "change_feature": {"rollout": 40},
        "save_form": {"values": {"name": "Eve", "locale": "", "timezone": ""}},
    }
    for one in conditional:
        things = await made(api)
        given, shows = changes.get(one.name, plausible(api, one, things)), [
            other for other in operations(api) if (other.method, other.path) == ("GET", one.path)
        ]  # fmt: skip
        assert shows, f"{one.method} {one.path} has versions, and nothing tells them: there is no GET"
        etag = (await ask(api, shows[0], things)).headers["ETag"]
        before = await rows(api)
        for stale in ('"stale"', "", "nonsense", f"W/{etag}", f'"{PLANES[0]}"', '"a", "b"'):
            told = await ask(api, one, things, given, If_Match=stale)
            assert is_problem(told, 412), (stale, said(one, told))
        assert await rows(api) == before, said(one, told)
        assert (await ask(api, one, things, given, If_Match=f'"other", {etag}')).status < 300
        again = await ask(api, one, things, given, If_Match=etag)
        assert is_problem(again, 412, 404), said(one, again)


async def test_every_script_can_be_said_in_every_free_text_or_is_refused_in_a_sentence(api: Api) -> None:
    fields = 0
    for one in with_body(api):
        things = await made(api)
        for name, _ in texts(one):
            fields += 1
            good = plausible(api, one, things)
            told = await ask(api, one, things, {**good, name: PLANES})
            assert told.status < 300 or is_problem(told, 404, 422), (name, said(one, told))
            lone = json.dumps({**good, name: "?"}).replace('"?"', '"\\ud800"').encode()
            assert is_problem(await ask(api, one, things, lone), 422), (name, said(one, told))
            zero = json.dumps({**good, name: "a\x00b"}).encode()
            assert is_problem(await ask(api, one, things, zero), 422), (name, said(one, told))
    assert fields > 5


async def test_what_was_said_in_every_script_is_told_as_it_was_said(api: Api) -> None:
    things, kept = await made(api), PLANES.replace("\u202e", "")  # what turns others' words round is left out
    path = f"/people/{things.person}/facts/a"
    own = await api.token("own", person=things.identity)
    assert (await api.ask("PUT", path, {"value": PLANES}, token=own)).status == 200
    assert (await api.ask("GET", path, token=own)).json["value"] == kept


async def test_a_path_or_a_query_in_any_script_names_nothing_and_breaks_nothing(api: Api) -> None:
    things = await made(api)
    for one in operations(api):
        good = plausible(api, one, things)
        for strange in ("%F0%90%80%80%EF%BF%BF", "%ff%fe", "%00", "..", "%2e%2e%2f", "a" * 3000, "%E2%80%AE", "'%20or%201=1--"):
            path = one.path.replace("{", "\x01").replace("}", "\x02")
            while "\x01" in path:
                before, _, rest = path.partition("\x01")
                path = before + strange + rest.partition("\x02")[2]
            if path != one.path:
                told = await api.ask(one.method, path, good, token=await token(api, one, things))
                assert is_problem(told, 403, 404, 405, 422), (strange, said(one, told))
        for name in one.query.model_fields if one.query is not Nothing else ():
            for strange in ("%F0%90%80%80", "%ff%fe", "%00", "a" * 3000, "%E2%80%AE", ""):
                told = await ask(api, one, things, good, f"?{name}={strange}")
                assert told.status < 300 or is_problem(told, 403, 404, 409, 422), (name, strange, said(one, told))


async def test_pages_are_as_long_as_they_may_be_and_cursors_are_those_that_were_given(api: Api) -> None:  # S65
    things = await made(api)
    paged = [one for one in operations(api) if issubclass(one.query, PageQuery)]
    assert len(paged) >= 6
    for one in paged:
        assert (await ask(api, one, things, query=f"?limit={MOST}")).status == 200
        for limit in WRONG_PAGES:
            told = await ask(api, one, things, query=f"?limit={limit}")
            assert is_problem(told, 422), (limit, said(one, told))
        for cursor in cursors():
            told = await ask(api, one, things, query=f"?cursor={cursor}")
            assert is_problem(told, 422), (cursor, said(one, told))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/installations/SLACK:T1/facts", 404), ("/installations/slack:t1/facts", 404),
        ("/installations/slack:T1%20/facts", 404),
        ("/features/Notes", 404), ("/features/NOTES", 404), ("/installations/slack:T1/facts/A", 200),
        ("/people?installation_id=slack:t1", 200), ("/people?workspace_id=t1", 200), ("/people?user_id=uadmin", 200),
    ],
)  # fmt: skip
async def test_names_that_differ_by_case_are_other_names_but_for_facts(api: Api, path: str, expected: int) -> None:
    await made(api)
    told = await api.operator("GET", path)
    assert told.status == expected
    if "?" in path:
        assert told.json["items"] == []


async def test_people_whose_ids_differ_by_case_are_two(api: Api) -> None:
    small, big = await made(api, user="u1case"), await made(api, user="U1CASE")
    assert small.person != big.person
    own = await api.token("small", person=small.identity)
    told = await api.ask("GET", f"/people/{small.person}", token=own)
    assert [one["user_id"] for one in told.json["identities"]] == ["u1case"]
    assert (await api.ask("GET", f"/people/{big.person}", token=own)).status == 404
