"""Features in chat: everybody sees what is on for them, admins switch, share and set (S4, S5, S54)."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from jeeves_contracts.actions import Reply
from jeeves_contracts.asks import FeatureAsk
from jeeves_contracts.blocks import ButtonsBlock
from jeeves_contracts.delivery import AnswerItem, ClaimItem
from support.api import Api
from support.dice import Dice, put, rolling
from support.messages import item, message
from support.users import Users

T1, DICE = "slack:T1", "/features/dice"


@pytest.fixture
async def dice(api: Api) -> AsyncIterator[Dice]:
    async with rolling(api.users) as one:
        assert (await put(api, one)).status == 200
        await api.users.answered(by("UADMIN"), "Hello.")
        yield one


def by(user: str, team: str = "T1") -> ClaimItem:
    return item(message(user=user, team=team, timezone="Europe/Paris"))


async def ask(users: Users, user: str = "UADMIN", **more: object) -> Reply:
    """Let somebody ask for a change of the feature; return what they read."""
    wanted = FeatureAsk.model_validate({"name": "dice", **more}, strict=False)
    return await users.ask(by(user), wanted, "features")


async def refused(users: Users, user: str = "UADMIN", **more: object) -> str:
    """Return why a change is not made."""
    said, wanted = by(user), FeatureAsk.model_validate({"name": "dice", **more}, strict=False)
    fence = await users.claimed(said)
    answer = AnswerItem(message_id=said.message.message_id, fence=fence, outcome="answered", command="features", ask=wanted)
    (result,) = await users.answer(answer)
    assert (result.state, result.told) == ("refused", True)
    return result.reason


def commands(reply: Reply) -> list[str]:
    """Return what the buttons of a reply say."""
    return [one.command for block in reply.blocks if isinstance(block, ButtonsBlock) for one in block.buttons]


async def test_an_admin_switches_a_feature_off_until_a_time(api: Api, dice: Dice) -> None:  # S5
    until = api.users.clock.now() + timedelta(days=5)
    reply = await ask(api.users, enabled=False, until=until)
    assert reply.text.splitlines() == [
        "From now on dice is off here until Mon 30 Nov 10:00 (Europe/Paris).",
        "That makes a difference to fewer than five people of the last week.",
        "To take it back, say `features on dice`.",
    ]
    assert (commands(reply), reply.visibility) == (["features on dice"], "ephemeral")
    told = (await api.admin("GET", DICE)).json
    assert (told["enabled"], len(told["timed"]), told["effective"]["policy"]) == (False, 1, "feature-installation")
    (entry,) = (await api.admin("GET", "/audit?subject=dice")).json["items"]
    assert (entry["actor"], entry["action"], entry["after"]["enabled"]) == ("slack:T1:UADMIN in chat", "feature.change", False)
    assert entry["person_id"]
    back = await ask(api.users, enabled=True)
    assert back.text.startswith("From now on dice is on for everybody.\n")
    assert (await api.admin("GET", DICE)).json["timed"] == []


async def test_others_read_by_which_policy_they_may_not(api: Api, dice: Dice) -> None:
    words = "Only admins of this workspace can change that. (policy: installation-admin)"
    assert await refused(api.users, "U1", enabled=False) == words
    (mine,) = await api.users.answered(by("UADMIN2", "T1"), "hello")  # who is an admin elsewhere
    assert mine
    assert await refused(api.users, "UADMIN2", enabled=False) == words
    assert (await api.admin("GET", DICE)).json["enabled"] is None


async def test_settings_are_read_as_their_schema_has_them(api: Api, dice: Dice) -> None:
    reply = await ask(api.users, settings={"sides": "12", "colour": "BLUE", "loud": "on", "weight": "1.5"})
    assert "`sides` of dice is `12` now." in reply.text
    assert "`loud` of dice is `on` now." in reply.text
    assert (await api.admin("GET", DICE)).json["settings"] == {"sides": 12, "colour": "blue", "loud": True, "weight": 1.5}
    again = await ask(api.users, settings={"sides": "20"})
    assert commands(again) == ["config dice sides 12"]
    usual = await ask(api.users, settings={"sides": None})
    assert "`sides` of dice is `6` (as in general) now." in usual.text
    assert (await ask(api.users, settings={"sides": None})).text.startswith("That changes nothing: dice is on for everybody.")


async def test_a_setting_that_cannot_be_is_refused_in_one_sentence(api: Api, dice: Dice) -> None:
    assert await refused(api.users, settings={"sides": "1"}) == "`sides`: it is at least 2."
    assert await refused(api.users, settings={"sides": "many"}) == "`sides`: it is a whole number."
    assert await refused(api.users, settings={"colour": "green"}) == "`colour`: it is one of: red, blue."
    assert await refused(api.users, settings={"no`such": "1"}) == "`no'such`: there is no such setting."
    assert "a chat is no place for one" in await refused(api.users, settings={"key": "open-sesame"})
    assert await refused(api.users, enabled=False, until=api.users.clock.now()) == (
        "`until`: it is in the future, and at most ten years away."
    )
    assert "`features` shows which there are" in await refused(api.users, name="nosuch", enabled=False)


async def test_a_share_is_told_with_how_to_take_it_back(api: Api, dice: Dice) -> None:  # S159
    reply = await ask(api.users, rollout=10)
    assert reply.text.startswith("From now on dice is on for 10% of people.\n")
    assert commands(reply) == ["features share dice 100%"]


async def test_everybody_sees_what_is_on_for_them(api: Api, dice: Dice) -> None:  # S54
    (before,) = await api.users.show(by("U1"), "features")
    assert "`dice`: dice" in before.text
    assert commands(before) == []
    await api.admin("PATCH", DICE, {"enabled": False})
    (after,) = await api.users.show(by("U1"), "features")
    assert "`dice`" not in after.text
    (one,) = await api.users.show(by("U1"), "features", "dice")
    assert "Your admins have switched it off. (policy: feature-installation)" in one.text
    assert "`dice <what>`: Does dice." in one.text
    assert one.visibility == "ephemeral"
    (unknown,) = await api.users.show(by("U1"), "features", "no`such")
    assert unknown.text == "I know of no feature called `no'such`. `features` shows which there are."


async def test_admins_see_switches_and_settings_with_buttons(api: Api, dice: Dice) -> None:
    await api.admin("PATCH", DICE, {"rollout": 25, "settings": {"sides": 12, "key": "open-sesame"}})
    (every,) = await api.users.show(by("UADMIN"), "features")
    assert "`dice`: on for 25% of people" in every.text
    assert "features off dice" in commands(every)
    (one,) = await api.users.show(by("UADMIN"), "features", " DICE ")
    assert "It is on for 25% of people." in one.text
    assert "`sides`: `12`" in one.text
    assert "`colour`: `red` (as in general)" in one.text
    assert "`key`: set, and shown to nobody" in one.text
    assert "open-sesame" not in one.text
    assert commands(one) == ["features off dice"]
    until = (api.users.clock.now() + timedelta(days=1)).isoformat()
    await api.operator("PATCH", DICE, {"enabled": False, "until": until})
    (off,) = await api.users.show(by("UADMIN"), "features", "dice")
    assert "It is off everywhere until Thu 26 Nov 10:00 (Europe/Paris)." in off.text


async def test_what_is_not_there_for_a_workspace_is_not_named(api: Api, dice: Dice) -> None:
    await api.operator("PATCH", DICE, {"installations": ["slack:T2"]})
    (every,) = await api.users.show(by("UADMIN"), "features")
    assert "dice" not in every.text
    assert "I know of no feature" in await refused(api.users, enabled=True)
