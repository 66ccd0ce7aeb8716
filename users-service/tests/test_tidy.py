"""What was forgotten is gone for good after a day (S7)."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from jeeves_contracts.actions import FactClear, FactDelete, FactSet
from support.eventually import succeeds
from support.messages import item, message
from support.users import Users
from users_service.models import fact_history, facts, messages, receipts, replies


def tell(name: str, value: Any) -> FactSet:
    return FactSet(name=name, value=value)


async def everything(users: Users) -> str:
    """All rows of whatever may hold what was told, but what was said and answered."""
    return repr([await users.rows(sa.select(table)) for table in (facts, fact_history, receipts)])


async def test_a_day_later_no_trace_is_left_of_what_was_forgotten(users: Users) -> None:
    await users.change_facts(item(), tell("birthday", "my secret day"))
    await users.change_facts(item(), tell("birthday", "another secret day"))
    await users.change_facts(item(), FactClear())
    await users.change_facts(item(), tell("shoe size", "a secret size"))
    await users.change_facts(item(), FactDelete(name="shoe size"))
    await users.change_facts(item(), tell("kept", "what stays"))
    assert (await everything(users)).count("secret") > 4
    await users.clock.advance(86_401)

    async def gone() -> None:
        assert "secret" not in await everything(users)
        assert "birthday" not in await everything(users)

    await succeeds(gone, AssertionError)
    assert len(await users.rows(sa.select(receipts))) == 6  # that something was changed is still known
    assert [row.value for row in await users.rows(sa.select(facts))] == ["what stays"]
    assert [row.value for row in await users.rows(sa.select(fact_history))] == ["what stays"]


async def test_what_can_still_be_undone_is_left_alone(users: Users) -> None:
    await users.change_facts(item(), tell("a", "old"))
    await users.clock.advance(80_000)
    await users.change_facts(item(), FactDelete(name="a"))
    await users.clock.advance(6_401)

    async def tidied() -> None:
        rows = await users.rows(sa.select(receipts).order_by(receipts.c.id))
        assert [row.inverse is None for row in rows] == [True, False]

    await succeeds(tidied, AssertionError)
    assert "old" in str((await users.undo(item())).blocks)
    assert {row.name for row in await users.rows(sa.select(facts))} == {"a"}
    history = await users.rows(sa.select(fact_history).where(fact_history.c.name == "a").order_by(fact_history.c.id))
    assert [row.value for row in history] == ["old", None, "old"]


async def test_thousands_of_receipts_are_emptied_in_parts(users: Users) -> None:
    said = item()
    await users.answered(said, "x")
    (person,) = [row.person_id for row in await users.rows(sa.select(messages.c.person_id))]
    row = {"message_id": said.message.message_id, "person_id": person, "change": {"a": 1}, "inverse": {"a": 1}}
    await users.change(receipts.insert().values([{**row, "created_at": users.clock.now()} for _ in range(1200)]))
    await users.clock.advance(86_401)

    async def empty() -> None:
        left = sa.select(sa.func.count()).select_from(receipts).where(receipts.c.inverse.is_not(None))
        assert await users.rows(left) == [(0,)]

    await succeeds(empty, AssertionError)


async def test_a_receipt_that_was_made_before_an_older_one_is_emptied_too(users: Users) -> None:
    said = item()
    await users.answered(said, "x")
    (person,) = [row.person_id for row in await users.rows(sa.select(messages.c.person_id))]
    row = {"message_id": said.message.message_id, "person_id": person, "change": {"a": 1}, "inverse": {"a": 1}}
    now = users.clock.now()
    for at in (now + timedelta(seconds=9), now - timedelta(seconds=9)):  # two replicas, whose clocks differ
        await users.change(receipts.insert().values({**row, "created_at": at}))

    async def emptied(*which: bool) -> None:
        rows = await users.rows(sa.select(receipts.c.inverse).order_by(receipts.c.id))
        assert [row.inverse is None for row in rows] == list(which)

    await users.clock.advance(86_400)
    await succeeds(lambda: emptied(False, True), AssertionError)

    async def at_the_next_hour() -> None:
        await users.clock.advance(3_601)
        await emptied(True, True)

    await succeeds(at_the_next_hour, AssertionError)


async def test_replies_keep_what_they_said(users: Users) -> None:
    await users.change_facts(item(message("my birthday is 3 May")), tell("birthday", "3 May"))
    await users.clock.advance(90_000)
    assert "3 May" in repr(await users.rows(sa.select(replies.c.content)))  # erased with its message, not before
