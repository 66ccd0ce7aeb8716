"""What Jeeves does by itself: stopping it, and what a schedule's run may do."""

import uuid
from pathlib import Path
from typing import Any

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import ButtonsBlock
from jeeves_contracts.messages import Message
from support.dispatching import dispatching
from support.fake_action import words
from support.messages import message

TIMING = {"rule": {"cron": "30 7 * * *", "timezone": "Europe/Paris"}}


def put(*names: str, command: str = "news") -> dict[str, Any]:
    jobs = [{"op": "schedule.put", "name": name, "timing": TIMING, "command": f"{command} about {name}"} for name in names]
    return words("Every day, then.", changes=jobs)


def news(*jobs: str, **command: Any) -> dict[str, Any]:
    return {"command": {"effect": "changes", **command}, "jobs": list(jobs)}


def pressable(reply: Reply) -> list[str]:
    return [choice.command for block in reply.blocks if isinstance(block, ButtonsBlock) for choice in block.buttons]


def direct(text: str) -> Message:
    return message(text, channel="D1", is_direct=True)


def run(command: str, *, user: str = "U1") -> Message:
    """A schedule's run, as its message comes."""
    return message(command, trigger="schedule", user=user, channel=user, is_direct=True, thread=str(uuid.uuid4()))


async def test_where_nothing_is_sent_there_is_nothing_to_stop(tmp_path: Path) -> None:
    async with dispatching(tmp_path, news=news("daily")) as world:
        for said in ("stop", "STOP!", "stop everything", "stop daily"):
            reply = await world.reply(message(said))
            assert "nothing on my own" in reply.text
            assert reply.visibility == "ephemeral"


async def test_stop_shows_what_is_sent_and_ends_one(tmp_path: Path) -> None:
    async with dispatching(tmp_path, news=news("daily", "weekly-digest")) as world:
        world.actions["news"].answers = [put("daily", "weekly-digest")]
        await world.answer(message("news"))
        reply = await world.reply(message("stop"))
        assert "`news about daily`, next on " in reply.text
        assert " at 07:30" in reply.text
        assert sorted(pressable(reply)) == ["stop daily", "stop weekly-digest"]
        assert "nothing called “hourly”" in await world.answer(message("stop hourly"))
        stopped = await world.reply(message("stop weekly digest"))
        assert "stopped `news about weekly-digest`" in stopped.text
        assert [command for command in pressable(stopped) if command.startswith("undo ")]
        assert pressable(await world.reply(message("stop"))) == ["stop daily"]
        assert "nothing on my own" in await world.answer(message("stop", user="U2"))
        await world.answer(message("stop news"))  # by the feature that sends it
        assert "nothing on my own" in await world.answer(message("stop"))


async def test_yes_stops_the_only_one(tmp_path: Path) -> None:
    async with dispatching(tmp_path, news=news("daily", "weekly")) as world:
        world.actions["news"].answers = [put("daily", "weekly")]
        await world.answer(direct("news"))
        for _ in range(2):
            await world.answer(direct("stop"))
            assert "do not understand" in await world.answer(direct("yes"))  # which of the two?
            await world.answer(direct("help"))
        await world.answer(direct("stop weekly"))
        assert "Which shall I stop?" in await world.answer(direct("stop"))
        assert "stopped `news about daily`" in await world.answer(direct("yes please"))
        assert "nothing on my own" in await world.answer(direct("stop"))


async def test_what_is_sent_can_be_listed(tmp_path: Path) -> None:
    async with dispatching(tmp_path, news=news("daily"), config={"command": {"phrases": ["what are my {name}"]}}) as world:
        assert await world.answer(direct("my schedules")) == "I send you nothing on my own."
        world.actions["news"].answers = [put("daily")]
        await world.answer(direct("news"))
        asked = ("what do you send me?", "What are my schedules", "list my schedules", "show me my schedules", "schedules")
        for said in asked:
            reply = await world.reply(direct(said))
            assert reply.text.startswith("This is what I send you by myself:\n• `news about daily`, next on ")
            assert pressable(reply) == ["stop daily"]
        assert "by myself" in await world.answer(direct("help schedules"))


async def test_two_of_one_name_are_told_apart(tmp_path: Path) -> None:
    async with dispatching(tmp_path, news=news("daily"), jokes=news("daily")) as world:
        for name in ("news", "jokes"):
            world.actions[name].answers = [put("daily", command=name)]
            await world.answer(message(name))
        assert sorted(pressable(await world.reply(message("stop daily")))) == ["stop jokes daily", "stop news daily"]
        await world.answer(message("stop jokes daily"))
        assert pressable(await world.reply(message("stop"))) == ["stop daily"]


async def test_an_action_s_own_way_of_stopping_goes_first(tmp_path: Path) -> None:
    async with dispatching(tmp_path, news=news("daily", phrases=["stop news"])) as world:
        assert await world.answer(message("stop news")) == "news done"


async def test_a_run_gets_its_answer_without_a_menu(tmp_path: Path) -> None:
    async with dispatching(tmp_path, news=news("daily")) as world:
        reply = await world.reply(run("news"))
        assert (reply.text, reply.blocks) == ("news done", [])
        assert world.actions["news"].calls[0]["trigger"] == "schedule"


async def test_a_run_that_cannot_be_done_any_more_says_nothing(tmp_path: Path) -> None:
    boss = {"command": {"roles": ["admin"]}}
    async with dispatching(tmp_path, news=news("daily"), boss=boss) as world:
        for command in ("nonsense", "nwes", "boss", "help", "hi", "thanks", "", "undo", "stop"):
            await world.unanswered(run(command))
        assert world.actions["news"].calls == world.actions["boss"].calls == []
