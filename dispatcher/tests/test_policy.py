"""May this person use this here, now? Each refusal in a sentence with its policy's name (S54, S111, S159, F4)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jeeves_contracts.people import Actor, Conversation
from jeeves_contracts.toggles import settings_of
from jeeves_dispatcher.intent import Intent
from jeeves_dispatcher.policy import inactive, refusal, usable
from jeeves_dispatcher.words import words
from support.dispatching import dispatching
from support.eventually import succeeds
from support.messages import message
from support.toggles import DecisionCase, SettingsCase, decision_cases, feature_of, settings_cases, travelled

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ECHO: dict[str, Any] = {"command": {"examples": ["echo hello"]}}


def actor(person: str = "p-18", **more: Any) -> Actor:
    return Actor(platform="slack", workspace_id="T1", user_id="U1", person_id=person, **more)


def at(installation: str = "slack:T1") -> Conversation:
    return Conversation(installation_id=installation, channel_id="C1", thread_id="1")


def refused(fields: dict[str, Any], who: Actor | None = None, now: datetime = NOW) -> str:
    """Return what a person reads of a feature of these fields."""
    (feature,) = travelled(feature_of(fields)).features
    no = refusal(Intent(feature, feature.manifest.commands[0], ""), who or actor(), at(), now)
    return no.text if no else ""


@pytest.mark.parametrize("case", decision_cases(), ids=lambda case: case.says)
def test_each_case_of_the_corpus_is_allowed_or_refused_as_it_says(case: DecisionCase) -> None:
    registry = travelled(case.feature)
    who, where = actor(case.person_id, timezone="UTC"), at(case.installation_id)
    no = refusal(Intent(registry.features[0], registry.features[0].manifest.commands[0], ""), who, where, case.now)
    assert (no.policy if no else None) == case.decision.policy
    assert bool(usable(registry, who, where, case.now)) is case.decision.on
    if no:
        assert no.text.endswith(f"(policy: {no.policy})")
        assert ("until" in no.text) is (case.decision.until is not None)


@pytest.mark.parametrize("case", settings_cases(), ids=lambda case: case.says)
def test_settings_are_those_of_the_corpus_after_they_travelled(case: SettingsCase) -> None:
    assert settings_of(travelled(case.feature).features[0], case.installation_id) == case.settings


ON_MONDAY = [{"at": "2026-11-30T07:00:00Z", "enabled": True}]


@pytest.mark.parametrize(
    ("fields", "who", "text"),
    [
        ({"enabled": False}, actor(),
         f"{words('off.feature-enabled', feature='weather')} (policy: feature-enabled)"),
        ({"enabled": False, "timed": ON_MONDAY}, actor(timezone="Europe/Paris"),
         "weather is switched off until Monday 08:00. (policy: feature-enabled)"),
        ({"only": []}, actor(), "weather is not offered in this workspace. (policy: feature-offered)"),
        ({"local": {"slack:T1": {"enabled": False}}}, actor(),
         "weather is switched off here. An admin can switch it on: `features on weather`. (policy: feature-installation)"),
        ({"local": {"slack:T1": {"enabled": False, "timed": ON_MONDAY}}}, actor(timezone="Europe/Paris"),
         "weather is switched off here until Monday 08:00. (policy: feature-installation)"),
        ({"local": {"slack:T1": {"enabled": False, "timed": ON_MONDAY}}}, actor(timezone="America/New_York"),
         "weather is switched off here until Monday 02:00. (policy: feature-installation)"),
        ({"local": {"slack:T1": {"enabled": False, "timed": ON_MONDAY}}}, actor(),
         "weather is switched off here until Monday 07:00 UTC. (policy: feature-installation)"),
        ({"rollout": 0}, actor(),
         "weather is being brought in step by step, and it is not your turn yet. (policy: feature-rollout)"),
        ({"enabled": False}, actor(roles=[]), f"{words('inactive')} (policy: person-active)"),
    ],
)  # fmt: skip
def test_a_refusal_says_why_until_when_and_by_which_policy(fields: dict[str, Any], who: Actor, text: str) -> None:
    assert refused(fields, who) == text


def test_policies_are_asked_in_order() -> None:
    (feature,) = travelled(feature_of({"enabled": False})).features
    boss = feature.manifest.commands[0].model_copy(update={"roles": ["admin"]})
    on = feature.model_copy(update={"enabled": True})
    for one, who, policy in (
        (feature, actor(roles=[]), "person-active"),
        (feature, actor(), "feature-enabled"),
        (on, actor(), "command-roles"),
        (on, actor(roles=["member", "admin"]), None),
    ):
        no = refusal(Intent(one, boss, ""), who, at(), NOW)
        assert (no.policy if no else None) == policy
    assert inactive(actor()) is None


async def test_a_switched_off_feature_is_off_in_help_hints_and_suggestions_too(tmp_path: Path) -> None:  # F4, S54
    async with dispatching(tmp_path, echo=ECHO, other={}) as world:
        assert await world.answer(message("echo")) == "echo done"
        await world.api("PATCH", "/features/echo", {"enabled": False})
        assert "(policy: feature-enabled)" in await world.answer(message("echo"))
        assert "echo" not in await world.answer(message("help"))
        assert "echo" not in await world.answer(message("hi"))
        assert "I can help with `other`." in await world.answer(message("help echo"))
        assert "Did you mean" not in await world.answer(message("ehco hello"))
        assert len(world.actions["echo"].calls) == 1


async def test_timed_changes_hold_without_anything_that_fires(tmp_path: Path) -> None:  # S5
    async with dispatching(tmp_path, echo=ECHO) as world:
        await world.answer(message("echo"))
        soon, later = (datetime.now(UTC) + timedelta(**{unit: 1}) for unit in ("seconds", "days"))
        plan = [{"at": soon.isoformat(), "enabled": False}, {"at": later.isoformat(), "enabled": True}]
        await world.api("PATCH", "/features/echo", {"timed": plan})

        async def is_off() -> None:
            assert "switched off until tomorrow" in await world.answer(message("echo", timezone="UTC"))

        await succeeds(is_off, AssertionError)
        assert datetime.now(UTC) >= soon
        await world.api("PATCH", "/features/echo", {"enabled": True, "timed": []})
        assert await world.answer(message("echo")) == "echo done"


async def test_a_share_of_people_has_it(tmp_path: Path) -> None:  # S159
    async with dispatching(tmp_path, echo=ECHO) as world:
        await world.answer(message("echo"))
        await world.api("PATCH", "/features/echo", {"rollout": 50})
        first = {user: await world.answer(message("echo", user=user)) for user in (f"U{n}" for n in range(20))}
        assert {text for text in first.values() if text != "echo done"} == {
            "echo is being brought in step by step, and it is not your turn yet. (policy: feature-rollout)"
        }
        assert "echo done" in first.values()
        again = {user: await world.answer(message("echo", user=user)) for user in first}
        assert again == first


async def test_who_was_deactivated_gets_one_line_and_nothing_else(tmp_path: Path) -> None:  # S125
    async with dispatching(tmp_path, echo=ECHO) as world:
        assert await world.answer(message("echo", user="UGONE")) == "echo done"
        (gone,) = (await world.api("GET", "/people?user_id=UGONE"))["items"]
        await world.api("PATCH", f"/people/{gone['id']}", {"is_active": False})
        for said in ("echo", "help", "hi", "undo", "stop", "quux", "", "thanks", "features", "delete everything about me"):
            reply = await world.reply(message(said, user="UGONE"))
            assert reply.text.endswith("(policy: person-active)"), said
            assert reply.visibility == "ephemeral"
            assert reply.blocks == []
        again = message("echo", user="UGONE")
        await world.answer(again)
        await world.say(again, delivery="again")
        await world.unanswered(message("echo", user="UGONE", trigger="schedule", channel="D1", is_direct=True))
        assert len(world.replies(again.message_id)) == 1
        assert await world.answer(message("echo", user="U2")) == "echo done"
        assert len(world.actions["echo"].calls) == 2
        await world.api("PATCH", f"/people/{gone['id']}", {"is_active": True})
        assert await world.answer(message("echo", user="UGONE")) == "echo done"
