"""Before a change is saved, it is told whom it reaches: of the last week, and never of a few (S4, S159)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_contracts.registry import Feature, Local
from jeeves_contracts.toggles import bucket
from support.api import Api
from support.clock import START
from support.dice import Dice, put, rolling
from support.messages import item, message
from support.toggles import feature_of
from users_service.domain.reach import FEW, reach

DICE = "/features/dice"


@pytest.fixture
async def dice(api: Api) -> AsyncIterator[Dice]:
    async with rolling(api.users) as one:
        assert (await put(api, one)).status == 200
        yield one


async def speak(api: Api, team: str, people: range) -> None:
    """Let people of a workspace speak to Jeeves, and be answered."""
    for number in people:
        await api.users.answered(item(message(team=team, user=f"U{number}")), "Hello.")


async def previewed(api: Api, asked: dict[str, Any], who: str = "operator", query: str = "") -> dict[str, Any]:
    ask = api.operator if who == "operator" else api.admin
    told = await ask("POST", f"{DICE}/preview{query}", asked)
    assert told.status == 200, told
    found: dict[str, Any] = told.json
    return found


NOBODY = {"installations": 0, "people": None, "now_on": None, "now_off": None, "now_set": None}


async def test_who_is_reached_is_counted_and_nothing_is_changed(api: Api, dice: Dice) -> None:
    await speak(api, "T1", range(7))
    await speak(api, "T2", range(6))
    off = await previewed(api, {"enabled": False})
    assert off == {"installations": 2, "people": 13, "now_on": None, "now_off": 13, "now_set": None}
    assert await previewed(api, {"settings": {"sides": 20}}) == {**NOBODY, "installations": 2, "people": 13, "now_set": 13}
    assert await previewed(api, {"installations": ["slack:T1"]}) == {**NOBODY, "installations": 1, "people": 6, "now_off": 6}
    assert await previewed(api, {"enabled": True}) == NOBODY
    assert (await api.operator("GET", DICE)).json["enabled"] is True
    assert (await api.operator("GET", "/audit?action=feature.change")).json["items"] == []


async def test_an_admins_preview_is_of_their_own_installation(api: Api, dice: Dice) -> None:
    await speak(api, "T1", range(7))
    await speak(api, "T2", range(6))
    mine = {"installations": 1, "people": 7, "now_on": None, "now_off": 7, "now_set": None}
    assert await previewed(api, {"enabled": False}, "admin") == mine
    assert await previewed(api, {"enabled": False}, query="?installation_id=slack:T1") == mine


async def test_groups_under_five_are_hidden(api: Api, dice: Dice) -> None:
    await speak(api, "T1", range(4))
    assert await previewed(api, {"enabled": False}, "admin") == {**NOBODY, "installations": 1}
    await speak(api, "T1", range(4, 5))
    assert (await previewed(api, {"enabled": False}, "admin"))["now_off"] == 5


async def test_who_was_silent_for_a_week_is_not_counted(api: Api, dice: Dice) -> None:
    await speak(api, "T1", range(7))
    await api.users.clock.advance(7 * 86_400 + 1)
    assert await previewed(api, {"enabled": False}, "admin") == NOBODY


def test_a_small_group_does_not_follow_from_the_others() -> None:
    people = [("T1", f"person-{number}") for number in range(200)]
    before = feature_of({"name": "dice", "rollout": 50, "settings": {"sides": 6}})
    few = [one for one in people if 50 <= bucket("dice", one[1]) < 60][:3]
    many = [one for one in people if bucket("dice", one[1]) < 50]
    after = before.model_copy(update={"rollout": 60, "settings": {"sides": 20}})
    found = reach(before, after, [*few, *many], START)
    assert (found.now_set, found.now_on, found.people) == (len(many), None, None)  # else 3 would follow


SHARES = st.one_of(st.none(), st.integers(0, 100))


@given(
    st.integers(0, 100), st.integers(0, 100), st.lists(SHARES, min_size=2, max_size=2), st.booleans(), st.integers(0, 60)
)  # fmt: skip
def test_no_numbers_ever_tell_of_a_group_under_five(
    was: int, becomes: int, local: list[int | None], sets: bool, people: int
) -> None:
    def made(share: int, here: int | None, sides: int) -> Feature:
        one = feature_of({"name": "dice", "rollout": share, "settings": {"sides": sides}})
        return one.model_copy(update={"local": {"T1": Local(rollout=here)}})

    spoke = [(f"T{number % 3}", f"person-{number % 40}") for number in range(people)]
    found = reach(made(was, local[0], 6), made(becomes, local[1], 20 if sets else 6), spoke, START)
    parts = [found.now_on, found.now_off, found.now_set]
    shown = [number for number in (*parts, found.people) if number is not None]
    assert all(number >= FEW for number in shown)
    if found.people is not None:
        assert found.people == sum(number for number in parts if number is not None)
