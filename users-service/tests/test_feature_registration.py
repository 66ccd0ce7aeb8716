"""An operator puts actions in over the API: what they ask for is granted once, and frozen (S44, S45, S58)."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jeeves.servers.processes import free_ports
from jeeves_contracts.delivery import ClaimAnswer, ClaimRequest
from jeeves_contracts.registry import Feature, Registry
from support.api import Api
from support.dice import SCHEMA, Dice, put, rolling
from support.messages import item
from support.users import Users, running


@pytest.fixture
async def dice(users: Users) -> AsyncIterator[Dice]:
    async with rolling(users) as one:
        yield one


async def known(users: Users, revision: int = 0) -> Registry | None:
    """Return the registry that comes with a claim of who knows `revision`."""
    body = ClaimRequest(items=[item()], registry_revision=revision).to_bytes()
    return ClaimAnswer.from_bytes(await users.peer.call("/internal/v1/messages/claim", body, scope="messages:claim")).registry


async def features(users: Users) -> dict[str, Feature]:
    registry = await known(users)
    assert registry is not None
    return {feature.name: feature for feature in registry.features}


async def test_an_action_that_is_put_in_is_known_from_the_next_message_on(api: Api, dice: Dice) -> None:  # S45
    before = await known(api.users)
    assert before is not None
    assert await known(api.users, before.revision) is None
    told = await put(api, dice, rollout=50, installations=["slack:T1"], settings={"sides": 20})
    assert told.status == 200, told
    assert (told.json["enabled"], told.json["rollout"], told.json["installations"]) == (True, 50, ["slack:T1"])
    assert told.json["granted"]["commands"][0]["aliases"] == ["roll"]
    assert told.json["widened"] == ["command dice"]
    after = await known(api.users, before.revision)
    assert after is not None
    assert [feature.name for feature in after.features] == ["config", "dice", "notes"]
    assert (await api.operator("GET", "/features/dice")).json == {k: v for k, v in told.json.items() if k != "widened"}
    listed = (await api.operator("GET", "/features?limit=2")).json
    assert [one["name"] for one in listed["items"]] == ["config", "dice"]
    rest = (await api.operator("GET", f"/features?limit=2&cursor={listed['next']}")).json
    assert ([one["name"] for one in rest["items"]], rest["next"]) == (["notes"], None)


async def test_what_an_action_asks_for_is_frozen_until_it_is_put_in_again(api: Api, dice: Dice) -> None:  # S58
    await put(api, dice, settings={"sides": 20})
    dice.manifest |= {"facts": ["location"], "jobs": ["daily"], "connections": ["github"]}
    dice.manifest["commands"][0] |= {"effect": "external", "roles": ["member", "admin"]}
    more = [
        "fact location",
        "connection github",
        "job daily",
        "command dice for role admin",
        "command dice with effect external",
    ]
    offer = (await api.operator("GET", "/features/dice/offer")).json
    assert (offer["widened"], offer["asked"]["facts"]) == (more, ["location"])
    granted = (await features(api.users))["dice"]
    assert (granted.manifest.facts, granted.manifest.commands[0].effect) == ([], "none")
    again = await put(api, dice, enabled=False)
    assert (again.json["widened"], again.json["granted"]["facts"], again.json["enabled"]) == (more, ["location"], False)
    now = (await features(api.users))["dice"]
    assert (now.manifest.facts, now.settings) == (["location"], {"sides": 20})
    newest = (await api.operator("GET", "/audit?action=feature.put&subject=dice")).json["items"][0]
    assert (newest["before"]["enabled"], newest["after"]["enabled"]) == (True, False)
    assert newest["before"]["granted"]["facts"] == []
    assert newest["after"]["granted"]["commands"] == {"dice": "member admin: external"}


@pytest.mark.parametrize("shape", [None, {"type": "string"}])
async def test_what_was_given_as_a_secret_is_told_to_nobody_when_it_is_one_no_more(  # S112
    api: Api, dice: Dice, shape: dict[str, Any] | None
) -> None:
    await put(api, dice, settings={"key": "hidden in general", "sides": 8})
    await api.users.claim(item())
    assert (await api.admin("PATCH", "/features/dice", {"settings": {"key": "hidden here"}})).status == 200
    others = {name: one for name, one in SCHEMA["properties"].items() if name != "key"}
    dice.manifest["settings_schema"] = {**SCHEMA, "properties": {**others, **({"key": shape} if shape else {})}}
    again = await put(api, dice)
    assert again.json["widened"] == (["secret key as an open setting"] if shape else [])
    dice.manifest["settings_schema"] = {**SCHEMA, "properties": {**others, "key": {"type": "string"}}}
    await put(api, dice)
    told = [again, *[await api.operator("GET", path) for path in ("/features/dice", "/audit")]]
    told += [await api.admin("GET", path) for path in ("/features/dice", "/audit", "/forms/feature/dice")]
    told += [await api.admin("PATCH", "/features/dice", {"settings": {"sides": 9}}), await api.admin("GET", "/audit")]
    assert all(one.status == 200 for one in told)
    assert all("hidden" not in one.body.decode() for one in told)
    assert (await features(api.users))["dice"].settings == {"sides": 8}


async def test_an_action_is_taken_out_with_what_installations_decided(api: Api, dice: Dice) -> None:  # S45
    await put(api, dice)
    await api.users.claim(item())
    assert (await api.admin("PATCH", "/features/dice", {"enabled": False})).status == 200
    assert (await api.operator("DELETE", "/features/dice")).status == 204
    assert "dice" not in await features(api.users)
    for told in (
        await api.operator("DELETE", "/features/dice"),
        await api.operator("GET", "/features/dice"),
        await api.operator("GET", "/features/dice/offer"),
        await api.operator("PATCH", "/features/dice", {"enabled": True}),
    ):
        assert (told.status, told.json["detail"]) == (404, "There is no action of this name.")
    await put(api, dice)
    assert (await api.admin("GET", "/features/dice")).json["enabled"] is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "thief"}, "it calls itself thief, not dice"),
        ({"commands": []}, "its manifest is not valid: commands: "),
        ({"version": 1}, "its manifest is not valid: version: "),
        ({"settings_schema": {"type": "array"}}, "settings_schema: it is a JSON Schema 2020-12 of an object"),
        ({"settings_schema": {"type": "object", "properties": {"a": {"$ref": "https://x.test/y"}}}}, "a part of itself"),
        ({"settings_schema": {"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}}}, "leads to another one"),
        ({"settings_schema": {"type": "object", "properties": {"a": {"type": "wonder"}}}}, "at properties.a.type"),
        ({"settings_schema": {"type": "object", "properties": {"a": {"pattern": "(?=a)b"}}}}, "a pattern in it"),
        (
            {"settings_schema": {"type": "object", "properties": {"a": {"type": "string", "default": 1}}}},
            "its own default of a",
        ),
        ({"settings_schema": {"type": "object", "description": "x" * 30_000}}, "at most 20000 bytes"),
        ({"settings_schema": {"type": "object", "$id": "https://x.test"}}, "it may not use $id"),
    ],
)
async def test_a_manifest_that_is_wrong_is_refused_with_the_place(
    api: Api, dice: Dice, change: dict[str, Any], words: str
) -> None:
    dice.manifest |= change
    told = await put(api, dice)
    assert (told.status, words in told.json["detail"]) == (422, True), told
    assert "dice" not in await features(api.users)


async def test_a_manifest_that_says_something_else_each_time_is_refused(api: Api, dice: Dice) -> None:
    dice.later = [{**dice.manifest, "facts": ["location"]}]
    told = await put(api, dice)
    assert (told.status, told.json["detail"]) == (422, "its manifest is another each time it is read: facts")
    assert "dice" not in await features(api.users)


@pytest.mark.parametrize(("alias", "whose"), [("config", "config"), ("notes", "notes"), ("stop", "Jeeves itself")])
async def test_a_name_that_is_taken_is_told_with_whose_it_is(api: Api, dice: Dice, alias: str, whose: str) -> None:  # P4
    dice.manifest["commands"][0]["aliases"] = [alias]
    told = await put(api, dice)
    assert told.status == 422
    assert f"taken already: {alias} ({whose})" in told.json["detail"]


async def test_settings_that_the_action_needs_have_to_come_with_it(api: Api, dice: Dice) -> None:
    dice.manifest["settings_schema"] = {**SCHEMA, "required": ["label", "sides"]}
    told = await put(api, dice)
    assert told.json["errors"] == [{"field": "settings.label", "message": "the action needs it"}]
    assert (await put(api, dice, settings={"label": "mine"})).status == 200


async def test_an_action_that_is_away_can_be_put_in_later(api: Api) -> None:
    (port,) = free_ports(1)
    told = await api.operator("PUT", "/features/dice", {"url": f"http://127.0.0.1:{port}"})
    assert (told.status, told.json["detail"]) == (503, "its manifest cannot be read: no connection")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"url": "file:///etc/passwd"},
        {"url": "http://notes.test/v1"},
        {"url": "http://notes.test/?x=1"},
        {"url": "http://me:secret@notes.test"},
        {"url": "http://" + "x" * 300},
        {"url": ["http://notes.test"]},
        {"url": "http://notes.test", "enabled": "yes"},
        {"url": "http://notes.test", "enabled": None},
        {"url": "http://notes.test", "rollout": 101},
        {"url": "http://notes.test", "installations": ["a\nb"]},
        {"url": "http://notes.test", "manifest": {}},
        {"url": "http://notes.test", "settings": {"nosuch": 1}},
    ],
)
async def test_what_is_no_request_is_refused(api: Api, asked: dict[str, Any]) -> None:
    told = await api.operator("PUT", "/features/notes", asked)
    assert told.status == 422
    assert told.json["errors"]
    assert "secret" not in json.dumps(told.json)


@pytest.mark.parametrize(("method", "path"), [("PUT", ""), ("DELETE", ""), ("GET", "/offer")])
async def test_nobody_but_an_operator_may(api: Api, method: str, path: str) -> None:
    body = {"url": "http://notes.test"} if method == "PUT" else None
    await api.users.claim(item())
    told = await api.admin(method, f"/features/notes{path}", body)
    assert (told.status, told.json["policy"]) == (403, "features-manage")
    member = await api.person("GET", "/features")
    assert (member.status, member.json["policy"]) == (403, "features-read")


async def test_the_setting_leaves_its_mark_in_the_audit_log(api: Api) -> None:
    (entry,) = (await api.operator("GET", "/audit?subject=notes")).json["items"]
    assert (entry["actor"], entry["before"], entry["after"]["url"]) == ("JEEVES_ACTIONS", None, "http://notes.test")


async def test_an_origin_that_the_operator_does_not_allow_is_not_even_asked(db_url: str, tmp_path: Path) -> None:
    allowed = "http://notes.test,10.0.0.0/8"
    async with running(db_url, tmp_path, JEEVES_ACTION_ORIGINS=allowed) as users, rolling(users) as dice:
        api = Api(users)
        told = await put(api, dice)
        assert told.json["errors"] == [{"field": "url", "message": "it is not among JEEVES_ACTION_ORIGINS"}]
        assert (await api.operator("PUT", "/features/notes", {"url": "http://NOTES.test/"})).status == 200
    async with running(db_url, tmp_path, JEEVES_ACTION_ORIGINS="127.0.0.0/8") as users, rolling(users) as dice:
        assert (await put(Api(users), dice)).status == 200
