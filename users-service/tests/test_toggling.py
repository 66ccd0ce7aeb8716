"""What is asked of a switch becomes what is kept, and a plan that is tidied means what it meant (S5, S159)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_contracts.registry import Local, TimedChange
from jeeves_contracts.toggles import state
from jeeves_service.errors import InvalidError
from support.clock import START
from support.toggles import feature_of
from users_service.domain.origins import is_named, is_within, of_action, places
from users_service.domain.toggling import changed, difference, folded, level, open_settings

PLACE = "slack:T1"
HOURS = st.integers(-200, 200)
PLANS = st.lists(st.tuples(HOURS, st.booleans()), max_size=6, unique_by=lambda one: one[0])
SWITCHES = st.sampled_from([None, True, False])


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def local(enabled: bool | None, plan: list[tuple[int, bool]]) -> Local:
    return Local(enabled=enabled, timed=[TimedChange(at=at(hours), enabled=on) for hours, on in plan])


@given(SWITCHES, PLANS, st.integers(0, 300))
def test_a_tidied_plan_means_from_now_on_what_it_meant(enabled: bool | None, plan: list[tuple[int, bool]], later: int) -> None:
    before = local(enabled, plan)
    after = folded(before, START)
    assert all(change.at > START for change in after.timed)
    assert state(after.enabled is not False, after.timed, at(later)) == state(enabled is not False, before.timed, at(later))


@given(SWITCHES, PLANS, st.booleans(), st.integers(1, 300))
def test_a_switch_holds_from_now_on_and_with_an_end_until_then(
    enabled: bool | None, plan: list[tuple[int, bool]], on: bool, end: int
) -> None:
    feature = feature_of({"name": "dice"}).model_copy(update={"local": {PLACE: local(enabled, plan)}})
    now = level(changed(feature, PLACE, {"enabled": on}, START), PLACE)
    assert state(now.enabled is not False, now.timed, START) is on
    ends = level(changed(feature, PLACE, {"enabled": on, "until": at(end)}, START), PLACE)
    assert [state(ends.enabled is not False, ends.timed, at(hours)) for hours in (0, end - 1, end, end + 500)] == [
        on, on, not on, not on,
    ]  # fmt: skip


def test_what_changes_nothing_is_no_difference() -> None:
    feature = feature_of({"name": "dice", "rollout": 30})
    same = changed(feature, None, {"rollout": 30, "enabled": True, "timed": [], "settings": {}}, START)
    assert difference(feature, same, None) == ({}, {})


def test_a_setting_that_no_schema_knows_is_not_told_for_it_may_have_been_a_secret() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"sides": {"type": "integer"}}}
    feature = feature_of({"name": "dice", "settings": {"key": "hidden", "sides": 6}}, schema)
    assert open_settings(feature, feature.settings) == {"sides": 6}
    was, became = difference(feature, changed(feature, None, {"settings": None}, START), None)
    assert (was, became) == ({"settings": {"key": "set", "sides": 6}}, {"settings": {"key": None, "sides": None}})


@pytest.mark.parametrize("asked", [{"installations": ["slack:T1"]}, {"until": at(1)}, {"enabled": None, "until": at(1)}])
def test_what_does_not_go_together_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        changed(feature_of({"name": "dice"}), PLACE, asked, START)


def test_origins_and_networks_are_read_from_one_setting() -> None:
    allowed = places("https://Actions.example.com/, 10.0.0.0/8 ,fd00::/8")
    assert isinstance(allowed, tuple)
    assert is_named("https://actions.EXAMPLE.com", allowed)
    assert not is_named("http://actions.example.com", allowed)
    assert is_within({"10.1.2.3", "fd00::1"}, allowed)
    assert not is_within({"10.1.2.3", "192.0.2.1"}, allowed)
    assert not is_within(set(), allowed)
    assert not is_within({"fe80::1%eth0"}, allowed)
    for wrong in ("nonsense", "10.0.0.1/8", "https://x.test/path", "ftp://x.test"):
        with pytest.raises(ValueError, match=r"it is|is no origin"):
            places(wrong)
    for wrong in ("http://a@b", "http://a b", "http://a\\b", "http://", "http://a/../b", "http://a\x00"):
        with pytest.raises(ValueError, match="it is an origin"):
            of_action(wrong)
