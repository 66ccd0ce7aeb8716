"""Somebody's first answer begins with a greeting; there is never a message more."""

import asyncio
from typing import Any

import pytest

from jeeves_contracts.actions import FactSet, Reply
from jeeves_contracts.blocks import TextBlock
from jeeves_contracts.delivery import AnswerItem
from support.messages import item, message
from support.users import Users

HELLO = "Hello! I am Jeeves. Say `help` to see what I can do."


async def texts(users: Users, *said: str, user: str = "U1", trigger: str = "message", **more: Any) -> list[str]:
    replies = await users.read(await users.answered(item(message(user=user, trigger=trigger)), *said, **more))
    return [reply.text for reply in replies]


async def test_a_first_answer_greets_and_a_second_does_not(users: Users) -> None:
    assert await texts(users, "Sunny.", "And warm.") == [f"{HELLO}\nSunny.", "And warm."]
    assert await texts(users, "Sunny.") == ["Sunny."]
    assert await texts(users, "Sunny.", user="U2") == [f"{HELLO}\nSunny."]


async def test_a_greeting_is_the_first_block_where_there_are_blocks(users: Users) -> None:
    reply = Reply(text="Sunny.", blocks=[TextBlock(text="*Sunny.*")], visibility="ephemeral")
    (read,) = await users.read(await users.answered(item(), replies=[reply]))
    assert read.text == f"{HELLO}\nSunny."
    assert read.blocks == [TextBlock(text=HELLO), TextBlock(text="*Sunny.*")]
    assert read.visibility == "ephemeral"


@pytest.mark.parametrize("command", ["hi", "help"])
async def test_an_answer_that_is_a_greeting_itself_is_the_first(users: Users, command: str) -> None:
    assert await texts(users, "Hello there!", feature=None, command=command) == ["Hello there!"]
    assert await texts(users, "Sunny.") == ["Sunny."]


async def test_an_action_may_call_a_command_help_of_its_own_kind(users: Users) -> None:
    assert await texts(users, "Sunny.", feature="config", command="hi") == [f"{HELLO}\nSunny."]


async def test_what_nobody_said_and_what_failed_greets_nobody(users: Users) -> None:
    assert await texts(users, "Good morning.", trigger="schedule") == ["Good morning."]
    assert await texts(users, "Sorry.", outcome="failed") == ["Sorry."]
    assert await texts(users) == []
    assert await texts(users, "Sunny.") == [f"{HELLO}\nSunny."]


async def test_a_receipt_of_a_first_answer_greets_too(users: Users) -> None:
    (reply,) = await users.change_facts(item(), FactSet(name="a", value=1), texts=())
    assert reply.text == f"{HELLO}\nDone.\na: not set → 1"
    assert [block.type for block in reply.blocks] == ["text", "text", "context", "buttons"]


async def test_a_long_first_answer_is_still_one_that_can_be_sent(users: Users) -> None:
    (text,) = await texts(users, "x" * 40_000)
    assert text.startswith(HELLO)
    assert len(text) == 40_000


async def test_of_two_first_answers_at_once_one_greets(users: Users) -> None:
    for user in [f"U{number}" for number in range(10)]:
        said = [item(message(user=user)) for _ in range(4)]
        fences = [await users.claimed(one) for one in said]
        given = [
            AnswerItem(message_id=one.message.message_id, fence=fence, outcome="answered", replies=[Reply(text="Sunny.")])
            for one, fence in zip(said, fences, strict=True)
        ]
        results = await asyncio.gather(users.answer(given[0]), users.answer(given[1]), users.answer(*given[2:]))
        refs = [ref.reply_id for batch in results for result in batch for ref in result.replies]
        read = [reply.text for reply in await users.read(refs)]
        assert sorted(read) == sorted([f"{HELLO}\nSunny.", "Sunny.", "Sunny.", "Sunny."])


async def test_the_same_first_answer_again_greets_as_before(users: Users) -> None:
    said = item()
    fence = await users.claimed(said)
    given = AnswerItem(message_id=said.message.message_id, fence=fence, outcome="answered", replies=[Reply(text="Sunny.")])
    assert await users.answer(given) == await users.answer(given)
    (reply,) = await users.read([f"{said.message.message_id}/1"])
    assert reply.text == f"{HELLO}\nSunny."
