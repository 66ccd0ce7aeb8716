"""When a post is not made: it cannot be written down, or its second after the take has passed."""

import asyncio
from typing import Any

import pytest

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, TableBlock, TextBlock
from slack_ingest import render
from support.eventually import eventually
from support.sending import FASTER, Sending, place

POST = "chat.postMessage"


async def test_a_reply_whose_blocks_cannot_be_rendered_is_sent_as_plain_text(
    sender: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "RENDERED", {})
    (name,) = await sender.ask(Reply(text="plain", blocks=[TextBlock(text="pretty")]))
    await sender.settled()
    assert sender.texts() == ["plain"]
    assert sender.users.rows[name].state == "sent"


@pytest.mark.parametrize("code", ["invalid_blocks", "invalid_attachments"])
async def test_a_table_that_slack_refuses_is_sent_in_letters_of_one_width(sender: Sending, code: str) -> None:
    table = TableBlock(header=["Day", "°C"], rows=[["Mon", "12"]])
    sender.slack.fail(POST, code)
    await sender.ask(Reply(text="plain", blocks=[TextBlock(text="pretty"), table]))
    await sender.settled()
    (shown,) = sender.slack.shown()
    assert [block["type"] for block in shown["blocks"]] == ["section", "rich_text"]
    sender.slack.fail(POST, code, times=2)
    await sender.ask(Reply(text="words", blocks=[table]))
    await sender.settled()
    assert "blocks" not in sender.slack.shown()[1]
    sender.slack.fail(POST, code)
    await sender.ask(Reply(text="words", blocks=[TextBlock(text="pretty")]))
    await sender.settled()
    assert "blocks" not in sender.slack.shown()[2]


async def test_what_is_pressed_in_an_ephemeral_message_tells_its_thread(sender: Sending) -> None:
    blocks: list[Block] = [TextBlock(text="x"), ButtonsBlock(buttons=[Choice(label="Yes", command="yes")])]
    await sender.ask(Reply(text="x", blocks=blocks, visibility="ephemeral"), at=place("C1"))
    await sender.ask(Reply(text="x", blocks=blocks), at=place("C2"))
    await sender.settled()
    for channel, name in (("C1", "jeeves:1.0@1764000000.000001"), ("C2", "jeeves:1.0")):
        (shown,) = sender.slack.shown(channel)
        assert shown["blocks"][1]["elements"][0]["action_id"] == name


async def test_a_reply_that_cannot_be_rendered_at_all_is_refused(sender: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "ESCAPED", None)
    (name,) = await sender.ask("hello")
    await sender.settled()
    assert (sender.users.rows[name].state, sender.users.rows[name].reason) == ("refused", "unrenderable")
    assert not sender.slack.called(POST)
    assert not sender.dead


async def test_a_post_older_than_a_second_after_its_take_is_not_made_but_taken_again(sender: Sending) -> None:  # no-deadline
    sender.users.late = 1.5
    (name,) = await sender.ask("hello")
    await sender.settled()
    assert [(take.number, take.doubt) for take in sender.users.takes] == [(None, False), (1, False)]
    assert len(sender.slack.called(POST)) == 1
    assert (sender.users.rows[name].state, sender.users.rows[name].number) == ("sent", 2)


async def test_a_post_whose_connection_takes_too_long_is_taken_again(
    sender: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:  # no-deadline
    await sender.ask("the connection of this one is kept")
    await sender.settled()
    loop = asyncio.get_running_loop()
    connect = loop.create_connection

    async def slow(*how: Any, **more: Any) -> Any:
        await asyncio.sleep(2 / FASTER)
        return await connect(*how, **more)

    monkeypatch.setattr(loop, "create_connection", slow)
    sender.slack.slow = 4 / FASTER  # so that two of them need two connections
    (first,) = await sender.ask("one", at=place("C1"))
    await eventually(lambda: len(sender.slack.called(POST)) == 2)
    (second,) = await sender.ask("two", at=place("C2"))
    await sender.settled()
    assert len(sender.slack.called(POST)) == 3
    assert (sender.users.rows[first].number, sender.users.rows[second].number) == (1, 2)
    assert not any(take.doubt for take in sender.users.takes)
