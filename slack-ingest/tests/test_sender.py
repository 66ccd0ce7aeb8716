"""Replies on their way to Slack: what people see, whatever goes wrong (docs/protocol.md)."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jeeves_contracts.actions import Reply
from jeeves_contracts.envelope import Envelope
from jeeves_contracts.ids import lane
from jeeves_contracts.messages import ReplyRequested
from jeeves_service.clock import SystemClock
from support.eventually import eventually
from support.sending import FASTER, Sending, place, sending

POST = "chat.postMessage"
KEY = "chat.reply.requested.v1.slack"


async def test_a_reply_is_posted_once_and_settled(sender: Sending) -> None:  # S29
    (name,) = await sender.ask("It is <b> & `sunny` <!channel>")
    await sender.settled()
    (post,) = sender.slack.shown()
    assert post["text"] == "It is &lt;b&gt; &amp; `sunny` &lt;!channel&gt;"
    assert (post["channel"], post["thread_ts"]) == ("C0GENERAL", "1764000000.000001")
    assert post["metadata"] == {"event_type": "jeeves_reply", "event_payload": {"reply_id": name}}
    assert (post["unfurl_links"], post["unfurl_media"], post["link_names"]) == (False, False, False)
    assert "blocks" not in post
    assert sender.users.rows[name].ts == post["ts"]
    await sender.again(name)  # a second request for what is sent is acked, and nothing is posted
    await eventually(lambda: len(sender.users.takes) == 2)
    await sender.service.stop()
    assert len(sender.slack.called(POST)) == 1


@pytest.mark.parametrize(
    ("in_thread", "is_direct", "setting", "thread"),
    [
        (True, False, "off", True), (True, True, "on", True), (False, False, "on", True),
        (False, False, "off", False), (False, True, "on", False),
    ],
)  # fmt: skip
async def test_it_answers_where_it_was_asked(
    tmp_path: Path, in_thread: bool, is_direct: bool, setting: str, thread: bool
) -> None:  # S29
    async with sending(tmp_path / "bus", JEEVES_REPLY_IN_THREAD=setting) as sender:
        await sender.ask("hello", at=place("D0ANA" if is_direct else "C1", in_thread=in_thread, is_direct=is_direct))
        await sender.settled()
        assert ("thread_ts" in sender.slack.shown()[0]) == thread


async def test_a_private_reply_is_seen_by_its_person_alone(sender: Sending) -> None:
    await sender.ask(Reply(text="one", visibility="ephemeral"), Reply(text="two", visibility="direct"))
    await sender.ask(Reply(text="three", visibility="ephemeral"), at=place("D0ANA", is_direct=True))
    await sender.settled()
    one, two, three = sorted(sender.slack.shown(), key=lambda post: ["one", "two", "three"].index(post["text"]))
    assert (one["ephemeral"], one["user"], one["channel"]) == (True, "U0JEEVES", "C0GENERAL")
    assert sender.slack.called("chat.postEphemeral")[0].args["user"] == "U0ANA"
    assert (two["channel"], "thread_ts" in two) == ("D0ANA", False)
    assert (three["ephemeral"], three["channel"]) == (False, "D0ANA")  # a direct conversation is private as it is


async def test_replies_of_a_message_come_in_order_whichever_is_asked_for(sender: Sending) -> None:
    ids = sender.users.put("slack:T0JEEVES:C1:1.1", place("C1"), "one", "two", "three")
    await sender.again(ids[2])
    await sender.settled()
    assert sender.texts() == ["one", "two", "three"]


async def test_a_channel_gets_about_one_post_a_second(sender: Sending) -> None:
    for number in range(6):
        await sender.ask(str(number), at=place("C1"))
    await sender.ask("elsewhere", at=place("C2"))
    await sender.settled()
    assert sender.texts("C1") == [str(number) for number in range(6)]
    times = [call.at for call in sender.slack.called(POST) if call.args["channel"] == "C1"]
    assert times[5] - times[0] >= 2.95 / FASTER  # a burst of three, then one a second
    elsewhere = next(call.at for call in sender.slack.called(POST) if call.args["channel"] == "C2")
    assert elsewhere < times[4]


async def test_retry_after_is_obeyed_to_the_letter_and_others_go_on(tmp_path: Path) -> None:
    async with sending(tmp_path / "bus", clock=SystemClock()) as sender:
        sender.slack.limit(1, channel="C1")
        await sender.ask("one", at=place("C1"))
        await eventually(lambda: sender.slack.called(POST))
        await sender.ask("two", at=place("C1"))
        await sender.ask("three", at=place("C2"))
        await sender.settled()
        assert [post["text"] for post in sender.slack.shown()] == ["three", "one", "two"]
        refused, *later = [call.at for call in sender.slack.called(POST) if call.args["channel"] == "C1"]
        assert min(later) - refused >= 1
        first = next(row for row in sender.users.rows.values() if row.reply.text == "one")
        assert first.number == 2  # its second had passed: it was taken again, and not in doubt
        assert not any(take.doubt for take in sender.users.takes)


async def test_an_installation_that_is_too_fast_everywhere_is_slowed_down_everywhere(sender: Sending) -> None:
    for channel in ("C1", "C2", "C3"):
        sender.slack.limit(5, channel=channel)
        await sender.ask(channel, at=place(channel))
    await eventually(lambda: len([call for call in sender.slack.called(POST) if call.fault]) == 3)
    refused = max(call.at for call in sender.slack.called(POST))
    await asyncio.sleep(0)
    await eventually(lambda: len(sender.users.takes) >= 3)
    await sender.ask("C4", at=place("C4"))
    await sender.settled()
    assert min(call.at for call in sender.slack.called(POST) if call.at > refused) - refused >= 4.5 / FASTER


async def test_an_unreadable_request_becomes_a_dead_letter(sender: Sending) -> None:
    for body in (b"", b"{}", b"\xff", b"[]"):
        await sender.bus.publish(KEY, body, {"lane": 3})
    await eventually(lambda: len(sender.dead) == 4)
    assert {(dead.headers["reason"], dead.headers["origin"]) for dead in sender.dead} == {("undecodable", "lane.slack.3")}
    await sender.ask("hello")
    await sender.settled()


async def test_a_status_is_shown_until_the_answer_takes_its_place(sender: Sending) -> None:
    await sender.publish.status("slack:T0JEEVES:C0GENERAL:1.1", place(), "is looking for <!channel> & all…", None)
    await eventually(lambda: sender.slack.statuses)
    assert list(sender.slack.statuses.values()) == ["is looking for &lt;!channel&gt; &amp; all…"]
    await sender.ask("hello")
    await sender.settled()
    assert not sender.slack.statuses
    sender.slack.fail("assistant.threads.setStatus", "missing_scope")
    await sender.publish.status("slack:T0JEEVES:C0GENERAL:1.1", place(), "is looking…", None)
    await sender.publish.status("slack:T0JEEVES:D1:1.1", place("D1", in_thread=False, is_direct=True), "…", None)
    old = ReplyRequested(
        kind="status", message_id="m", reply_id="m/0", conversation=place(), asked_at=sender.clock.now() - timedelta(seconds=11)
    )
    envelope = Envelope[ReplyRequested](
        source="t", type="t", time=sender.clock.now(), installationid="i", correlationid="m", data=old
    )
    await sender.bus.publish(KEY, envelope.to_bytes(), {"lane": 0})
    await sender.ask("goodbye")
    await sender.settled()
    assert not sender.slack.statuses
    assert len(sender.slack.called("assistant.threads.setStatus")) == 2
    assert not sender.users.settles[2:]  # a status is never settled


async def test_a_reply_for_an_unknown_installation_is_refused(sender: Sending) -> None:
    (name,) = await sender.ask("hello", at=place().model_copy(update={"installation_id": "slack:T0OTHER"}))
    await sender.settled()
    assert sender.users.rows[name].reason == "unknown_installation"
    assert not sender.slack.called(POST)


async def test_it_waits_until_slack_has_told_whose_token_it_is(tmp_path: Path) -> None:
    async with sending(tmp_path / "bus", start=False) as sender:
        sender.slack.fail("auth.test", status=500, times=3)
        await sender.service.start()
        await sender.ask("hello")
        await sender.settled()
        assert len(sender.slack.called("auth.test")) == 4
        assert sender.texts() == ["hello"]


async def test_a_flooded_channel_does_not_hold_up_the_others_of_its_lane(sender: Sending) -> None:
    for number in range(100):
        await sender.ask(str(number), at=place("C0"))
    await sender.ask("elsewhere", at=place(neighbour("C0")))
    await eventually(lambda: "elsewhere" in sender.texts())
    assert len(sender.texts("C0")) < 50


def neighbour(channel: str) -> str:
    """Return another channel of the same lane."""
    wanted = lane(place().installation_id, channel)
    return next(name for name in (f"C{number}" for number in range(1, 1000)) if lane(place().installation_id, name) == wanted)


async def test_it_stops_with_what_is_in_hand_done_and_gives_the_rest_back(tmp_path: Path) -> None:
    async with sending(tmp_path / "bus", clock=SystemClock()) as sender:
        for number in range(8):
            await sender.ask(str(number), at=place("C1"))
        sender.slack.limit(30, channel="C2")
        await sender.ask("limited", at=place("C2"))
        await eventually(lambda: len(sender.slack.called(POST)) >= 3 and not sender.slack.faults)
        async with asyncio.timeout(3):
            await sender.service.stop()
        shown = len(sender.slack.shown())
        assert shown < 9
        left: list[str] = []

        async def take(delivery: Any) -> None:
            left.append(Envelope[ReplyRequested].from_bytes(delivery.body).data.reply_id)
            await delivery.ack()

        for number in range(8):
            await sender.bus.consume(f"lane.slack.{number}", take, prefetch=10)
        await eventually(lambda: len(left) == 9 - shown)
        assert not {name for name, row in sender.users.rows.items() if row.state == "sent"} & set(left)
