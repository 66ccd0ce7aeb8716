"""An answer that was not the right one: the menu beside it, choices, undo, reports."""

from pathlib import Path
from typing import Any

import pytest
from quart import Response

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import ButtonsBlock, MenuBlock, TextBlock
from jeeves_contracts.ids import reference
from support.dispatching import dispatching
from support.fake_action import words
from support.messages import message

ECHO: dict[str, Any] = {"command": {"examples": ["echo hello"]}}
STORE: dict[str, Any] = {"command": {"effect": "changes"}, "facts": ["location"]}
KEPT = words("kept", changes=[{"op": "fact.set", "name": "location", "value": "Oslo"}])


def pressable(reply: Reply) -> list[str]:
    return [choice.command for block in reply.blocks if isinstance(block, ButtonsBlock) for choice in block.buttons]


def labels(reply: Reply) -> list[str]:
    return [choice.label for block in reply.blocks if isinstance(block, ButtonsBlock) for choice in block.buttons]


def menu(reply: Reply) -> list[str]:
    return [choice.command for block in reply.blocks if isinstance(block, MenuBlock) for choice in block.choices]


def pressed(command: str, **more: Any) -> Any:
    return message(command, trigger="interaction", **more)


async def test_an_action_s_answer_has_a_menu_to_correct_and_report_it(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [{"messages": [{"text": "one"}, {"text": "two"}]}]
        said = message("echo")
        await world.answer(said, count=2)
        first, last = world.shown(said.message_id)
        about = reference(said.message_id)
        assert menu(first) == []
        assert menu(last) == [f"not what i meant {about}", f"report {about}"]
        assert TextBlock(text="two") in last.blocks
        answer = pressed("echo")
        await world.answer(answer, count=2)
        assert menu(world.shown(answer.message_id)[-1]) == []  # a button said what was meant
        assert menu(await world.reply(message("help"))) == []


@pytest.mark.parametrize(
    ("length", "has_menu"), [(2_999, True), (9_000, True), (12_000, True), (12_001, False), (40_000, False)]
)
async def test_a_menu_takes_nothing_from_the_answer(tmp_path: Path, length: int, has_menu: bool) -> None:
    text = ("words " * 8_000)[: length - 1] + "x"
    async with dispatching(tmp_path, echo=ECHO) as world:
        await world.answer(message("hi"))  # who is greeted already
        world.actions["echo"].answers = [words(text)]
        reply = await world.reply(message("echo"))
        assert reply.text == text
        assert bool(menu(reply)) == has_menu
        paragraphs = [block.text for block in reply.blocks if isinstance(block, TextBlock)]
        assert has_menu == ("".join(paragraphs).replace(" ", "") == text.replace(" ", ""))
        assert len(reply.blocks) <= 40


async def test_blocks_that_leave_no_room_stay_as_they_are(tmp_path: Path) -> None:
    blocks = [{"type": "text", "text": str(number)} for number in range(40)]
    async with dispatching(tmp_path, echo=ECHO) as world:
        await world.answer(message("hi"))
        world.actions["echo"].answers = [{"messages": [{"text": "many", "blocks": blocks}]}]
        reply = await world.reply(message("echo"))
        assert len(reply.blocks) == 40
        assert menu(reply) == []


async def test_not_what_was_meant_leads_to_choices(tmp_path: Path) -> None:
    two = {"commands": [{"name": name, "usage": name, "summary": name} for name in ("rain", "rain-soon")]}
    async with dispatching(tmp_path, rain=two, echo=ECHO) as world:
        said = message("rain in Oslo")
        correct = menu(await world.reply(said))[0]
        about = reference(said.message_id)
        reply = await world.reply(pressed(correct))
        assert reply.visibility == "ephemeral"
        assert "You said “rain in Oslo”. What did you mean?" in reply.text
        assert pressable(reply) == ["rain-soon in Oslo", "help rain", f"report {about}"]
        assert labels(reply) == ["rain-soon in Oslo", "Help with rain", "Report this answer"]
        assert await world.answer(pressed("rain-soon in Oslo")) == "rain done"
        other = await world.reply(pressed(correct, user="U2"))
        assert "do not remember" in other.text
        assert "Oslo" not in other.text


async def test_what_would_change_something_is_not_offered_the_words_of_another(tmp_path: Path) -> None:
    commands = [{"name": name, "usage": name, "summary": name, "effect": "changes"} for name in ("keep", "drop")]
    async with dispatching(tmp_path, store={"commands": commands}) as world:
        correct = menu(await world.reply(message("drop everything")))[0]
        about = correct.rpartition(" ")[2]
        assert pressable(await world.reply(pressed(correct))) == ["help drop", f"report {about}"]


async def test_said_in_words_it_is_about_the_message_before(tmp_path: Path) -> None:
    async with dispatching(tmp_path, store=STORE) as world:
        world.actions["store"].answers = [KEPT]
        said = message("store Oslo", channel="D1", is_direct=True)
        await world.answer(said)
        about = reference(said.message_id)
        reply = await world.reply(message("That's not what I meant!", channel="D1", is_direct=True))
        assert "“store Oslo”" in reply.text
        assert pressable(reply) == ["help store", f"undo {about}", f"report {about}"]
        assert labels(reply) == ["Help with store", "Undo it", "Report this answer"]
        world.actions["store"].answers = [words("else", changes=[{"op": "fact.set", "name": "location", "value": "Rome"}])]
        await world.answer(message("store Rome", channel="C2"))
        assert "changed again" in await world.answer(pressed(f"undo {about}"))  # that message, not the last change


async def test_what_the_answer_offered_comes_first(tmp_path: Path) -> None:
    buttons = [{"label": f"Paris, {name}", "command": f"echo {name}"} for name in ("Texas", "Ontario", "Idaho", "Maine")]
    blocks = [{"type": "text", "text": "Paris"}, {"type": "buttons", "buttons": buttons}]
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [{"messages": [{"text": "Paris", "blocks": blocks}]}]
        said = message("echo Paris")
        about = reference(said.message_id)
        reply = await world.reply(pressed(menu(await world.reply(said))[0]))
        assert pressable(reply) == ["echo Texas", "echo Ontario", "echo Idaho", "help echo", f"report {about}"]
        assert labels(reply)[:2] == ["Paris, Texas", "Paris, Ontario"]


async def test_a_change_is_undone_by_its_button_once(tmp_path: Path) -> None:
    async with dispatching(tmp_path, store=STORE, echo={"facts": ["location"]}) as world:
        world.actions["store"].answers = [KEPT]
        said = message("store Oslo")
        reply = await world.reply(said)
        (undo,) = pressable(reply)
        assert undo == f"undo {reference(said.message_id)}"
        await world.answer(message("echo"))
        assert "as it was before" in await world.answer(pressed(undo))
        await world.answer(message("echo"))
        assert [call["facts"] for call in world.actions["echo"].calls] == [{"location": "Oslo"}, {}]
        assert "already" in await world.answer(pressed(undo))
        assert await world.answer(pressed("undo ABCD2345")) != ""


async def test_an_answer_is_reported_to_the_admins(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        said = message("echo my secret words")
        report = menu(await world.reply(said))[1]
        about = reference(said.message_id)
        assert about in await world.answer(pressed(report))
        refused = await world.reply(message("reports"))
        assert "Only admins" in refused.text
        assert refused.visibility == "ephemeral"
        listed = await world.reply(message("reports", user="UADMIN"))
        assert f"`{about}`: echo, answered" in listed.text
        assert "secret" not in listed.text
        assert listed.visibility == "ephemeral"
        assert "⋯" in await world.answer(message("report"))


async def test_without_reports_the_admins_hear_so(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        assert "Nobody has reported" in await world.answer(message("reports", user="UADMIN"))


async def test_an_apology_can_be_reported(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [Response("[]")]
        said = message("echo")
        reply = await world.reply(said)
        about = reference(said.message_id)
        assert about in reply.text
        assert pressable(reply) == [f"report {about}"]
        assert about in await world.answer(pressed(f"report {about}"))
        assert f"`{about}`: echo, failed, its answer is not one" in await world.answer(message("reports", user="UADMIN"))
