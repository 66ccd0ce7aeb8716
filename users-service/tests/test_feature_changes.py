"""Features are switched, shared and set over the API: by operators in general, by admins where they are (S5, S58, S159)."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from jeeves_contracts.delivery import ClaimAnswer, ClaimRequest
from jeeves_contracts.registry import Feature
from jeeves_contracts.toggles import bucket, decide, settings_of
from support.api import Api
from support.dice import Dice, put, rolling
from support.messages import item, message
from support.toggles import decision_cases
from support.users import Users
from users_service.engine import Database
from users_service.models import feature_settings, features, installations
from users_service.repository import features as kept
from users_service.scope import OPERATOR, Tenant

T1, T2 = "slack:T1", "slack:T2"
SOON = "it is in the future, and at most ten years away"
DICE = "/features/dice"


@pytest.fixture
async def dice(api: Api) -> AsyncIterator[Dice]:
    """An action that is in, where two workspaces have spoken to Jeeves."""
    async with rolling(api.users) as one:
        assert (await put(api, one)).status == 200
        for team in ("T1", "T2"):
            await api.users.claim(item(message(team=team)))
        yield one


async def claimed(users: Users) -> Feature:
    """Return the feature as the dispatcher is handed it with a claim."""
    body = ClaimRequest(items=[item()], registry_revision=0).to_bytes()
    registry = ClaimAnswer.from_bytes(
        await users.peer.call("/internal/v1/messages/claim", body, scope="messages:claim")
    ).registry
    assert registry is not None
    return next(feature for feature in registry.features if feature.name == "dice")


async def is_on(users: Users, place: str = T1, person: str = "somebody") -> bool:
    return decide(await claimed(users), place, person, users.clock.now()).on


async def test_a_switch_holds_from_the_next_message_on(api: Api, dice: Dice) -> None:  # S5
    assert await is_on(api.users)
    told = await api.operator("PATCH", DICE, {"enabled": False})
    assert (told.json["enabled"], told.json["effective"]["on"], told.json["effective"]["policy"]) == (
        False, False, "feature-enabled",
    )  # fmt: skip
    assert not await is_on(api.users)
    assert (await api.operator("PATCH", DICE, {"enabled": True})).json["effective"]["on"]
    assert await is_on(api.users)


async def test_admins_of_two_installations_never_see_or_change_each_others(api: Api, dice: Dice) -> None:
    mine = await api.admin("PATCH", DICE, {"enabled": False, "rollout": 30, "settings": {"sides": 12}})
    assert (mine.json["installation_id"], mine.json["enabled"], mine.json["rollout"]) == (T1, False, 30)
    assert (mine.json["url"], mine.json["installations"]) == (None, None)
    others = (await api.admin("GET", DICE, of=T2)).json
    assert (others["enabled"], others["rollout"], others["settings"]) == (None, None, {})
    assert (others["effective"]["on"], others["effective"]["settings"]["sides"]) == (True, 6)
    assert (await is_on(api.users, T1), await is_on(api.users, T2)) == (False, True)
    for method, path, body in (("GET", DICE, None), ("PATCH", DICE, {"enabled": True}), ("GET", "/features", None)):
        told = await api.admin(method, f"{path}?installation_id={T1}", body, of=T2)
        assert (told.status, told.json["detail"]) == (404, "There is no such installation.")
    told = await api.admin("POST", f"{DICE}/preview?installation_id={T1}", {"enabled": True}, of=T2)
    assert told.status == 404
    assert not await is_on(api.users, T1)
    assert (await api.admin("GET", "/audit?subject=dice", of=T2)).json["items"] == []
    assert (await api.admin("GET", f"/audit?installation_id={T1}", of=T2)).status == 404


async def test_a_feature_that_an_installation_does_not_have_is_not_there(api: Api, dice: Dice) -> None:
    await api.operator("PATCH", DICE, {"installations": [T2]})
    assert (await is_on(api.users, T1), await is_on(api.users, T2)) == (False, True)
    assert (await api.admin("GET", DICE)).status == 404
    assert (await api.admin("PATCH", DICE, {"enabled": False})).status == 404
    assert "dice" not in {one["name"] for one in (await api.admin("GET", "/features")).json["items"]}
    assert "dice" in {one["name"] for one in (await api.admin("GET", "/features", of=T2)).json["items"]}
    assert (await api.operator("PATCH", DICE, {"installations": None})).json["installations"] is None
    assert await is_on(api.users, T1)


async def test_a_timed_change_comes_into_force_without_anything_firing(api: Api, dice: Dice) -> None:
    until = api.users.clock.now() + timedelta(hours=8)
    told = await api.admin("PATCH", DICE, {"enabled": False, "until": until.isoformat()})
    assert [one["enabled"] for one in told.json["timed"]] == [True]
    revision = await api.users.peer.call(
        "/internal/v1/messages/claim", ClaimRequest(items=[]).to_bytes(), scope="messages:claim"
    )
    assert not await is_on(api.users)
    await api.users.clock.advance(8 * 3600 - 1)
    assert not await is_on(api.users)
    await api.users.clock.advance(1)
    assert await is_on(api.users)
    again = await api.users.peer.call("/internal/v1/messages/claim", ClaimRequest(items=[]).to_bytes(), scope="messages:claim")
    assert ClaimAnswer.from_bytes(again).registry == ClaimAnswer.from_bytes(revision).registry  # nothing was written
    told = await api.admin("GET", DICE)
    assert (told.json["enabled"], told.json["timed"]) == (True, [])  # told as it is, and tidied when next written
    later = [{"at": (until + timedelta(days=day)).isoformat(), "enabled": day % 2 == 0} for day in (3, 1, 2)]
    await api.admin("PATCH", DICE, {"timed": later})
    here = (await claimed(api.users)).local[T1]
    assert [one.enabled for one in here.timed] == [False, True, False]
    assert here.enabled is True


async def test_what_comes_later_stays_when_a_switch_is_turned_and_goes_when_the_plan_is_emptied(api: Api, dice: Dice) -> None:
    later = [{"at": (api.users.clock.now() + timedelta(days=1)).isoformat(), "enabled": False}]
    await api.operator("PATCH", DICE, {"timed": later})
    assert len((await api.operator("PATCH", DICE, {"enabled": True})).json["timed"]) == 1
    assert (await api.operator("PATCH", f"{DICE}?update_mask=timed", {})).json["timed"] == []


async def test_a_share_is_sticky_and_near_what_was_said(api: Api, dice: Dice) -> None:  # S159
    people = [f"person-{number}" for number in range(1000)]
    had: set[str] = set()
    for share in (10, 25, 60):
        await api.admin("PATCH", DICE, {"rollout": share})
        feature = await claimed(api.users)
        has = {one for one in people if decide(feature, T1, one, api.users.clock.now()).on}
        assert abs(len(has) - share * 10) < 45
        assert had < has
        assert has == {one for one in people if bucket("dice", one) < share}
        had = has
    await api.admin("PATCH", DICE, {"rollout": None})
    assert (await claimed(api.users)).local[T1].rollout is None


async def test_settings_of_an_installation_stand_before_those_in_general(api: Api, dice: Dice) -> None:
    await api.operator("PATCH", DICE, {"settings": {"sides": 20, "loud": True}})
    mine = (await api.admin("PATCH", DICE, {"settings": {"sides": 12, "colour": "blue"}})).json
    assert mine["settings"] == {"sides": 12, "colour": "blue"}
    assert mine["effective"]["settings"] == {"sides": 12, "colour": "blue", "loud": True}
    assert settings_of(await claimed(api.users), T1) == mine["effective"]["settings"]
    back = (await api.admin("PATCH", DICE, {"settings": {"sides": None}})).json
    assert (back["settings"], back["effective"]["settings"]["sides"]) == ({"colour": "blue"}, 20)
    assert (await api.admin("PATCH", DICE, {"settings": None})).json["settings"] == {}


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"settings": {"sides": 1}}, "settings.sides", "it is at least 2"),
        ({"settings": {"sides": "six"}}, "settings.sides", "it is a whole number"),
        ({"settings": {"sides": 2**70}}, "settings.sides", "it is too deep, or too large a number"),
        ({"settings": {"colour": "green"}}, "settings.colour", "it is one of: red, blue"),
        ({"settings": {"label": "NO"}}, "settings.label", "it looks like ^[a-z ]*$"),
        ({"settings": {"label": "a" * 21}}, "settings.label", "it has at most 20 characters"),
        ({"settings": {"key": "abc"}}, "settings.key", "it has at least 4 characters"),
        ({"settings": {"nosuch": 1}}, "settings.nosuch", "there is no such setting"),
        ({"settings": {"nosuch": None}}, "settings.nosuch", "there is no such setting"),
        ({"until": "2027-01-01T00:00:00Z"}, "until", "it goes with `enabled`: on or off until then"),
        ({"enabled": False, "until": "2020-01-01T00:00:00Z"}, "until", SOON),
        ({"enabled": False, "until": "9999-12-31T23:59:59-12:00"}, "until", SOON),
        ({"timed": [{"at": "2020-01-01T00:00:00Z", "enabled": True}]}, "timed.0.at", SOON),
        ({"timed": [{"at": "2027-01-01T00:00:00Z", "enabled": True}] * 2}, "timed", "two changes cannot be at one instant"),
        ({"timed": [{"at": "2027-01-01T00:00:00Z", "enabled": True}] * 21}, "timed", ""),
        ({"rollout": 101}, "rollout", ""),
        ({"url": "http://x.test"}, "url", ""),
        ({"name": "x"}, "name", ""),
        ({"installations": []}, "installations", "only operators decide that, in general"),
    ],
)  # fmt: skip
async def test_what_breaks_a_rule_is_told_by_its_field_and_nothing_is_done(
    api: Api, dice: Dice, asked: dict[str, Any], field: str, words: str
) -> None:
    told = await api.admin("PATCH", DICE, {"rollout": 50, **asked} if field != "rollout" else asked)
    assert told.status == 422, told
    (error,) = told.json["errors"]
    assert error["field"] == field
    assert words in error["message"]
    assert (await claimed(api.users)).local == {}
    assert (await api.admin("POST", f"{DICE}/preview", asked)).status == 422


async def test_in_general_there_is_always_a_value(api: Api, dice: Dice) -> None:
    told = await api.operator("PATCH", DICE, {"enabled": None, "rollout": None})
    assert {one["field"] for one in told.json["errors"]} == {"enabled", "rollout"}
    assert (await api.operator("PATCH", f"{DICE}?installation_id=slack:T9", {"enabled": True})).status == 404
    there = await api.operator("PATCH", f"{DICE}?installation_id={T2}", {"enabled": False})
    assert (there.json["installation_id"], there.json["url"]) == (T2, dice.url)
    assert not await is_on(api.users, T2)


async def test_who_decides_by_what_is_no_longer_so_is_told(api: Api, dice: Dice) -> None:  # S112
    read = await api.admin("GET", DICE)
    assert (await api.admin("GET", DICE, If_None_Match=read.headers["ETag"])).status == 304
    assert (await api.admin("PATCH", DICE, {"rollout": 40}, If_Match=read.headers["ETag"])).status == 200
    stale = await api.admin("PATCH", DICE, {"rollout": 60}, If_Match=read.headers["ETag"])
    assert (stale.status, stale.json["type"]) == (412, "urn:jeeves:problem:changed")
    assert (await claimed(api.users)).local[T1].rollout == 40
    assert (await api.operator("DELETE", DICE, If_Match='"nonsense"')).status == 412
    general = await api.operator("GET", DICE)
    assert (await api.operator("DELETE", DICE, If_Match=general.headers["ETag"])).status == 204


async def test_a_change_is_audited_with_before_and_after_and_no_secret(api: Api, dice: Dice) -> None:  # S58
    secret = "open-sesame"
    told = await api.admin("PATCH", DICE, {"enabled": False, "settings": {"sides": 12, "key": secret}})
    assert (told.json["settings"], told.json["secrets"]) == ({"sides": 12}, ["key"])
    assert "key" not in told.json["effective"]["settings"]
    await api.admin("PATCH", DICE, {"settings": {"key": secret + "!"}})
    await api.admin("PATCH", DICE, {"rollout": None})  # changes nothing
    second, first = (await api.admin("GET", "/audit?subject=dice")).json["items"]
    assert (first["action"], first["subject"], first["installation_id"]) == ("feature.change", "dice", T1)
    assert first["before"] == {"enabled": None, "settings": {"key": None, "sides": None}}
    assert first["after"] == {"enabled": False, "settings": {"key": "set", "sides": 12}}
    assert second["after"] == {"settings": {"key": "set"}}
    assert (await claimed(api.users)).local[T1].settings["key"] == secret + "!"
    everything = [
        await api.operator("GET", path) for path in (DICE, f"{DICE}?installation_id={T1}", "/features", "/audit?limit=200")
    ]
    assert secret not in json.dumps([told.json, *(one.json for one in everything)])


async def test_of_changes_at_one_moment_none_is_lost(api: Api, dice: Dice) -> None:
    assert [(await ask("GET", DICE)).status for ask in (api.operator, api.admin)] == [200, 200]
    values: dict[str, Any] = {"sides": 12, "colour": "blue", "loud": True, "weight": 1.5, "label": "mine"}
    asked = [api.admin("PATCH", DICE, {"settings": {name: value}}) for name, value in values.items()]
    asked += [api.operator("PATCH", DICE, {"rollout": 70}), api.operator("PATCH", DICE, {"settings": {"sides": 9}})]
    told = await asyncio.gather(*asked)
    assert {one.status for one in told} == {200}, told
    found = await claimed(api.users)
    assert (found.local[T1].settings, found.rollout, found.settings) == (values, 70, {"sides": 9})
    assert len((await api.operator("GET", "/audit?action=feature.change")).json["items"]) == 7
    read = await api.admin("GET", DICE)
    racing = [api.admin("PATCH", DICE, {"rollout": share}, If_Match=read.headers["ETag"]) for share in (10, 20, 30)]
    assert sorted(one.status for one in await asyncio.gather(*racing)) == [200, 412, 412]


async def test_the_audit_log_is_read_in_pages_and_by_what_it_is_about(api: Api, dice: Dice) -> None:
    for share in range(5):
        await api.users.clock.advance(60)
        await api.admin("PATCH", DICE, {"rollout": share})
    pages, cursor = list[int](), ""
    while True:
        page = (await api.admin("GET", f"/audit?subject=dice&limit=2{cursor}")).json
        pages += [one["after"]["rollout"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert pages == [4, 3, 2, 1, 0]
    now = api.users.clock.now()
    since, until = (now - timedelta(seconds=180)).isoformat()[:19] + "Z", (now - timedelta(seconds=60)).isoformat()[:19] + "Z"
    some = (await api.admin("GET", f"/audit?since={since}&until={until}&subject=dice")).json["items"]
    assert [one["after"]["rollout"] for one in some] == [2, 1]
    assert (await api.admin("GET", "/audit?action=feature.put")).json["items"] == []
    (put_in,) = (await api.operator("GET", "/audit?action=feature.put&subject=dice")).json["items"]
    assert put_in["installation_id"] is None
    person = (await api.person("PATCH", DICE, {"enabled": False}, user="UADMIN")).json
    assert person["installation_id"] == T1
    me = (await api.person("GET", "/me", user="UADMIN")).json["person_id"]
    (by_me,) = (await api.operator("GET", f"/audit?person_id={me}&action=feature.change")).json["items"]
    assert (by_me["person_id"], by_me["after"]) == (me, {"enabled": False})
    assert (await api.admin("GET", "/audit?since=yesterday")).status == 422


async def test_every_case_of_the_corpus_is_decided_alike_after_a_way_through_the_database(api: Api, dice: Dice) -> None:
    """The registry that a claim hands out says of every case what the corpus says."""
    cases, database = decision_cases(), Database(api.users.url)
    assert len(cases) >= 100
    try:
        for case in cases:
            now = api.users.clock.now()
            async with database.write() as connection:
                await connection.execute(feature_settings.delete())
                await connection.execute(features.delete())
                for place in sorted(case.feature.local):
                    await kept.put(OPERATOR, connection, case.feature, now)
                    there = await connection.execute(installations.select().where(installations.c.id == place))
                    if there.first() is None:
                        await connection.execute(installations.insert().values(id=place, platform="slack", created_at=now))
                    await kept.put_local(Tenant(place), connection, case.feature.name, case.feature.local[place], now)
                await kept.put(OPERATOR, connection, case.feature, now)
                ((_, read),) = (await kept.change(OPERATOR, connection)).items()
            assert decide(read, case.installation_id, case.person_id, case.now) == case.decision, case.says
    finally:
        await database.aclose()
