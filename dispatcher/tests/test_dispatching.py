"""From a message on the bus to its reply, by way of real users-service and an action that does as told."""

from pathlib import Path

from quart import Response

from support.dispatching import dispatching
from support.eventually import eventually
from support.fake_action import words
from support.messages import message

ECHO = {"facts": ["location"]}


async def test_an_action_is_given_what_was_asked_and_by_whom(tmp_path: Path) -> None:  # S30, S43, S46
    async with dispatching(tmp_path, echo=ECHO) as world:
        said = message("echo  Hello, World", user="U7")
        assert await world.answer(said) == "echo done"
        (call,) = world.actions["echo"].calls
    assert (call["command"], call["text"], call["trigger"]) == ("echo", "Hello, World", "message")
    assert call["id"] == call["key"] == said.message_id
    assert call["actor"]["user_id"] == "U7"
    assert call["conversation"] == said.conversation.model_dump(mode="json")
    assert len(call["traceparent"]) == 55


async def test_only_granted_facts_are_handed_out(tmp_path: Path) -> None:
    async with dispatching(
        tmp_path, echo=ECHO, store={"command": {"effect": "changes"}, "facts": ["location", "birthday"]}
    ) as world:
        facts = [{"op": "fact.set", "name": name, "value": "x"} for name in ("location", "birthday")]
        world.actions["store"].answers = [words("kept", changes=facts)]
        await world.answer(message("store"))
        await world.answer(message("echo"))
        assert world.actions["echo"].calls[0]["facts"] == {"location": "x"}


async def test_a_command_for_admins_is_refused_to_others_in_words(tmp_path: Path) -> None:  # S111
    async with dispatching(tmp_path, boss={"command": {"roles": ["admin"]}}) as world:
        assert await world.answer(message("boss")) == "Only admins may use `boss`. (policy: command-roles)"
        assert world.actions["boss"].calls == []


async def test_an_action_without_words_posts_nothing(tmp_path: Path) -> None:  # S47
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [Response(status=204)]
        said = message("echo")
        await world.say(said)
        await eventually(lambda: world.actions["echo"].calls)
        assert await world.answer(message("help"))
        assert world.replies(said.message_id) == []


async def test_a_new_action_is_known_without_a_change_here(tmp_path: Path) -> None:  # S44, S163
    async with dispatching(tmp_path, brandnew={}) as world:
        assert await world.answer(message("BrandNew thing")) == "brandnew done"


async def test_what_a_redelivery_brings_is_answered_once(tmp_path: Path) -> None:  # S36
    async with dispatching(tmp_path, echo=ECHO) as world:
        said = message("echo")
        await world.answer(said)
        for number in range(3):
            await world.say(said, delivery=f"again {number}")
        assert await world.answer(message("echo"))
        assert world.replies(said.message_id) == ["echo done"]
        assert len(world.actions["echo"].calls) == 2
