"""Who may send a reply, and what became of it (docs/protocol.md, steps 6 and 7)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from jeeves_contracts.delivery import Busy, Send, Settled, SettleItem, TakeItem, TakeResult
from support.clock import START
from support.messages import item, message
from support.users import Users
from users_service.models import replies


def sending(result: TakeResult) -> Send:
    assert isinstance(result, Send), result
    return result


async def take(users: Users, reply: str, **more: object) -> TakeResult:
    return (await users.take(TakeItem.model_validate({"reply_id": reply, **more})))[0]


async def settle(users: Users, reply: str, number: int, outcome: str = "sent", **more: object) -> str:
    given = {"reply_id": reply, "number": number, "outcome": outcome, **({"ts": "9.9"} if outcome == "sent" else {}), **more}
    return (await users.settle(SettleItem.model_validate(given)))[0]


async def test_a_reply_is_handed_out_with_all_that_its_post_needs(users: Users) -> None:  # S29, S30
    said = item(message("weather", user="U7", channel="C7"))
    (reply,) = await users.answered(said, "sunny")
    sent = sending(await take(users, reply))
    assert (sent.reply_id, sent.number, sent.in_doubt, sent.scheduled) == (reply, 1, False, False)
    assert (sent.user_id, sent.conversation.channel_id) == ("U7", "C7")
    assert sent.reply.text.endswith("\nsunny")  # after a greeting, since it is this person's first answer
    assert await settle(users, reply, 1) == "settled"
    assert isinstance(await take(users, reply), Settled)


async def test_an_earlier_unsent_reply_is_handed_out_first(users: Users) -> None:  # gap take-alone
    first, second = await users.answered(item(), "one", "two")
    assert sending(await take(users, second)).reply_id == first
    assert await settle(users, first, 1) == "settled"
    assert sending(await take(users, second)).reply_id == second


async def test_a_refused_first_reply_lets_the_second_go(users: Users) -> None:
    first, second = await users.answered(item(), "one", "two")
    assert sending(await take(users, first)).number == 1
    assert await settle(users, first, 1, "refused", reason="msg_too_long") == "settled"
    assert sending(await take(users, second)).reply_id == second


async def test_a_reply_that_another_took_is_in_doubt_under_a_new_number(users: Users) -> None:
    (reply,) = await users.answered(item(), "one")
    assert sending(await take(users, reply)).number == 1
    second = sending(await take(users, reply))
    assert (second.number, second.in_doubt) == (2, True)


async def test_the_holder_takes_again_without_doubt(users: Users) -> None:  # gap no-deadline: its second has passed
    (reply,) = await users.answered(item(), "one")
    await take(users, reply)
    again = sending(await take(users, reply, number=1))
    assert (again.number, again.in_doubt) == (2, False)
    assert isinstance(await take(users, reply, number=1), Busy)  # the old number is worth nothing now


async def test_sent_is_a_fact_under_any_number_refused_needs_the_current_one(users: Users) -> None:  # gap stale-fact-dropped
    (reply,) = await users.answered(item(), "one")
    await take(users, reply)
    await take(users, reply)
    assert await settle(users, reply, 1, "refused", reason="in_doubt") == "stale"
    assert await settle(users, reply, 1, "sent") == "settled"
    assert await settle(users, reply, 2, "sent") == "settled"
    assert await settle(users, reply, 2, "refused", reason="in_doubt") == "stale"
    assert isinstance(await take(users, reply), Settled)


async def test_a_stale_sender_takes_again_once_the_newer_take_is_ten_seconds_old(users: Users) -> None:  # stale-sender-acks
    (reply,) = await users.answered(item(), "one")
    await take(users, reply)
    await take(users, reply)
    busy = await take(users, reply, yielded=True)
    assert isinstance(busy, Busy)
    assert busy.seconds == 10
    await users.clock.advance(10)
    assert sending(await take(users, reply, yielded=True)).in_doubt


async def test_every_post_sent_again_blind_is_counted_in_its_take(users: Users) -> None:
    (reply,) = await users.answered(item(), "one")
    await take(users, reply)
    number = sending(await take(users, reply)).number
    for _ in range(3):
        number = sending(await take(users, reply, number=number, doubt=True, blind=True)).number
    await take(users, reply, number=number, doubt=True)  # looked up and not found: not counted
    assert await users.rows(sa.select(replies.c.resent_in_doubt)) == [(3,)]


async def test_two_settles_of_one_reply_in_one_batch_do_not_undo_each_other(users: Users) -> None:
    (reply,) = await users.answered(item(), "one")
    number = sending(await take(users, reply)).number
    sent = SettleItem(reply_id=reply, number=number, outcome="sent", ts="1.1")
    refused = SettleItem(reply_id=reply, number=number, outcome="refused", reason="x")
    assert await users.settle(sent, refused) == ["settled", "stale"]
    assert await users.rows(sa.select(replies.c.state)) == [("sent",)]


async def test_a_reply_that_cannot_be_read_any_more_is_refused_and_the_next_one_goes(users: Users) -> None:
    first, second = await users.answered(item(), "one", "two")
    await users.change(replies.update().where(replies.c.n == 1).values(content=None))
    assert await take(users, second) == Busy(seconds=0)
    assert sending(await take(users, second, yielded=True)).reply_id == second
    assert isinstance(await take(users, first), Settled)


async def test_a_scheduled_reply_says_so_and_nobody_waited_for_it(users: Users) -> None:
    (reply,) = await users.answered(item(message(trigger="schedule")), "morning")
    sent = sending(await take(users, reply))
    assert sent.scheduled
    assert sent.asked_at is None


@pytest.mark.parametrize(
    ("order", "received", "asked"),
    [
        (0, 0, 0), (-2_000_000, 0, -2), (-3600 * 10**6, 0, -3600),
        (-48 * 3600 * 10**6, 0, 0),  # no platform is so late: an order that is no time
        (5_000_000, 0, 0),  # it was received before it was said: its clock is wrong
    ],
)  # fmt: skip
async def test_a_reply_tells_when_its_question_was_asked(users: Users, order: int, received: int, asked: int) -> None:
    start = int(START.timestamp() * 10**6)
    said = message(order=start + order, received_at=START + timedelta(seconds=received))
    (reply,) = await users.answered(item(said), "sunny")
    assert sending(await take(users, reply)).asked_at == START + timedelta(seconds=asked)


async def test_two_takes_of_one_reply_in_one_batch_get_two_numbers(users: Users) -> None:
    (reply,) = await users.answered(item(), "one")
    first, second = await users.take(TakeItem(reply_id=reply), TakeItem(reply_id=reply))
    assert (sending(first).in_doubt, sending(second).in_doubt) == (False, True)
    assert [sending(first).number, sending(second).number] == [1, 2]


async def test_what_nobody_knows_is_settled(users: Users) -> None:
    for reply in ("slack:T1:C1:1.1/1", "nonsense", "/", "a/b"):
        assert isinstance(await take(users, reply), Settled)
        assert await settle(users, reply, 1) == "stale"
