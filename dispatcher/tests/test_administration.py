"""What Jeeves hands on to users-service, which decides and does it: the dispatcher only asks (S5, S111)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jeeves_contracts.asks import EraseAsk, FeatureAsk, LinkAsk
from jeeves_contracts.delivery import AnswerItem, AnswerRequest
from jeeves_contracts.messages import Message
from jeeves_contracts.shown import ShowRequest
from support.dispatching import World, dispatching
from support.messages import message
from support.recording import Recorded

SCHEMA = {
    "type": "object",
    "properties": {
        "units": {"type": "string", "default": "metric"},
        "days": {"type": "integer"},
        "mode": {"enum": ["default", "x"]},
    },
}
ECHO: dict[str, Any] = {"settings_schema": SCHEMA}
CONFIG: dict[str, Any] = {"command": {"effect": "changes"}}


def admin(said: str, **more: Any) -> Message:
    return message(said, user="UADMIN", channel="D1", is_direct=True, timezone="Europe/Paris", **more)


def member(said: str, **more: Any) -> Message:
    return message(said, channel="D2", is_direct=True, **more)


def recorded(world: World) -> Recorded:
    """Write down what users-service is asked from now on."""
    world.mounts["users-service"] = asked = Recorded(world.mounts["users-service"])
    return asked


def answers(asked: Recorded) -> list[AnswerItem]:
    return [item for body in asked.bodies("/messages/answer") for item in AnswerRequest.from_bytes(body).items]


async def handed_on(world: World, asked: Recorded, said: Message) -> AnswerItem:
    """Say something and return what the dispatcher made of it, whatever users-service then says."""
    await world.answer(said)
    return next(item for item in answers(asked) if item.message_id == said.message_id)


async def test_what_is_to_be_done_is_asked_of_users_service(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO, config=CONFIG) as world:
        asked = recorded(world)
        for said, command, ask in (
            ("features off echo", "features", FeatureAsk(name="echo", enabled=False)),
            ("turn echo on", "features", FeatureAsk(name="echo", enabled=True)),
            ("features share echo 10%", "features", FeatureAsk(name="echo", rollout=10)),
            ("config echo units imperial", "features", FeatureAsk(name="echo", settings={"units": "imperial"})),
            ("config echo units default", "features", FeatureAsk(name="echo", settings={"units": None})),
            ("config echo days 3", "features", FeatureAsk(name="echo", settings={"days": "3"})),
            ("config echo mode default", "features", FeatureAsk(name="echo", settings={"mode": "default"})),
            ("delete everything about me", "erase", EraseAsk()),
            ("link accounts", "link", LinkAsk()),
            ("link ABCD2345", "link", LinkAsk(code="ABCD2345")),
            ("delete everything about me now", "erase", EraseAsk(confirmed=True)),
        ):
            item = await handed_on(world, asked, admin(said))
            assert (item.command, item.feature, item.ask, item.replies, item.outcome) == (command, None, ask, [], "answered"), (
                said
            )
        assert world.actions["config"].calls == []


async def test_until_is_told_in_the_admin_s_time_zone(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        asked = recorded(world)
        item = await handed_on(world, asked, admin("features off echo until 2200-12-01 08:00"))
        assert item.ask == FeatureAsk(name="echo", enabled=False, until=datetime(2200, 12, 1, 7, 0, tzinfo=UTC))
        item = await handed_on(world, asked, message("features off echo until 2200-12-01 08:00", user="UADMIN3"))
        assert isinstance(item.ask, FeatureAsk)
        assert item.ask.until == datetime(2200, 12, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("features off echo until the cows come home", "do not understand “until the cows come home”"),
        ("features off echo whenever", "do not understand “whenever”"),
        ("features off echo until 2020-01-01 8:00", "“until 2020-01-01 8:00” is over already"),
        ("features share echo 101%", "from 0 to 100"),
        ("features share echo some", "from 0 to 100"),
    ],
)
async def test_what_is_said_wrongly_is_answered_with_examples_and_changes_nothing(tmp_path: Path, said: str, why: str) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        asked = recorded(world)
        reply = await world.reply(message(said, user="UADMIN"))
        assert why in reply.text
        assert "`features " in reply.text
        assert reply.visibility == "ephemeral"
        assert [item.ask for item in answers(asked)] == [None]


async def test_what_users_service_tells_is_asked_for_under_the_claim(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO, config=CONFIG) as world:
        asked = recorded(world)
        for number, (said, topic, about) in enumerate(
            (
                ("who am i", "whoami", ""),
                ("features", "features", ""),
                ("features echo", "features", "echo"),
                ("config echo", "features", "echo"),
                ("features off ???", "features", ""),
                ("features on Über-Chess", "features", "über-chess"),
                ("stats october", "stats", "october"),
                ("export my data", "export", ""),
            )
        ):
            one = admin(said)
            item = await handed_on(world, asked, one)
            request = ShowRequest.from_bytes(asked.bodies("/show")[number])
            assert (request.message_id, request.topic, request.about) == (one.message_id, topic, about), said
            assert item.ask is None


async def test_config_of_a_feature_is_the_action_s_to_who_is_no_admin(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO, config=CONFIG) as world:
        asked = recorded(world)
        assert await world.answer(member("config echo units imperial")) == "config done"
        assert world.actions["config"].calls[0]["text"] == "echo units imperial"
        run = message("config echo units imperial", user="UADMIN", trigger="schedule", channel="D1", is_direct=True)
        await world.answer(run)
        assert len(world.actions["config"].calls) == 2
        assert all(item.ask is None for item in answers(asked))


async def test_a_schedule_administers_nothing(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        asked = recorded(world)
        for said in ("features off echo", "delete everything about me now", "export my data", "link", "stats"):
            await world.unanswered(message(said, user="UADMIN", trigger="schedule", channel="D1", is_direct=True))
        assert all(item.ask is None for item in answers(asked))
        assert asked.bodies("/show") == []


async def test_help_shows_each_what_they_may_do(tmp_path: Path) -> None:  # S39
    async with dispatching(tmp_path, echo=ECHO) as world:
        to_member, to_admin = await world.answer(member("help")), await world.answer(admin("help"))
        for own in ("`who am I`", "`export my data`", "`delete everything about me`", "`link accounts`", "`features`"):
            assert own in to_member
            assert own in to_admin
        for own in ("`features off NAME", "`config NAME`", "`stats`", "`features share"):
            assert own not in to_member
            assert own in to_admin
        assert "`features off NAME`" in await world.answer(admin("help features"))
        assert "NAME" not in await world.answer(member("help features"))
        for topic in ("who am I", "export my data", "delete everything about me", "link accounts", "stats"):
            assert (await world.answer(member(f"help {topic}"))).startswith("`")


async def test_what_is_for_admins_is_suggested_to_nobody_else(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        assert "Did you mean `stats`?" in await world.answer(admin("sttas"))
        assert "Did you mean" not in await world.answer(member("sttas"))
        assert "Did you mean `features`?" in await world.answer(member("featurs"))
