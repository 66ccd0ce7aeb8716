"""Whatever happens at the moment of an erasure: nothing fails, nothing that was erased comes back (S7)."""

import asyncio
from typing import Any

import sqlalchemy as sa

from jeeves_contracts.actions import Change, FactSet, Reply
from jeeves_contracts.delivery import AnswerItem, Over, Yours
from support.api import Api
from support.eventually import succeeds
from support.messages import item
from support.privacy import DAILY, WORD, erase_in_chat, erasing, left, person_of, said
from support.scheduling import Office
from support.users import Users
from users_service.engine import Database
from users_service.models import activity, dead_letters, facts, identities, messages, people, replies, runs, schedules
from users_service.service import erasure

USER = "UERASED"


async def erased(api: Api, person: str) -> int:
    return (await api.operator("POST", f"/people/{person}/erasure", {"confirm": person})).status


async def test_claims_and_answers_at_the_same_moment_end_well(api: Api) -> None:
    users = api.users
    await api.token("operator")
    for _ in range(8):
        person = await person_of(users, USER)
        before = [said(users, user=USER) for _ in range(6)]
        at_work = [(one, await users.claimed(one)) for one in before[:3]]

        def answer(one: Any, fence: int) -> AnswerItem:
            given: dict[str, Any] = {"outcome": "answered", "feature": "notes", "replies": [Reply(text=WORD)]}
            change = FactSet(name="birthday", value=WORD)
            return AnswerItem(message_id=one.message.message_id, fence=fence, changes=[change], **given)

        status, claimed, answered = await asyncio.gather(
            erased(api, person),
            asyncio.gather(*(users.claim(one) for one in before[3:])),
            asyncio.gather(*(users.answer(answer(*one)) for one in at_work)),
        )
        assert status == 200
        verdicts = [one for many in claimed for one in many]
        assert all(isinstance(one, Yours | Over) for one in verdicts), verdicts
        assert {one.state for many in answered for one in many} <= {"stored", "stale"}
        assert await left(users, WORD, USER) == {}
        results = [await users.answer(answer(one, 1)) for one in before]  # late ones, too
        assert {one.state for many in results for one in many} <= {"stale", "stored"}  # stored: before, and erased since
        assert await left(users, WORD, USER) == {}
        await users.clock.advance(1)
    assert await users.rows(sa.select(dead_letters)) == []


async def test_a_claim_that_has_looked_before_an_erasure_ends_looks_again(users: Users) -> None:
    person = await person_of(users, USER)
    late = said(users, user=USER)
    database = Database(users.url)
    try:
        async with database.write() as connection:
            assert await erasure.erase(connection, person, users.clock.now(), asked_by="a test")
            claiming = asyncio.create_task(users.claim(late))
            if database.dialect != "sqlite":  # where nobody else may write meanwhile
                await users.claimed(said(users, "another", user="UOTHER"))  # so that the first has come to where it waits
                assert not claiming.done()
    finally:
        await database.aclose()
    (verdict,) = await claiming
    assert verdict.verdict == "done"
    assert await left(users, WORD, USER) == {}


async def test_of_many_erasures_at_once_one_does_it(api: Api) -> None:
    person = await person_of(api.users, USER)
    assert (await api.operator("GET", "/me")).status == 200
    assert sorted(await asyncio.gather(*(erased(api, person) for _ in range(6)))) == [200, *[404] * 5]


async def test_what_else_of_theirs_is_in_the_batch_is_given_up(users: Users) -> None:
    earlier, later, other = said(users, user=USER), said(users, user=USER), said(users, "other", user="UOTHER")
    asking, asked = erasing(users, USER)
    given = []
    for one, more in ((earlier, {}), (asking, asked), (later, {}), (other, {})):
        fence = await users.claimed(one)
        changes: list[Change] = [] if more else [FactSet(name="a", value=WORD if one is not other else "kept")]
        made: dict[str, Any] = {
            "outcome": "answered",
            "feature": "notes",
            "replies": [Reply(text=WORD)] if one is not other else [],
        }
        given.append(AnswerItem(message_id=one.message.message_id, fence=fence, changes=changes, **{**made, **more}))
    given[1] = given[1].model_copy(update={"replies": []})
    first, done, third, fourth = await users.answer(*given)
    assert (len(done.replies), first.replies, third.state, fourth.state) == (1, [], "stale", "stored")
    assert await left(users, WORD) == {}
    assert [row.value for row in await users.rows(sa.select(facts))] == ["kept"]
    states = {row.message_id: row.state for row in await users.rows(sa.select(messages.c.message_id, messages.c.state))}
    assert [states[one.message.message_id] for one in (earlier, asking, later)] == ["failed", "answered", "failed"]
    (reply,) = await users.read([ref.reply_id for ref in done.replies])
    assert reply.text.startswith("Done")  # and no greeting
    (row,) = await users.rows(sa.select(people).where(people.c.erased_at.is_not(None)))
    assert row.greeted_at is None


async def test_the_same_answer_again_has_the_same_result(users: Users) -> None:
    await person_of(users, USER)
    asking, asked = erasing(users, USER)
    fence = await users.claimed(asking)
    given = AnswerItem(message_id=asking.message.message_id, fence=fence, outcome="answered", **asked)
    (first,), (again,) = await users.answer(given), await users.answer(given)
    assert (first.state, len(first.replies), first) == ("stored", 1, again)
    assert len(await users.rows(sa.select(replies).where(replies.c.content.is_not(None)))) == 1
    (verdict,) = await users.claim(asking)
    assert verdict.verdict == "unsent"


async def test_who_never_said_anything_else_can_be_erased_too(users: Users) -> None:
    (reply,) = await users.read(list(await erase_in_chat(users, USER)))
    assert reply.text.startswith("Done")


async def test_an_erasure_that_is_refused_changes_nothing(users: Users) -> None:
    await users.change_facts(said(users, user=USER), FactSet(name="a", value=WORD))
    asking, asked = erasing(users, USER)
    fence = await users.claimed(asking)
    bad = AnswerItem(
        message_id=asking.message.message_id,
        fence=fence,
        outcome="answered",
        changes=[FactSet(name="b", value="x")],  # which Jeeves itself was never granted
        **asked,
    )
    (result,) = await users.answer(bad)
    assert result.state == "refused"
    assert [row.value for row in await users.rows(sa.select(facts))] == [WORD]


async def test_a_run_that_fires_at_that_moment_does_nothing_any_more(desk: Office) -> None:
    await desk.put("morning-weather", DAILY, command=f"weather in {WORD}", user=USER)
    await desk.until("2026-11-26T06:30:00+00:00")
    desk.new_tokens()
    leased = (await desk.lease()).runs
    assert len(leased) == 1
    asking, asked = _asking(desk)
    result = await desk.say(user=USER, said=asking, **asked)
    assert result.state == "stored"
    await desk.note(*(one.run_id for one in leased))
    (verdict,) = await desk.claim(item(leased[0].job))
    assert verdict.verdict == "done"
    rows = _users(desk)
    assert await left(rows, WORD) == {}
    for table in (schedules, runs, identities):
        assert await rows.rows(sa.select(table)) == []


def _users(desk: Office) -> Users:
    return Users(desk.users, desk.peer, desk.peer, desk.peer, desk.bus, desk.clock, "", desk.url)


def _asking(desk: Office) -> tuple[Any, dict[str, Any]]:
    asking, asked = erasing(_users(desk), USER)
    return asking, {**asked, "replies": []}


async def test_leases_and_an_erasure_at_once_leave_no_run(desk: Office) -> None:
    rows = _users(desk)
    for day in range(26, 30):
        speaking = said(rows, user=USER)
        await desk.put("morning-weather", DAILY, command=f"weather in {WORD}", user=USER, said=speaking)
        await desk.until(f"2026-11-{day}T06:30:00+00:00")
        desk.new_tokens()
        asking, asked = _asking(desk)
        await asyncio.gather(desk.say(user=USER, said=asking, **asked), *(desk.lease(str(n)) for n in range(4)))
        assert await rows.rows(sa.select(runs)) == []
        assert await left(rows, WORD) == {}
        await desk.clock.advance(1)


async def test_nobodys_id_is_left_where_a_day_is_added_up(users: Users) -> None:
    await person_of(users, USER)
    await users.read(list(await erase_in_chat(users, USER)))
    person = (await users.rows(sa.select(people.c.id).where(people.c.erased_at.is_not(None))))[0].id

    async def gone() -> None:
        await users.clock.advance(61)
        assert person not in {row.person_id for row in await users.rows(sa.select(activity))}

    await succeeds(gone, AssertionError)
