"""Every change says what was and what is, and how it is taken back (S41, P14)."""

from typing import Any

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import FactClear, FactDelete, FactSet, Reply
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, ContextBlock, FieldsBlock, LabelledValue, MenuBlock, TextBlock
from jeeves_contracts.ids import reference
from support.messages import item, message
from support.users import Users
from users_service.models import receipts


def tell(name: str, value: Any, scope: str = "person") -> FactSet:
    return FactSet.model_validate({"name": name, "value": value, "scope": scope})


def small(reply: Reply) -> str:
    """The small line of a reply."""
    (line,) = [block.text for block in reply.blocks if isinstance(block, ContextBlock)]
    return line


def undo_of(reply: Reply) -> str:
    """What the Undo button of a reply says for its person."""
    (button,) = [choice for block in reply.blocks if isinstance(block, ButtonsBlock) for choice in block.buttons]
    assert button.label == "Undo"
    return button.command


async def known(users: Users, **who: Any) -> None:
    """Let somebody be greeted already."""
    await users.read(await users.answered(item(message(**who)), "Hi."))


async def test_a_change_tells_what_was_and_what_is_below_the_answer_and_in_its_text(users: Users) -> None:
    await known(users)
    first, second = item(), item()
    (reply,) = await users.change_facts(first, tell("location", "London, UK"), texts=("Noted.",))
    assert small(reply) == "location: not set → London, UK"
    (reply,) = await users.change_facts(second, tell("location", "Paris, France"), texts=("You live in Paris now.",))
    assert small(reply) == "location: London, UK → Paris, France"
    assert undo_of(reply) == f"undo {reference(second.message.message_id)}"
    assert reply.text == "You live in Paris now.\nlocation: London, UK → Paris, France"
    assert [block.type for block in reply.blocks] == ["text", "context", "buttons"]
    (reply,) = await users.change_facts(item(), FactDelete(name="location"))
    assert small(reply) == "location: Paris, France → forgotten"


async def test_several_changes_of_one_answer_are_one_receipt_on_its_last_reply(users: Users) -> None:
    first, last = await users.change_facts(item(), tell("a", 1), tell("b", [True, None]), tell("a", 2), texts=("One.", "Two."))
    assert first.blocks == []
    assert small(last).splitlines() == ["a: not set → 1", "b: not set → [true, null]", "a: 1 → 2"]


@pytest.mark.parametrize(
    ("where", "asked", "shown"), [({}, "channel", "ephemeral"), ({}, "direct", "direct"), ({}, "ephemeral", "ephemeral")]
)
async def test_what_changed_about_a_person_is_shown_to_that_person_alone(
    users: Users, where: Any, asked: str, shown: str
) -> None:  # P14
    said = [Reply.model_validate({"text": text, "visibility": asked}) for text in ("One.", "Two.")]
    replies = await users.change_facts(item(message(**where)), tell("location", "Paris"), texts=(), replies=said)
    assert [reply.visibility for reply in replies] == [shown, shown]


async def test_what_changed_about_a_channel_is_shown_to_it(users: Users) -> None:
    (reply,) = await users.change_facts(item(), tell("location", "Paris", "channel"))
    assert reply.visibility == "channel"
    assert small(reply) == "location (this channel): not set → Paris"
    (reply,) = await users.change_facts(item(message(user="UADMIN")), tell("units", "metric", "workspace"))
    assert small(reply) == "units (the workspace): not set → metric"


async def test_a_change_without_words_gets_a_reply_for_its_receipt(users: Users) -> None:
    await known(users)
    (reply,) = await users.change_facts(item(), tell("location", "Paris"), texts=())
    assert reply.text == "Done.\nlocation: not set → Paris"
    assert reply.visibility == "ephemeral"


async def test_what_changes_nothing_has_no_receipt_and_no_reply_of_its_own(users: Users) -> None:  # S47
    await known(users)
    await users.change_facts(item(), tell("location", "Paris"))
    (reply,) = await users.change_facts(item(), tell("location", "Paris"), FactDelete(name="units"), texts=("Same.",))
    assert (reply.text, reply.blocks) == ("Same.", [])
    assert await users.change_facts(item(), FactDelete(name="units"), texts=()) == []
    assert await users.change_facts(item(message(user="U9")), FactClear(), texts=()) == []
    assert len(await users.rows(sa.select(receipts))) == 1


async def test_true_is_not_one(users: Users) -> None:
    await users.change_facts(item(), tell("a", True))
    (reply,) = await users.change_facts(item(), tell("a", 1))
    assert small(reply) == "a: true → 1"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 200, "x" * 79 + "…"),
        ("`rm` it", "'rm' it"),
        ("two\n\nlines", "two lines"),
        ("<!channel> & <@U1>", "<!channel> & <@U1>"),  # words; the sender escapes them
        ({"a": ["ü", 1.5]}, '{"a": ["ü", 1.5]}'),
        ("{name} %s", "{name} %s"),
    ],
)
async def test_a_value_is_shown_short_and_harmless(users: Users, value: Any, shown: str) -> None:
    (reply,) = await users.change_facts(item(), tell("a", value))
    assert small(reply) == f"a: not set → {shown}"


async def test_fifty_changes_are_told_in_a_few_lines(users: Users) -> None:
    (reply,) = await users.change_facts(item(), *(tell(f"{number} {'n' * 60}", "x" * 200) for number in range(30)))
    lines = small(reply).splitlines()
    assert len(lines) == 11
    assert lines[-1] == "… and 20 more"


async def test_the_longest_lines_fit(users: Users) -> None:
    names = [f"{number} {'n' * 60}" for number in range(9)]
    await users.change_facts(item(), *(tell(name, "x" * 200, "channel") for name in names))
    (reply,) = await users.change_facts(item(), *(tell(name, "y" * 200, "channel") for name in names))
    assert len(small(reply)) <= 2000
    assert small(reply).splitlines()[-1] == "… and 3 more"


async def test_everything_forgotten_is_one_line(users: Users) -> None:
    await users.change_facts(item(), tell("a", 1), tell("b", 2))
    (reply,) = await users.change_facts(item(), FactClear())
    assert small(reply) == "everything about you: 2 facts → forgotten"
    await users.change_facts(item(), tell("a", 1, "channel"))
    (reply,) = await users.change_facts(item(), FactClear(scope="channel"))
    assert small(reply) == "everything about this channel: 1 fact → forgotten"


async def test_what_is_out_of_the_way_stays_last(users: Users) -> None:
    choice = Choice(label="Report", command="report X")
    blocks: list[Block] = [TextBlock(text="Noted."), MenuBlock(choices=[choice])]
    given = [Reply(text="x", blocks=blocks)]
    (reply,) = await users.change_facts(item(message(user="U3")), tell("a", 1), texts=(), replies=given)
    assert [block.type for block in reply.blocks] == ["text", "text", "context", "buttons", "menu"]  # the first one greets


@pytest.mark.parametrize("length", [39, 40])
async def test_a_full_reply_keeps_all_its_blocks_and_the_receipt_comes_after_it(users: Users, length: int) -> None:
    field = FieldsBlock(fields=[LabelledValue(label="a", value="b")])
    full = Reply(text="x" * 40_000, blocks=[field] * length)
    first, second = await users.change_facts(item(), tell("a", 1), texts=(), replies=[full])
    assert len(first.blocks) == 40  # a greeting where there is room
    assert small(second) == "a: not set → 1"


async def test_a_long_text_is_kept_whole_in_blocks_and_leaves_room_for_the_receipt(users: Users) -> None:
    (reply,) = await users.change_facts(item(), tell("a", 1), texts=("ü" * 40_000,))
    assert len(reply.text) == 40_000
    text = "".join(block.text for block in reply.blocks if isinstance(block, TextBlock))
    assert text.count("ü") == 40_000
    assert small(reply) == "a: not set → 1"
