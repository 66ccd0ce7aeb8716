"""Why can I not do this: answered by the policy's name (S110, S111)."""

from urllib.parse import quote

import pytest

from support.api import Api


async def test_every_operation_is_listed_with_its_policy(api: Api) -> None:
    listed = (await api.person("GET", "/policies")).json["items"]
    document = (await api.ask("GET", "/openapi.json")).json
    described = {
        (method.upper(), path): operation["x-policy"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert {(one["method"], one["path"]): one["policy"] for one in listed} == described
    assert {"policies-read", "people-read", "operators-manage"} <= {one["policy"] for one in listed}


@pytest.mark.parametrize(
    ("method", "path", "policy", "person", "admin", "operator"),
    [
        ("GET", "/people", "people-list", False, True, True),
        ("GET", "/api/v1/people/x?limit=1", "people-read", True, True, True),
        ("PUT", "/operators/{person_id}", "operators-manage", False, False, True),
        ("DELETE", "/installations/slack:T1/admins/x/", "admins-manage", False, True, True),
        ("POST", "/tokens", "tokens-manage", False, False, True),
    ],
)
async def test_whoever_asks_is_told_whether_they_may_and_why_not(  # noqa: PLR0917
    api: Api, method: str, path: str, policy: str, person: bool, admin: bool, operator: bool
) -> None:  # fmt: skip
    for ask, allowed in ((api.person, person), (api.admin, admin), (api.operator, operator)):
        told = (await ask("GET", f"/policies/check?method={method}&path={quote(path, safe='')}")).json
        assert (told["allowed"], told["policy"]) == (allowed, policy)
        assert told["sentence"].startswith("You may: ") is allowed


async def test_a_token_without_the_scope_is_told_so(api: Api) -> None:
    token = await api.token("reader", scopes=["jobs:read"])
    told = (await api.ask("GET", "/policies/check?method=GET&path=/people", token=token)).json
    assert (told["allowed"], told["policy"]) == (False, "people-list")
    assert "people:read" in told["sentence"]


async def test_what_is_no_operation_is_not_found(api: Api) -> None:
    assert (await api.operator("GET", "/policies/check?method=PUT&path=/people")).status == 404
    assert (await api.operator("GET", "/policies/check?method=GET&path=/nothing")).status == 404
    assert (await api.operator("GET", "/policies/check?method=HEAD&path=/people")).status == 422
    assert (await api.operator("GET", "/policies/check")).status == 422
    assert (await api.ask("GET", "/policies")).status == 401
