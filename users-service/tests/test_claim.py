"""Who may work on a message: the verdicts of a claim, on PostgreSQL and SQLite (S36, S146, S149)."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from jeeves_contracts.actions import FactSet
from jeeves_contracts.delivery import AnswerItem, Over, Send, SettleItem, TakeItem, Unsent, Wait, Yours
from jeeves_service.errors import ForbiddenError, UnauthenticatedError
from jeeves_service.peers import Peer
from jeeves_service.tokens import Signer
from support.clock import START
from support.keys import service_keys
from support.messages import item, message
from support.users import Users


async def test_a_new_message_is_ours_with_what_is_known_of_the_person(users: Users) -> None:
    said = item(message("weather", user="UADMIN", locale="en-GB"))
    (verdict,) = await users.claim(said)
    assert isinstance(verdict, Yours)
    assert verdict.fence == 1
    assert verdict.context.actor.roles == ["member", "admin"]
    assert verdict.context.actor.locale == "en-GB"
    assert verdict.context.facts == {}


async def test_another_delivery_of_a_message_at_work_is_elsewhere(users: Users) -> None:  # S36
    said = message()
    await users.claimed(item(said, delivery="one"))
    assert await users.claim(item(said, delivery="two")) == [Over(verdict="elsewhere")]


async def test_twins_in_one_batch_are_answered_once(users: Users) -> None:
    said = message()
    first, second = await users.claim(item(said, delivery="one"), item(said, delivery="two"))
    assert isinstance(first, Yours)
    assert second == Over(verdict="elsewhere")


async def test_the_same_delivery_again_is_taken_over_at_once_under_the_next_fence(users: Users) -> None:
    said = item()
    assert await users.claimed(said) == 1
    assert await users.claimed(said) == 2


async def test_a_claim_forgotten_for_five_minutes_is_anybodys(users: Users) -> None:
    said = message()
    await users.claimed(item(said, delivery="one"))
    await users.clock.advance(299)
    assert await users.claim(item(said, delivery="two")) == [Over(verdict="elsewhere")]
    await users.clock.advance(1)
    assert await users.claimed(item(said, delivery="two")) == 2
    assert await users.claim(item(said, delivery="one")) == [Over(verdict="elsewhere")]  # the row took the new delivery_id


async def test_what_is_answered_and_sent_is_done(users: Users) -> None:
    said = item()
    await users.answered(said)
    assert await users.claim(said) == [Over(verdict="done")]


async def test_what_is_answered_but_unsent_is_handed_out_to_be_published(users: Users) -> None:
    said = item()
    replies = await users.answered(said, "one", "two")
    for delivery in (said, item(said.message)):
        (verdict,) = await users.claim(delivery)
        assert isinstance(verdict, Unsent)
        assert [ref.reply_id for ref in verdict.replies] == replies == [f"{said.message.message_id}/{n}" for n in (1, 2)]


async def test_a_failed_message_whose_apology_is_unsent_is_handed_out_too(users: Users) -> None:  # gap failed-acked
    said = item()
    replies = await users.answered(said, "sorry", outcome="failed")
    (verdict,) = await users.claim(item(said.message))
    assert isinstance(verdict, Unsent)
    assert [ref.reply_id for ref in verdict.replies] == replies


async def test_a_yielded_message_waits_while_a_newer_claim_may_be_at_work(users: Users) -> None:  # sabotage yield-at-once
    said = message()
    await users.claimed(item(said, delivery="one"))
    await users.claimed(item(said, delivery="one"))
    await users.clock.advance(59)
    (verdict,) = await users.claim(item(said, delivery="one", yielded=True))
    assert isinstance(verdict, Wait)
    await users.clock.advance(1)
    assert await users.claimed(item(said, delivery="one", yielded=True)) == 3


async def test_a_younger_message_in_a_thread_waits_until_the_elders_reply_is_out(users: Users) -> None:  # wait-until-answered
    root = item(message("weather"))
    thread = root.message.conversation.thread_id
    younger = item(message("and tomorrow?", thread=thread))
    fence = await users.claimed(root)
    assert isinstance((await users.claim(younger))[0], Wait)
    answer = AnswerItem(message_id=root.message.message_id, fence=fence, outcome="answered", replies=[{"text": "sunny"}])
    await users.answer(answer)
    assert isinstance((await users.claim(younger))[0], Wait)
    reply = f"{root.message.message_id}/1"
    (sending,) = await users.take(TakeItem(reply_id=reply))
    assert isinstance(sending, Send)
    assert isinstance((await users.claim(younger))[0], Wait)
    await users.settle(SettleItem(reply_id=reply, number=sending.number, outcome="sent", ts="1.1"))
    assert await users.claimed(younger) == 1


async def test_nobody_waits_longer_than_five_seconds_for_an_elder(users: Users) -> None:  # sabotage wait-forever
    root = item(message("weather"))
    younger = item(message("and tomorrow?", thread=root.message.conversation.thread_id))
    await users.claimed(root)
    await users.clock.advance(4.9)
    assert isinstance((await users.claim(younger))[0], Wait)
    await users.clock.advance(0.1)
    assert await users.claimed(younger) == 1


async def test_other_people_and_other_threads_do_not_wait(users: Users) -> None:
    root = item(message("weather"))
    await users.claimed(root)
    thread = root.message.conversation.thread_id
    assert await users.claimed(item(message(thread=thread, user="U2"))) == 1
    assert await users.claimed(item(message(thread="1.000001"))) == 1
    assert await users.claimed(item(message())) == 1


async def test_elder_and_younger_in_one_batch_are_told_apart(users: Users) -> None:
    root = message("weather")
    younger = message("and tomorrow?", thread=root.conversation.thread_id)
    second, first = await users.claim(item(younger), item(root))
    assert isinstance(first, Yours)
    assert isinstance(second, Wait)


async def test_what_came_too_late_is_expired(users: Users) -> None:  # S135
    said = message(expires_at=START - timedelta(seconds=1))
    assert await users.claim(item(said)) == [Over(verdict="expired")]
    assert await users.claim(item(said)) == [Over(verdict="expired")]


async def test_a_flood_of_one_person_is_throttled_and_ends_with_the_minute(users: Users) -> None:
    verdicts = await users.claim(*(item(message(user="UFLOOD")) for _ in range(130)))
    assert Counter(v.verdict for v in verdicts) == {"yours": 120, "throttled": 10}
    assert isinstance((await users.claim(item(message(user="U2"))))[0], Yours)
    await users.clock.advance(61)
    assert isinstance((await users.claim(item(message(user="UFLOOD"))))[0], Yours)


async def test_one_bad_item_does_not_spoil_its_batch(users: Users) -> None:
    bad = message("a\x00b")  # slack-ingest drops such characters
    good = item()
    verdicts = await users.claim(item(bad), good)
    assert isinstance(verdicts[1], Yours)
    if "postgresql" in users.url:  # SQLite keeps them
        assert verdicts[0].verdict == "bad"


async def test_a_person_is_the_same_in_every_message_and_another_in_another_workspace(users: Users) -> None:  # S17, P16, P28
    verdicts = await users.claim(*(item(message(team=team)) for team in ("T1", "T1", "T2")))
    persons = [v.context.actor.person_id for v in verdicts if isinstance(v, Yours)]
    assert persons[0] == persons[1] != persons[2]


async def test_facts_come_with_the_claim(users: Users) -> None:  # S73
    await users.answered(item(), "noted", changes=[FactSet(name="location", value="São Paulo 🌧")])
    (mine,) = await users.claim(item())
    (other,) = await users.claim(item(message(user="U2")))
    assert isinstance(mine, Yours)
    assert isinstance(other, Yours)
    assert mine.context.facts == {"location": "São Paulo 🌧"}
    assert other.context.facts == {}


async def test_sixteen_claimers_at_once_answer_each_message_once(users: Users) -> None:  # S152
    said = [message(user=f"U{n}") for n in range(60)]

    async def claimer(number: int) -> list[str]:
        mine = []
        for start in range(0, 60, 10):
            part = said[start : start + 10][:: 1 if number % 2 else -1]
            verdicts = await users.claim(*(item(one, delivery=f"{number}:{one.message_id}") for one in part))
            mine += [one.message_id for one, verdict in zip(part, verdicts, strict=True) if isinstance(verdict, Yours)]
        return mine

    won = [one for claimed in await asyncio.gather(*(claimer(n) for n in range(16))) for one in claimed]
    assert Counter(won) == Counter(one.message_id for one in said)


async def test_only_a_token_of_a_known_service_with_the_scope_is_let_in(users: Users) -> None:  # S124, S109
    body = b'{"items":[]}'
    with pytest.raises(ForbiddenError):
        await users.peer.call("/internal/v1/messages/claim", body, scope="replies:send")
    stranger, _ = service_keys()
    forged = Peer("users-service", "http://users-service", users.peer.http, Signer(stranger["dispatcher"], users.clock))
    with pytest.raises(UnauthenticatedError):
        await forged.call("/internal/v1/messages/claim", body, scope="messages:claim")
