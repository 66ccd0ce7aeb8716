"""What is the same for every operation of the API: who asks, how often, well formed, asked before (S109, S110, S112)."""

import asyncio
import json
from datetime import timedelta

from support.api import Api
from support.messages import item, message
from support.users import ADMIN_TOKEN

JOB = {"workspace_id": "T1", "user_id": "U1", "command": "weather in Paris"}
POLICY_OF = "urn:jeeves:problem:"


async def test_nobody_is_let_in_without_a_token(api: Api) -> None:  # S109
    told = await api.ask("GET", "/me")
    assert (told.status, told.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert told.json["type"] == POLICY_OF + "unauthenticated"
    for wrong in ("jeeves_wrong", "a.b.c", "", "é"):
        assert (await api.ask("GET", "/me", token=wrong)).status == 401


async def test_the_bootstrap_token_makes_and_revokes_tokens_and_nothing_else(api: Api) -> None:
    assert (await api.ask("GET", "/tokens", token=ADMIN_TOKEN)).json == {"items": [], "next": None}
    refused = await api.ask("POST", "/jobs", JOB, token=ADMIN_TOKEN)
    assert (refused.status, refused.json["policy"]) == (403, "jobs-add")
    operator = await api.token("operator")
    (listed,) = (await api.ask("GET", "/tokens", token=ADMIN_TOKEN)).json["items"]
    assert operator.startswith(listed["hint"])
    assert operator not in json.dumps(listed)
    assert (await api.ask("DELETE", f"/tokens/{listed['id']}", token=ADMIN_TOKEN)).status == 204
    assert (await api.ask("GET", "/me", token=operator)).status == 401


async def test_a_token_is_good_for_its_scopes_only(api: Api) -> None:
    token = await api.token("reader", scopes=["jobs:read"])
    await api.users.answered(item(message(user="U1")))
    refused = await api.ask("POST", "/jobs", JOB, token=token)
    assert (refused.status, refused.json["policy"]) == (403, "jobs-add")
    assert "jobs:write" in refused.json["detail"]


async def test_a_token_ends_when_it_said(api: Api) -> None:
    soon = (api.users.clock.now() + timedelta(minutes=5)).isoformat()
    token = await api.token("short", expires_at=soon)
    assert (await api.ask("GET", "/me", token=token)).status == 200
    await api.users.clock.advance(301)
    assert (await api.ask("GET", "/me", token=token)).status == 401


async def test_a_token_acts_as_its_person_is_at_that_moment(api: Api) -> None:  # S111, S125
    me = (await api.person("GET", "/me", user="UADMIN")).json
    assert (me["roles"], me["admin_of"]) == (["member", "admin"], ["slack:T1"])
    assert (await api.person("GET", "/me", user="U5")).json["roles"] == ["member"]


async def test_what_is_no_json_or_no_such_thing_is_refused_in_one_sentence(api: Api) -> None:
    token = await api.token("operator")
    wrong = {
        b"{": 422, b"[" * 5000: 422, b'{"a":"\\u0000"}': 422, b"\xff": 422, b'"\\ud800"': 422,
        json.dumps({**JOB, "is_admin": True}).encode(): 422,
    }  # fmt: skip
    for body, status in wrong.items():
        told = await api.ask("POST", "/jobs", body, token=token)
        assert told.status == status, (body[:20], told)
        assert told.json["errors"]
    assert (await api.ask("POST", "/jobs", b"x", token=token, Content_Type="text/plain")).status == 415
    assert (await api.ask("POST", "/jobs", b"x" * 1_100_000, token=token)).status == 413
    assert (await api.ask("GET", "/tokens?limit=0", token=token)).status == 422
    assert (await api.ask("GET", "/tokens?cursor=nonsense", token=token)).status == 422
    assert (await api.ask("GET", "/tokens?limit=1&limit=2", token=token)).status == 422
    assert (await api.ask("GET", "/nothing", token=token)).status == 404
    assert (await api.ask("PATCH", "/jobs", JOB, token=token)).status == 405


async def test_the_same_idempotency_key_does_it_once(api: Api) -> None:
    await api.users.answered(item(message(user="U1")))
    await api.token("operator")
    asked = [api.operator("POST", "/jobs", JOB, Idempotency_Key="k") for _ in range(5)]
    told = await asyncio.gather(*asked)
    assert {one.status for one in told} == {202}
    assert len({one.json["id"] for one in told}) == 1
    assert sum("Idempotency-Replayed" in one.headers for one in told) == 4
    other = await api.operator("POST", "/jobs", {**JOB, "command": "help"}, Idempotency_Key="k")
    assert other.status == 409


async def test_a_token_is_not_told_again_under_its_idempotency_key(api: Api) -> None:
    expires = (api.users.clock.now() + timedelta(days=1)).isoformat()
    asked = {"name": "once", "scopes": ["jobs:read"], "expires_at": expires}
    first, second = [await api.ask("POST", "/tokens", asked, token=ADMIN_TOKEN, Idempotency_Key="k") for _ in range(2)]
    assert first.json["token"]
    assert second.json == {**first.json, "token": None}


async def test_who_asks_too_much_is_told_when_to_ask_again(api: Api) -> None:
    token = await api.token("operator")
    told = await api.ask("GET", "/me", token=token)
    assert told.headers["RateLimit-Policy"] == '"default";q=600;w=60'
    statuses = [(await api.ask("GET", "/me", token=token)).status for _ in range(602)]
    assert (statuses[500], statuses[-1]) == (200, 429)
    refused = await api.ask("GET", "/me", token=token)
    assert int(refused.headers["Retry-After"]) >= 1
    await api.users.clock.advance(10)
    assert (await api.ask("GET", "/me", token=token)).status == 200


async def test_the_documents_are_for_everybody_and_name_each_policy(api: Api) -> None:
    document = (await api.ask("GET", "/openapi.json")).json
    assert document["openapi"] == "3.1.0"
    assert document["paths"]["/api/v1/jobs"]["post"]["x-policy"] == "jobs-add"
    page = await api.ask("GET", "/docs")
    assert "jobs-add" in page.body.decode()
    assert "script-src" not in page.headers["Content-Security-Policy"]
