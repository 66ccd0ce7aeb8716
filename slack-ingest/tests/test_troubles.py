"""What goes wrong between a reply and Slack, and what people see all the same (docs/protocol.md)."""

from pathlib import Path
from typing import Any

import pytest

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import TextBlock
from jeeves_contracts.delivery import SettleItem, SettleResult
from support.eventually import eventually
from support.sending import FASTER, Sending, place, sending
from support.slack import SlackStandIn

POST = "chat.postMessage"


async def ready(sender: Sending) -> dict[str, str]:
    answer = await sender.service.ops.test_client().get("/readyz")
    return dict((await answer.get_json())["checks"])


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("how", [{"status": 503}, {"body": {"ok": False, "error": "internal_error"}}, {"body": b"<html>"}])
async def test_a_post_in_doubt_is_looked_for_before_it_is_made_again(
    sender: Sending, stored: bool, how: dict[str, Any]
) -> None:
    sender.slack.fail(POST, stored=stored, **how)
    (name,) = await sender.ask("hello")
    await sender.settled()
    assert sender.texts() == ["hello"]
    assert sender.users.rows[name].ts == sender.slack.shown()[0]["ts"]
    assert len(sender.slack.called(POST)) == (1 if stored else 2)
    assert [take.doubt for take in sender.users.takes] == ([False] if stored else [False, True])
    looked, posted = sender.slack.called("conversations.replies")[0].at, sender.slack.called(POST)[0].at
    assert looked - posted >= 1.95 / FASTER
    assert sender.users.rows[name].resent == 0


async def test_it_looks_through_a_long_direct_conversation(sender: Sending) -> None:
    direct = place("D0ANA", in_thread=False, is_direct=True)
    for number in range(16):
        sender.slack.post("D0ANA", f"old {number}")
    sender.slack.fail(POST, status=500)
    await sender.ask("hello", at=direct)
    await sender.settled()
    assert sender.texts("D0ANA")[-1] == "hello"
    assert len(sender.slack.called("conversations.history")) == 2


async def test_a_direct_reply_in_doubt_is_looked_for_with_its_person(sender: Sending) -> None:
    sender.slack.fail(POST, status=500, stored=True)
    await sender.ask(Reply(text="psst", visibility="direct"))
    await sender.settled()
    assert len(sender.slack.called(POST)) == 1
    assert sender.slack.called("conversations.history")[0].args["channel"] == "D0ANA"


@pytest.mark.parametrize("why", ["missing_scope", "not_in_channel", "ratelimited", "ephemeral", "silent"])
async def test_what_cannot_be_looked_up_is_sent_again_and_counted(sender: Sending, why: str) -> None:
    method = "chat.postEphemeral" if why == "ephemeral" else POST
    if why == "missing_scope":
        sender.slack.without = {"conversations.replies"}
    elif why == "silent":
        sender.slack.fail("conversations.replies", status=500, times=5)
    else:
        sender.slack.fail("conversations.replies", why)
    sender.slack.fail(method, status=500, stored=True)
    (name,) = await sender.ask(Reply(text="hello", visibility="ephemeral" if why == "ephemeral" else "channel"))
    await sender.settled()
    assert sender.texts() == ["hello", "hello"]
    assert sender.users.rows[name].resent == 1


async def test_what_nobody_asked_for_is_rather_refused_than_sent_twice(sender: Sending) -> None:
    sender.slack.without = {"conversations.replies"}
    sender.slack.fail(POST, status=500, stored=True)
    (name,) = await sender.ask("good morning", scheduled=True)
    await sender.settled()
    assert sender.texts() == ["good morning"]
    assert (sender.users.rows[name].state, sender.users.rows[name].reason) == ("refused", "in_doubt")


async def test_another_apps_metadata_is_not_taken_for_ours(sender: Sending) -> None:
    (name,) = sender.users.put("slack:T0JEEVES:C1:1.1", place("C1"), "hello")
    metadata = {"event_type": "jeeves_reply", "event_payload": {"reply_id": name}}
    sender.slack.post("C1", "forged", thread_ts=place().thread_id, metadata=metadata, bot_id="B0OTHER")
    sender.slack.fail(POST, status=500)
    await sender.again(name)
    await sender.settled()
    assert sender.texts() == ["forged", "hello"]


async def test_nothing_is_lost_while_slack_cannot_be_reached(tmp_path: Path) -> None:
    async with sending(tmp_path / "bus") as sender:
        await sender.ask("first")
        await sender.settled()
        sender.slack.stop()
        (name,) = await sender.ask("second", at=place("C2"))
        await eventually(lambda: sender.users.rows[name].number >= 2)  # it surely was not sent: taken again, without doubt
        with SlackStandIn(port=sender.slack.port) as back:
            await sender.settled()
            assert [post["text"] for post in back.shown()] == ["second"]
        assert not any(take.doubt for take in sender.users.takes)


@pytest.mark.parametrize(
    "code", ["channel_not_found", "not_in_channel", "is_archived", "restricted_action", "msg_too_long", "no_such_code_yet"]
)
async def test_what_slack_will_never_take_is_refused(sender: Sending, code: str) -> None:
    sender.slack.fail(POST, code)
    name, _ = await sender.ask("one", "two")
    await sender.settled()
    assert (sender.users.rows[name].state, sender.users.rows[name].reason) == ("refused", code)
    assert sender.texts() == ["two"]  # the next one goes on


@pytest.mark.parametrize(("code", "without"), [("invalid_blocks", "blocks"), ("cannot_reply_to_message", "thread_ts")])
async def test_what_slack_will_not_take_in_this_form_is_sent_in_a_plainer_one(sender: Sending, code: str, without: str) -> None:
    sender.slack.fail(POST, code)
    (name,) = await sender.ask(Reply(text="plain", blocks=[TextBlock(text="pretty")]))
    await sender.settled()
    first, second = (call.args for call in sender.slack.called(POST))
    assert without in first
    assert without not in second
    assert sender.users.rows[name].state == "sent"


async def test_a_token_that_is_refused_makes_it_unready_until_it_is_good_again(sender: Sending) -> None:
    await sender.ask("the token is good")
    await sender.settled()
    sender.slack.fail(POST, "token_revoked")
    sender.slack.fail("auth.test", "token_revoked", times=3)
    names = [*await sender.ask("hello"), *await sender.ask("elsewhere", at=place("C2"))]
    await eventually(lambda: len(sender.slack.called("auth.test")) >= 2, "asked whether it is good")
    assert "token_revoked" in (await ready(sender))["slack"]
    assert "refused" not in {sender.users.rows[name].state for name in names}
    await sender.settled()  # nothing is given up
    assert sorted(sender.texts()) == ["elsewhere", "hello", "the token is good"]
    assert not any(take.doubt for take in sender.users.takes)
    assert (await ready(sender))["slack"] == "ok"


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_expired", "org_login_required"])
async def test_while_the_token_is_refused_everything_waits_and_it_is_told_once(
    sender: Sending, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await sender.ask("the token is good")
    await sender.settled()
    sender.slack.token, was = "another", sender.slack.token
    for number in range(8):
        sender.slack.fail(POST, code, channel=f"C{number}")
        await sender.ask("hello", at=place(f"C{number}"))
    await eventually(lambda: len(sender.slack.called("auth.test")) >= 3, "asks again and again")
    assert not sender.users.settles[1:]
    assert len(sender.slack.called(POST)) <= 9  # no more than were under way
    assert "".join(capsys.readouterr()).count("nothing is sent until") == 1
    sender.slack.faults, sender.slack.token = [], was
    await sender.settled()
    assert sender.texts().count("hello") == 8


async def test_a_token_that_is_refused_during_a_look_leaves_the_reply_in_doubt(sender: Sending) -> None:
    sender.slack.fail(POST, status=500, stored=True)
    sender.slack.fail("conversations.replies", "token_revoked", times=2)
    (name,) = await sender.ask("hello")
    await sender.settled()
    assert sender.texts() == ["hello"]
    assert sender.users.rows[name].resent == 0


async def test_nothing_is_lost_while_users_service_is_away(sender: Sending) -> None:
    sender.users.away = True
    await sender.ask("hello")
    assert "503" in (await ready(sender))["users-service"]
    sender.users.away = False
    await sender.settled()
    assert sender.texts() == ["hello"]


async def test_an_answer_of_users_service_that_is_lost_costs_nothing(sender: Sending) -> None:
    sender.users.lose = 1  # of the take: it finds itself in doubt, looks, and sends
    await sender.ask("hello")
    await sender.settled()
    assert sender.texts() == ["hello"]
    sender.users.away, sender.users.lose = False, 0
    sender.slack.fail(POST, status=500, stored=True)
    await sender.ask("again", at=place("C2"))
    await eventually(lambda: len(sender.slack.called(POST)) == 2)
    sender.users.lose = 1  # of the settle: it settles once more
    await sender.settled()
    assert sorted(sender.texts()) == ["again", "hello"]


@pytest.mark.parametrize("visible", [True, False])
async def test_what_a_sender_that_died_had_taken_is_looked_for(sender: Sending, visible: bool) -> None:
    ids = sender.users.put("slack:T0JEEVES:C1:1.1", place("C1"), "hello")
    row = sender.users.rows[ids[0]]
    row.state, row.number = "sending", 1
    if visible:
        metadata = {"event_type": "jeeves_reply", "event_payload": {"reply_id": ids[0]}}
        sender.slack.post("C1", "hello", thread_ts=row.conversation.thread_id, metadata=metadata)
    await sender.again(*ids)
    await sender.settled()
    assert sender.texts() == ["hello"]
    assert len(sender.slack.called(POST)) == (0 if visible else 1)


async def test_a_sender_that_was_overtaken_waits_and_never_acks(sender: Sending) -> None:
    sender.slack.limit(3)
    (name,) = await sender.ask("hello")
    row = sender.users.rows[name]
    await eventually(lambda: sender.slack.called(POST))
    row.number += 1  # another sender has taken it since
    row.age_from = sender.clock.monotonic()
    await sender.settled()
    assert any(take.yielded for take in sender.users.takes)
    assert sender.texts() == ["hello"]


async def test_a_refusal_that_comes_too_late_is_no_refusal(sender: Sending) -> None:
    sender.slack.fail(POST, "is_archived")
    settle = sender.users._settle

    def overtaken(item: SettleItem) -> SettleResult:
        sender.users._settle = settle  # type: ignore[method-assign]
        sender.users.rows[item.reply_id].number += 1
        return settle(item)

    sender.users._settle = overtaken  # type: ignore[method-assign]
    (name,) = await sender.ask("hello")
    await sender.settled()
    assert sender.users.rows[name].state == "sent"
    assert [take.yielded for take in sender.users.takes][:2] == [False, True]
