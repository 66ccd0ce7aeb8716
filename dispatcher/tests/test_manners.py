"""What Jeeves says by itself: help, greetings, thanks, and to what it does not understand (S39, S48)."""

from pathlib import Path
from typing import Any

import pytest

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import ButtonsBlock
from support.dispatching import World, dispatching
from support.messages import message

ECHO: dict[str, Any] = {
    "command": {"aliases": ["say"], "examples": ["echo hello", "say it"], "phrases": ["shout {words} twice"]}
}


def direct(text: str, **more: Any) -> Any:
    return message(text, channel="D1", is_direct=True, **more)


def pressable(reply: Reply) -> list[str]:
    return [choice.command for block in reply.blocks if isinstance(block, ButtonsBlock) for choice in block.buttons]


async def test_help_names_what_one_may_use_and_nothing_else(tmp_path: Path) -> None:  # S39
    boss = {"command": {"roles": ["admin"], "usage": "secret", "examples": ["boss around"]}}
    async with dispatching(tmp_path, echo=ECHO, boss=boss) as world:
        reply = await world.reply(message("help"))
        assert reply.visibility == "ephemeral"
        assert "`echo <what>`: Does echo." in reply.text
        assert "`help`" in reply.text
        assert "secret" not in reply.text
        assert pressable(reply) == ["echo hello", "say it"]
        assert (await world.reply(direct("help"))).visibility == "channel"
        assert "secret" in await world.answer(message("help", user="UADMIN"))


async def test_examples_are_of_every_feature(tmp_path: Path) -> None:
    commands = [
        {"name": name, "usage": "u", "summary": "s", "examples": [f"{name} 1", f"{name} 2"]} for name in ("a-one", "b-two")
    ]
    async with dispatching(tmp_path, echo=ECHO, aa={"commands": commands}) as world:
        examples = pressable(await world.reply(message("help")))
        assert examples == ["echo hello", "a-one 1", "say it", "b-two 1", "a-one 2"]


async def test_examples_to_press_change_nothing(tmp_path: Path) -> None:
    keeper = [
        {"name": "keep", "effect": "changes", "examples": ["my tea is Assam", "remember the milk", "keep", "what is my tea"]},
        {"name": "tell", "effect": "changes", "examples": ["tell every day at 7:30", "tell London"]},
        {"name": "build", "effect": "external", "examples": ["build the website"]},
    ]
    commands = [{"usage": "u", "summary": "s", **one} for one in keeper]
    async with dispatching(tmp_path, keeper={"commands": commands}) as world:
        for said in ("help", "hi"):
            assert pressable(await world.reply(direct(said))) == ["keep", "tell London", "what is my tea"]
        reply = await world.reply(direct("help build"))
        assert "`build the website`" in reply.text  # to read
        assert pressable(reply) == []


async def test_admins_are_told_of_reports(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        assert "`reports`" not in await world.answer(direct("help"))
        assert "`reports`" in await world.answer(direct("help", user="UADMIN"))


async def test_help_shows_how_one_command_is_used(tmp_path: Path) -> None:  # S39
    async with dispatching(tmp_path, echo=ECHO, other={}) as world:
        for said in ("help echo", "help say", "Please help me with Echo!"):
            reply = await world.reply(message(said))
            assert "`echo <what>`: Does echo." in reply.text
            assert "`say`" in reply.text
            assert "`echo hello` and `say it`" in reply.text
            assert "other" not in reply.text
            assert pressable(reply) == ["echo hello", "say it"]
        assert "takes back" in await world.answer(message("help undo"))
        assert "by myself" in await world.answer(message("help stop"))
        assert "were reported" in await world.answer(message("help reports"))
        assert "⋯" in await world.answer(message("help “not what I meant”"))


async def test_help_about_what_there_is_not_says_what_there_is(tmp_path: Path) -> None:
    boss = {"command": {"roles": ["admin"]}}
    async with dispatching(tmp_path, echo=ECHO, boss=boss) as world:
        reply = await world.reply(message("help ehco"))
        assert "Did you mean `help echo`?" in reply.text
        assert pressable(reply) == ["help echo"]
        for said in ("help astrology", "help boss"):
            text = await world.answer(message(said))
            assert "nothing called" in text
            assert "I can help with `echo`." in text


async def test_help_groups_what_belongs_together_and_stays_within_limits(tmp_path: Path) -> None:
    commands = [
        {"name": f"thing-{n}", "usage": f"thing {n} " + "x" * 150, "summary": "s" * 300, "examples": ["e" * 200]}
        for n in range(50)
    ]
    async with dispatching(tmp_path, many={"commands": commands, "summary": "Things"}, echo=ECHO) as world:
        reply = await world.reply(message("help"))
        assert "Things:\n• `thing 0" in reply.text
        assert len(reply.text) < 12_000
        assert reply.text.count("…") >= 1
        assert "`undo` takes back" in reply.text
        assert len(pressable(reply)) <= 5
        assert "Things:\n" in await world.answer(message("help many"))


async def test_a_slip_gets_a_button_that_says_it_right(tmp_path: Path) -> None:  # S48
    boss = {"command": {"roles": ["admin"]}}
    async with dispatching(tmp_path, echo=ECHO, boss=boss) as world:
        reply = await world.reply(message("ehco me, `please` <!here>"))
        assert reply.text.startswith("Did you mean `echo me, 'please' <!here>`?")
        assert pressable(reply) == ["echo me, `please` <!here>"]
        assert await world.answer(message(pressable(reply)[0], trigger="interaction")) == "echo done"
        assert pressable(await world.reply(message("shuot hello twice"))) == ["shout hello twice"]
        assert "boss" not in await world.answer(message("bsos"))


async def test_yes_to_the_one_suggestion_is_what_was_suggested(tmp_path: Path) -> None:  # S48
    async with dispatching(tmp_path, echo=ECHO) as world:
        await world.answer(direct("ehco me"))
        assert await world.answer(direct("Yes, please!")) == "echo done"
        assert world.actions["echo"].calls[-1]["text"] == "me"
        assert "do not understand" in await world.answer(direct("yes"))  # to what?
        await world.answer(direct("ehco " + "\u6771" * 1_400))  # too long to be kept in mind
        assert "do not understand" in await world.answer(direct("yes"))
        await world.answer(direct("ehco me", user="U2"))
        assert "do not understand" in await world.answer(direct("yes", user="U3"))


async def test_unknown_words_get_one_hint_and_never_two_in_a_row(tmp_path: Path) -> None:  # S48, P5
    async with dispatching(tmp_path, echo=ECHO) as world:
        hint = await world.answer(direct("quux me"))
        assert "quux me" in hint
        assert "`echo`" in hint
        assert "`help`" in hint
        again = await world.answer(direct("quux me again"))
        assert again == "I do not know that either. `help` shows what I understand."
        assert await world.answer(direct("quux once more")) == again
        assert await world.answer(direct("")) == "Yes? Say `help` to see what I can do."
        assert "Did you mean" in await world.answer(direct("ehco"))  # which helps, so it is no hint
        assert "quux" in await world.answer(direct("quux"))
        assert "quux" in await world.answer(direct("quux", user="U2"))  # others were not hinted yet
        assert await world.answer(direct("echo")) == "echo done"
        assert "`help`" in await world.answer(direct("  "))
        assert "quux" in await world.answer(message("quux"))  # in another place
        assert world.actions["echo"].calls[1:] == []


async def test_among_others_a_hint_is_given_once(tmp_path: Path) -> None:  # S48
    async with dispatching(tmp_path, echo=ECHO) as world:
        root = message("quux")
        assert "do not understand" in await world.answer(root)
        for said in ("quux again", ""):
            await world.unanswered(message(said, thread=root.conversation.thread_id))


async def test_a_suggestion_of_help_is_not_followed_by_help(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        assert await world.answer(direct("hlep")) == "Did you mean `help`?"
        assert "If not, `help`" in await world.answer(direct("ehco"))


@pytest.mark.parametrize("said", ["no", "No, thanks!", "nope", "cancel", "never mind"])
async def test_no_is_taken_kindly(tmp_path: Path, said: str) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        for before in ("ehco me", "stop", "quux", "echo"):
            await world.answer(direct(before))
            assert await world.answer(direct(said)) == "All right."
        assert "do not understand" in await world.answer(direct("quux"))  # for it was no hint


async def test_who_can_switch_on_what_is_off_is_told(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        assert await world.answer(direct("echo")) == "echo done"
        await world.api("PATCH", "/features/echo", {"enabled": False})
        assert "An operator of Jeeves can switch it on: `jeeves features on echo`." in await world.answer(direct("echo"))


async def test_a_long_thing_that_nobody_understands_is_repeated_in_short(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        text = await world.answer(message("quux `x` " * 4000))
        assert "quux 'x' quux" in text
        assert len(text) < 300


@pytest.mark.parametrize(
    ("said", "begins"),
    [("hi", "Hi!"), ("good morning Jeeves", "Good morning!"), (":wave:", "Hello!"), ("Guten Tag", "Guten tag!")],
)
async def test_a_greeting_is_given_back_with_something_to_try(tmp_path: Path, said: str, begins: str) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        reply = await world.reply(direct(said))
    assert reply.text.startswith(begins)
    assert "Jeeves" in reply.text
    assert "`help`" in reply.text
    assert pressable(reply) == ["echo hello", "say it"]


async def test_thanks_are_answered_once(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        assert await world.answer(direct("Thank you so much!")) == "You are welcome."
        await world.unanswered(direct("thanks again"))
        assert await world.answer(direct("ok")) == "At your service."
        assert await world.answer(direct("goodbye")) == "Goodbye."
        assert await world.answer(direct("thx")) == "You are welcome."
        assert world.actions["echo"].calls == []


async def test_courtesies_do_not_reach_the_action(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        assert await world.answer(message("hey Jeeves, could you please echo this, thanks")) == "echo done"
        assert world.actions["echo"].calls[0]["text"] == "this"


async def greet_nobody(world: World) -> str:
    return await world.answer(message("hi"))


async def test_where_nothing_is_switched_on_it_is_polite_all_the_same(tmp_path: Path) -> None:
    boss = {"command": {"roles": ["admin"]}}
    async with dispatching(tmp_path, boss=boss) as world:
        assert "Try `help`" in await greet_nobody(world)
        assert "No action" in await world.answer(message("help"))
        assert "no action" in await world.answer(message("quux"))
