"""What cannot be handled is kept, and the person hears of it once (A5)."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from jeeves_contracts.delivery import Send, TakeItem, Yours
from jeeves_contracts.envelope import Envelope
from jeeves_contracts.ids import lane
from jeeves_contracts.messages import REPLY_REQUESTED, Message, ReplyRequested
from jeeves_service.bus.port import Delivery
from jeeves_service.bus.topology import DEAD, WORK, lane_queue
from support.api import Api
from support.clock import START
from support.eventually import eventually, succeeds
from support.messages import envelope, item, message
from support.users import Users
from users_service.models import audit, dead_letters, messages, replies


async def bury(users: Users, body: bytes, reason: str = "crash limit", origin: str = WORK) -> None:
    """Send a dead letter and wait until it is stored and acked, with time passing."""
    before = len(await users.rows(sa.select(dead_letters.c.id)))
    await users.bus.send(DEAD, body, {"reason": reason, "origin": origin, "tries": 2})
    for _ in range(200):
        await users.clock.advance(0.5)
        await asyncio.sleep(0.01)
        if len(await users.rows(sa.select(dead_letters.c.id))) > before:
            return
    raise AssertionError("the letter was not stored")


async def published(users: Users, said: Message) -> list[str]:
    """Collect what is published to the lane of a message's channel."""
    seen: list[str] = []

    async def handler(delivery: Delivery) -> None:
        seen.append(Envelope[ReplyRequested].from_bytes(delivery.body).data.reply_id)
        await delivery.ack()

    place = said.conversation
    await users.bus.consume(lane_queue("slack", lane(place.installation_id, place.channel_id)), handler, prefetch=9)
    return seen


async def listed(users: Users, query: str = "") -> list[dict[str, Any]]:
    return list((await Api(users).operator("GET", f"/dead-letters?{query}")).json["items"])


async def call(users: Users, letter: int, what: str) -> int:
    """Replay or drop one; return the status."""
    return (await Api(users).operator("POST", f"/dead-letters/{letter}/{what}")).status


async def state(users: Users, said: Message) -> tuple[str, int]:
    (row,) = await users.rows(sa.select(messages.c.state, messages.c.fence).where(messages.c.message_id == said.message_id))
    return row.state, row.fence


async def test_an_unclaimed_message_fails_with_one_apology_that_is_published(users: Users) -> None:  # dead-unclaimed-forgotten
    said = message()
    seen = await published(users, said)
    body = envelope(said, delivery="one").to_bytes()
    await bury(users, body)
    await eventually(lambda: seen == [f"{said.message_id}/1"])
    assert await state(users, said) == ("failed", 1)
    await users.bus.send(DEAD, body, {"reason": "crash limit", "origin": WORK})  # delivered again, as after a lost ack
    await eventually(lambda: len(seen) == 2)
    assert set(seen) == {f"{said.message_id}/1"}
    assert len(await users.rows(sa.select(replies.c.n))) == 1
    assert len(await users.rows(sa.select(dead_letters.c.id))) == 1


async def test_a_message_claimed_under_this_delivery_fails_under_the_next_fence(users: Users) -> None:
    said = message()
    await users.claimed(item(said, delivery="one"))
    await bury(users, envelope(said, delivery="one").to_bytes())
    assert await state(users, said) == ("failed", 2)


async def test_a_message_claimed_under_another_delivery_goes_on(users: Users) -> None:
    said = message()
    await users.claimed(item(said, delivery="two"))
    await bury(users, envelope(said, delivery="one").to_bytes())
    assert await state(users, said) == ("claimed", 1)


async def test_an_answered_message_has_its_unsent_replies_published(users: Users) -> None:  # dead-answered-forgotten
    said = message()
    mine = await users.answered(item(said, delivery="one"), "a", "b")
    seen = await published(users, said)
    await bury(users, envelope(said, delivery="one").to_bytes())
    await eventually(lambda: seen == mine)
    assert await state(users, said) == ("answered", 1)


async def test_a_dead_lettered_reply_is_refused_without_an_apology(users: Users) -> None:  # dead-reply-forgotten
    said = message()
    first, second = await users.answered(item(said), "a", "b")
    asked = ReplyRequested(message_id=said.message_id, reply_id=first, conversation=said.conversation, asked_at=START)
    letter = Envelope[ReplyRequested](
        source="dispatcher",
        type=REPLY_REQUESTED,
        time=START,
        installationid="slack:T1",
        correlationid=said.message_id,
        data=asked,
    )
    await bury(users, letter.to_bytes(), origin="lane.slack.0")
    found = await users.rows(sa.select(replies.c.state, replies.c.reason).order_by(replies.c.n))
    assert [tuple(row) for row in found] == [("refused", "dead_letter"), ("pending", None)]
    (sent,) = await users.take(TakeItem(reply_id=second))
    assert isinstance(sent, Send)
    assert sent.reply_id == second


async def test_what_nobody_can_read_is_kept_whole_and_goes_back_when_replayed(users: Users) -> None:
    await bury(users, b"\xff\x00 no envelope", reason="undecodable")
    (letter,) = await listed(users)
    assert (letter["kind"], letter["reason"], letter["origin"], letter["tries"]) == ("unknown", "undecodable", WORK, 2)
    shown = (await Api(users).operator("GET", f"/dead-letters/{letter['id']}")).json
    assert shown["text"].startswith("\\xff")
    assert (shown["body"], shown["bytes"], shown["cut"]) == (None, 14, False)
    seen: list[bytes] = []

    async def handler(delivery: Delivery) -> None:
        seen.append(delivery.body)
        await delivery.ack()

    await users.bus.consume(WORK, handler, prefetch=1)
    assert await call(users, letter["id"], "replay") == 200
    await eventually(lambda: seen == [b"\xff\x00 no envelope"])


async def test_a_failed_message_is_replayed_once_for_each_time_it_failed(users: Users) -> None:
    said = message()
    await bury(users, envelope(said, delivery="one").to_bytes())
    (letter,) = await listed(users)
    deliveries: list[str] = []

    async def handler(delivery: Delivery) -> None:
        deliveries.append(Envelope[Message].from_bytes(delivery.body).id)
        await delivery.ack()

    await users.bus.consume(WORK, handler, prefetch=1)
    await call(users, letter["id"], "replay")
    await call(users, letter["id"], "replay")  # the operator is not sure that it went through
    await eventually(lambda: len(deliveries) == 2)
    assert deliveries[0] == deliveries[1] != "one"
    (verdict,) = await users.claim(item(said, delivery=deliveries[0]))
    assert isinstance(verdict, Yours)
    assert verdict.fence == 2
    assert await call(users, letter["id"], "replay") == 409


async def test_a_dropped_letter_stays_dropped(users: Users) -> None:
    await bury(users, b"junk")
    (letter,) = await listed(users)
    assert [await call(users, letter["id"], what) for what in ("drop", "drop", "replay")] == [200, 409, 409]
    assert await listed(users, "state=open") == []
    ((action, subject),) = await users.rows(
        sa.select(audit.c.action, audit.c.subject).where(audit.c.action.like("dead-letter%"))
    )
    assert (action, subject) == ("dead-letter.drop", str(letter["id"]))


async def test_letters_are_looked_for_a_page_at_a_time_and_shown_as_what_they_are(users: Users) -> None:
    await bury(users, envelope(message("hello"), delivery="one").to_bytes())
    for n in range(3):
        await bury(users, b"[" * (5000 + n), origin="lane.slack.0")
    await bury(users, b'"' + b"x" * 100_000 + b'"')
    api = Api(users)
    assert [one["kind"] for one in await listed(users, "kind=message")] == ["message"]
    assert len(await listed(users, "origin=lane.slack.0")) == 3
    page = (await api.operator("GET", "/dead-letters?limit=4")).json
    rest = (await api.operator("GET", f"/dead-letters?limit=4&cursor={page['next']}")).json
    assert [one["id"] for one in page["items"] + rest["items"]] == sorted(
        (one["id"] for one in await listed(users)), reverse=True
    )
    shown = [(await api.operator("GET", f"/dead-letters/{one['id']}")).json for one in await listed(users)]
    assert (shown[0]["cut"], len(shown[0]["text"]), shown[0]["body"]) == (True, 64 * 1024, None)
    assert shown[1]["text"].startswith("[[[")
    assert shown[-1]["body"]["data"]["text"] == "hello"
    for wrong, status in {"999": 404, "0": 404, "x": 404, str(2**70): 404, "-1": 404}.items():
        assert (await api.operator("GET", f"/dead-letters/{wrong}")).status == status
    assert (await api.operator("GET", "/dead-letters?kind=none")).status == 422


async def test_dead_letters_are_for_operators(users: Users) -> None:  # S110, S112
    await bury(users, b"junk")
    (letter,) = await listed(users)
    api = Api(users)
    for path, method in (("", "GET"), (f"/{letter['id']}", "GET"), (f"/{letter['id']}/drop", "POST")):
        for told in (await api.person(method, f"/dead-letters{path}"), await api.admin(method, f"/dead-letters{path}")):
            assert (told.status, told.json["policy"][:12]) == (403, "dead-letters")


@pytest.mark.parametrize("claimed", [False, True])
async def test_a_message_that_cannot_be_stored_fails_with_an_apology_all_the_same(users: Users, *, claimed: bool) -> None:
    said = message("a\x00b")  # PostgreSQL has no such character
    if claimed:
        await users.claim(item(said, delivery="one"))
    seen = await published(users, said)
    await bury(users, envelope(said, delivery="one").to_bytes(), reason="bad: DBAPIError")
    await eventually(lambda: seen == [f"{said.message_id}/1"])
    assert (await state(users, said))[0] == "failed"


async def test_letters_with_odd_headers_and_ids_are_kept_and_do_not_come_back(users: Users) -> None:
    said = message()
    asked = ReplyRequested(message_id="x", reply_id="no/number", conversation=said.conversation, asked_at=START)
    odd = Envelope[ReplyRequested](
        source="x", type=REPLY_REQUESTED, time=START, installationid="i", correlationid="x", data=asked
    )
    await bury(users, odd.to_bytes())
    await users.bus.send(DEAD, b"one", {"tries": "many"})

    async def stored() -> None:
        assert len(await users.rows(sa.select(dead_letters.c.id))) == 2

    await succeeds(stored, AssertionError)
