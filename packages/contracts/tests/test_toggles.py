"""Is a feature on? The corpus that users-service and dispatcher share, and what holds of every case (F4, S159)."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_contracts.registry import Feature, Local, TimedChange
from jeeves_contracts.toggles import bucket, decide, settings_of, state
from support.toggles import DecisionCase, SettingsCase, decision_cases, feature_of, settings_cases

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HERE = "slack:T1"
PERSON = st.text(min_size=1, max_size=40)
SHARE = st.integers(0, 100)
INSTANT = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
TIMED = st.lists(st.builds(TimedChange, at=INSTANT, enabled=st.booleans()), max_size=8)


@pytest.mark.parametrize("case", decision_cases(), ids=lambda case: case.says)
def test_each_case_of_the_corpus_is_decided_as_it_says(case: DecisionCase) -> None:
    assert decide(case.feature, case.installation_id, case.person_id, case.now) == case.decision


@pytest.mark.parametrize("case", settings_cases(), ids=lambda case: case.says)
def test_the_nearest_settings_hold(case: SettingsCase) -> None:
    assert settings_of(case.feature, case.installation_id) == case.settings


def test_the_corpus_has_enough_of_each_kind() -> None:
    policies = [case.decision.policy for case in decision_cases()]
    assert len(decision_cases()) + len(settings_cases()) >= 150
    assert all(policies.count(policy) >= 10 for policy in ("feature-enabled", "feature-offered", "feature-installation", None))
    assert policies.count("feature-rollout") >= 10
    assert sum(case.decision.until is not None for case in decision_cases()) >= 10


@given(PERSON, SHARE, SHARE)
def test_a_share_that_grows_takes_nobody_out(person: str, one: int, other: int) -> None:  # S159
    has = [decide(feature_of({"rollout": share}), HERE, person, NOW).on for share in sorted((one, other))]
    assert has == sorted(has)


@given(PERSON, SHARE, st.datetimes(timezones=st.just(UTC)), st.text(min_size=1, max_size=20))
def test_a_person_stays_in_or_out_wherever_and_whenever(person: str, share: int, now: datetime, place: str) -> None:  # S159
    feature = feature_of({"rollout": share})
    assert (
        decide(feature, place, person, now).on is decide(feature, HERE, person, NOW).on is (bucket("weather", person) < share)
    )


@pytest.mark.parametrize("name", ["weather", "config", "a"])
@pytest.mark.parametrize("share", [1, 10, 50])
def test_a_share_is_what_it_says_of_many_people(name: str, share: int) -> None:  # S159
    count = 10_000
    on = sum(decide(feature_of({"name": name, "rollout": share}), HERE, f"{n}", NOW).on for n in range(count))
    deviation = (count * share / 100 * (1 - share / 100)) ** 0.5
    assert abs(on - count * share / 100) < 4 * deviation


def test_the_share_of_one_feature_says_nothing_of_another() -> None:  # S159
    people = [str(n) for n in range(10_000)]
    first = {person for person in people if bucket("weather", person) < 10}
    both = {person for person in first if bucket("weather-2", person) < 10}
    assert len(both) == pytest.approx(len(first) / 10, rel=0.4)


@given(st.booleans(), TIMED, INSTANT)
def test_a_timed_switch_holds_until_the_next(enabled: bool, timed: list[TimedChange], now: datetime) -> None:
    before = [change for change in timed if change.at <= now]
    newest = max((change.at for change in before), default=None)
    expected = next((change.enabled for change in reversed(before) if change.at == newest), enabled)
    assert state(enabled, timed, now) is expected


FEATURES = st.builds(
    lambda share, **more: feature_of({"rollout": share}).model_copy(update=more),
    share=SHARE,
    enabled=st.booleans(),
    timed=TIMED,
    only=st.sampled_from([None, [], [HERE]]),
    local=st.builds(lambda **more: {HERE: Local(**more)}, enabled=st.none() | st.booleans(), timed=TIMED),
)


@given(FEATURES, INSTANT)
def test_until_is_when_the_person_has_it_and_not_before(feature: Feature, now: datetime) -> None:
    decision = decide(feature, HERE, "p-18", now)
    assert decision.on is (decision.policy is None)
    coming = sorted(change.at for change in (*feature.timed, *feature.local[HERE].timed) if change.at > now)
    if decision.on:
        assert decision.until is None
    elif decision.until is None:
        assert not any(decide(feature, HERE, "p-18", at).on for at in coming)
    else:
        assert decide(feature, HERE, "p-18", decision.until).on
        assert not any(decide(feature, HERE, "p-18", at).on for at in coming if at < decision.until)


@given(INSTANT, st.integers(-14 * 60, 14 * 60), st.sampled_from(["Europe/Berlin", "America/St_Johns", "Pacific/Apia"]))
def test_one_instant_is_one_instant_in_every_zone(at: datetime, offset: int, zone: str) -> None:
    there = at.astimezone(timezone(timedelta(minutes=offset)))
    feature = feature_of({}).model_copy(update={"timed": [TimedChange(at=there, enabled=False)]})
    for now, on in ((at, False), (at - timedelta(microseconds=1), True)):
        assert decide(feature, HERE, "p", now.astimezone(ZoneInfo(zone))).on is on
