"""What was changed can be taken back for a day: once, by whom it was made, while it still is as it was left."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import FactClear, FactDelete, FactSet, Reply, ScheduleDelete, SchedulePut
from jeeves_contracts.blocks import ContextBlock
from jeeves_contracts.delivery import AnswerItem, ClaimItem
from jeeves_contracts.ids import reference
from jeeves_contracts.schedules import Rule, Timing
from support.clock import START
from support.messages import item, message
from support.users import Users
from users_service.models import activity, counters, fact_history, facts, receipts, roles, schedules

DAILY = Timing(rule=Rule(cron="30 7 * * *", timezone="Europe/Paris"))


def tell(name: str, value: Any, scope: str = "person") -> FactSet:
    return FactSet.model_validate({"name": name, "value": value, "scope": scope})


def small(reply: Reply) -> str:
    return "\n".join(block.text for block in reply.blocks if isinstance(block, ContextBlock))


def ref(said: ClaimItem) -> str:
    return reference(said.message.message_id)


async def stored(users: Users) -> dict[str, Any]:
    return {row.name: row.value for row in await users.rows(sa.select(facts))}


async def test_undo_puts_back_what_was_and_says_so(users: Users) -> None:
    first, second = item(), item()
    await users.change_facts(first, tell("location", "London"))
    before = await users.rows(sa.select(facts))
    await users.clock.advance(60)
    await users.change_facts(second, tell("location", "Paris"))
    reply = await users.undo(item(), ref(second))
    assert reply.text.startswith("Done")
    assert small(reply) == "location: Paris → London"
    assert reply.visibility == "ephemeral"
    assert await users.rows(sa.select(facts)) == before  # with the source and the time that it had
    assert small(await users.undo(item(), ref(first))) == "location: London → forgotten"
    assert await stored(users) == {}


async def test_undo_twice_says_that_it_was_undone(users: Users) -> None:
    said = item()
    await users.change_facts(said, tell("location", "Paris"))
    await users.undo(item(), ref(said))
    reply = await users.undo(item(), ref(said))
    assert reply.text == "That was undone already."
    assert reply.blocks == []
    assert len(await users.rows(sa.select(receipts))) == 2


async def test_an_undo_can_be_undone_once_as_any_change(users: Users) -> None:
    said, back, again = item(), item(), item()
    await users.change_facts(said, tell("location", "Paris"))
    await users.undo(back, ref(said))
    assert small(await users.undo(again, ref(back))) == "location: not set → Paris"
    assert await stored(users) == {"location": "Paris"}
    assert "already" in (await users.undo(item(), ref(back))).text
    assert small(await users.undo(item(), ref(again))) == "location: Paris → forgotten"


async def test_without_a_reference_the_last_change_is_meant_and_then_the_one_before(users: Users) -> None:
    await users.change_facts(item(), tell("a", 1))
    await users.change_facts(item(), tell("a", 2), tell("b", 2))
    await users.change_facts(item(message(user="U2")), tell("a", "other"))
    assert small(await users.undo(item())).splitlines() == ["b: 2 → forgotten", "a: 2 → 1"]
    assert small(await users.undo(item())) == "a: 1 → forgotten"
    assert "nothing to undo" in (await users.undo(item())).text
    assert await stored(users) == {"a": "other"}


async def test_another_person_cannot_undo_it(users: Users) -> None:  # S112
    said = item()
    await users.change_facts(said, tell("location", "Paris"))
    reply = await users.undo(item(message(user="U2")), ref(said))
    assert reply.text.endswith("Only the person who made that change can undo it.")
    assert await stored(users) == {"location": "Paris"}


async def test_what_is_of_another_workspace_is_not_known(users: Users) -> None:  # S112
    said = item()
    await users.change_facts(said, tell("location", "Paris"))
    reply = await users.undo(item(message(user="U1", team="T2")), ref(said))
    assert "I know of no change" in reply.text


@pytest.mark.parametrize("said", ["AAAAAAAA", "nonsense", "' OR 1=1", "%", "AAAA\u0000AAA", "🌧" * 16])
async def test_a_reference_of_nothing_is_told_kindly(users: Users, said: str) -> None:
    assert "I know of no change" in (await users.undo(item(), said)).text


async def test_a_reference_may_be_typed_in_any_case(users: Users) -> None:
    said = item()
    await users.change_facts(said, tell("location", "Paris"))
    assert small(await users.undo(item(), f" {ref(said).lower()} ")) == "location: Paris → forgotten"


async def test_an_answer_that_changed_nothing_cannot_be_undone(users: Users) -> None:
    said = item()
    await users.answered(said, "sunny")
    assert "Nothing was changed" in (await users.undo(item(), ref(said))).text


async def test_what_changed_again_since_is_left_and_named(users: Users) -> None:
    said = item()
    await users.change_facts(said, tell("location", "Paris"), tell("a", 1))
    await users.change_facts(item(), tell("location", "Rome"))
    reply = await users.undo(item(), ref(said))
    assert "`location` changed again since then" in reply.text
    assert await stored(users) == {"location": "Rome", "a": 1}  # nothing of it was undone
    await users.change_facts(item(), tell("location", "Paris"))  # as it was left
    await users.undo(item(), ref(said))
    assert await stored(users) == {}


async def test_after_a_day_it_is_too_late(users: Users) -> None:
    said, other = item(), item()
    await users.change_facts(said, tell("location", "Paris"))
    await users.change_facts(other, tell("a", 1))
    await users.clock.advance(86_399)
    await users.undo(item(), ref(other))
    await users.clock.advance(1)
    assert "for a day" in (await users.undo(item(), ref(said))).text
    assert "nothing to undo" in (await users.undo(item(message(user="U2")))).text
    assert await stored(users) == {"location": "Paris"}


async def test_everything_forgotten_comes_back_with_its_history(users: Users) -> None:
    said, back = item(), item()
    await users.change_facts(item(), tell("location", "London"), tell("a", 1))
    await users.clock.advance(60)
    await users.change_facts(item(), tell("location", "Paris"))
    columns = [column for column in fact_history.c if column.name != "id"]
    before = [await users.rows(sa.select(facts)), await users.rows(sa.select(*columns).order_by(fact_history.c.id))]
    await users.change_facts(said, FactClear())
    assert small(await users.undo(back, ref(said))) == "everything about you: forgotten → 2 facts"
    after = [await users.rows(sa.select(facts)), await users.rows(sa.select(*columns).order_by(fact_history.c.id))]
    assert sorted(after[0]) == sorted(before[0])
    assert after[1] == before[1]
    assert small(await users.undo(item(), ref(back))) == "everything about you: 2 facts → forgotten"
    assert await stored(users) == {}
    assert await users.rows(sa.select(fact_history)) == []


async def test_what_was_told_since_everything_was_forgotten_is_not_overwritten(users: Users) -> None:
    said = item()
    await users.change_facts(item(), tell("a", 1))
    await users.change_facts(said, FactClear())
    await users.change_facts(item(), tell("b", 2))
    assert "`a`" not in (reply := await users.undo(item(), ref(said))).text
    assert "`b` changed again" in reply.text
    assert await stored(users) == {"b": 2}


async def test_one_who_is_no_admin_any_more_cannot_undo_for_the_workspace(users: Users) -> None:  # S112
    said = item(message(user="U5"))
    await users.claimed(said)
    person = (await users.context(item(message(user="U5")))).actor.person_id
    granted = {"installation_id": "slack:T1", "person_id": person, "role": "admin", "granted_by": "x", "created_at": START}
    await users.change(roles.insert().values(granted))
    await users.change(counters.insert().values(name="roles", value=1))
    said = item(message(user="U5"))
    await users.change_facts(said, tell("location", "Paris", "workspace"))
    await users.change(roles.delete())
    await users.change(counters.update().where(counters.c.name == "roles").values(value=2))
    assert "only its admins" in (await users.undo(item(message(user="U5")), ref(said))).text
    assert await stored(users) == {"location": "Paris"}


async def test_a_channels_fact_is_taken_back_from_inside_it(users: Users) -> None:
    said = item(message(channel="C1"))
    await users.change_facts(said, tell("location", "Paris", "channel"))
    for elsewhere in (message(channel="C2"), message(channel="D1", is_direct=True)):
        assert "from inside that channel" in (await users.undo(item(elsewhere), ref(said))).text
    assert small(await users.undo(item(message(channel="C1")), ref(said))) == "location (this channel): Paris → forgotten"


async def test_a_schedule_is_stopped_and_comes_back(users: Users) -> None:
    said, stopped = item(), item()
    (reply,) = await users.change_facts(said, SchedulePut(name="daily", timing=DAILY, command="notes"))
    assert "every day at 07:30" in small(reply)
    await users.change_facts(stopped, ScheduleDelete(name="daily"))
    assert "changed again" in (await users.undo(item(), ref(said))).text
    assert "every day at 07:30" in small(await users.undo(item(), ref(stopped)))
    assert "every day at 07:30" in small(await users.undo(item(), ref(said)))
    assert await users.rows(sa.select(schedules)) == []


async def test_the_same_undo_again_has_the_same_result_and_no_second_effect(users: Users) -> None:
    said, back = item(), item()
    await users.change_facts(said, tell("location", "Paris"))
    fence = await users.claimed(back)
    given = AnswerItem(message_id=back.message.message_id, fence=fence, outcome="answered", command="undo", undo=ref(said))
    first, again = await users.answer(given, given)
    assert first == again == (await users.answer(given))[0]
    assert len(first.replies) == 1
    assert [row.undone_by for row in await users.rows(sa.select(receipts).order_by(receipts.c.id))] == [given.message_id, None]
    assert len(await users.rows(sa.select(activity))) == 2


async def test_of_many_undos_at_once_one_wins(users: Users) -> None:
    said = item()
    await users.change_facts(said, tell("location", "Paris"))
    texts = [reply.text for reply in await asyncio.gather(*(users.undo(item(), ref(said)) for _ in range(8)))]
    assert sum(text.startswith("Done") for text in texts) == 1
    assert sum(text == "That was undone already." for text in texts) == 7
    assert await stored(users) == {}


async def test_two_undos_and_a_change_in_one_batch_see_each_other(users: Users) -> None:
    said = item()
    await users.change_facts(said, tell("location", "Paris"))
    batch = [item(), item(), item()]
    fences = [await users.claimed(one) for one in batch]
    more = [{"undo": ref(said)}, {"undo": ref(said)}, {"changes": [tell("location", "Rome")], "feature": "notes"}]
    given = [
        AnswerItem.model_validate({"message_id": one.message.message_id, "fence": fence, "outcome": "answered", **what})
        for one, fence, what in zip(batch, fences, more, strict=True)
    ]
    results = await users.answer(*given)
    replies = [(await users.read([ref.reply_id for ref in result.replies]))[0] for result in results]
    assert [small(reply) for reply in replies] == ["location: Paris → forgotten", "", "location: not set → Rome"]
    assert replies[1].text == "That was undone already."


async def test_room_that_was_filled_since_is_not_exceeded(users: Users) -> None:
    for start in (0, 50):
        await users.change_facts(item(), *(tell(f"n{number}", "x") for number in range(start, start + 50)))
    said = item()
    await users.change_facts(said, FactDelete(name="n7"))
    await users.change_facts(item(), tell("new", "x"))
    assert "no room" in (await users.undo(item(), ref(said))).text
    assert len(await stored(users)) == 100


async def test_a_receipt_that_nobody_can_read_any_more_is_too_old(users: Users) -> None:
    said = item()
    await users.change_facts(said, tell("a", 1))
    await users.change(receipts.update().values(inverse={"op": "fact.set", "name": "a"}))
    assert "for a day" in (await users.undo(item(), ref(said))).text
