"""What came of a message is stored once, with all that it changes (S142, S53)."""

import asyncio
from collections import Counter

import sqlalchemy as sa

from jeeves_contracts.actions import FactDelete, FactSet, Reply, SettingSet
from jeeves_contracts.delivery import AnswerItem, SettleItem, Yours
from support.messages import item, message
from support.users import Users
from users_service.models import activity, fact_history, receipts


def answer(message_id: str, fence: int, *texts: str, **more: object) -> AnswerItem:
    given = {"outcome": "answered", "feature": "config", "replies": [Reply(text=text) for text in texts], **more}
    return AnswerItem.model_validate({"message_id": message_id, "fence": fence, **given})


async def test_an_answer_under_an_old_fence_is_stale_and_changes_nothing(users: Users) -> None:  # no-fence, stale-acked
    said = item()
    old = await users.claimed(said)
    new = await users.claimed(said)
    one = said.message.message_id
    (late,) = await users.answer(answer(one, old, "old", changes=[FactSet(name="location", value="Old")]))
    assert late.state == "stale"
    (good,) = await users.answer(answer(one, new, "new"))
    assert [ref.reply_id for ref in good.replies] == [f"{one}/1"]
    (verdict,) = await users.claim(item())
    assert isinstance(verdict, Yours)
    assert verdict.context.facts == {}


async def test_the_same_answer_again_has_the_same_result_and_no_second_effect(users: Users) -> None:
    said = item()
    fence = await users.claimed(said)
    one = said.message.message_id
    given = answer(one, fence, "a", "b", changes=[FactSet(name="location", value="Paris")])
    first, second = (await users.answer(given))[0], (await users.answer(given))[0]
    assert first == second
    assert first.state == "stored"
    assert len(first.replies) == 2
    assert len(await users.rows(sa.select(receipts))) == 1
    assert len(await users.rows(sa.select(activity))) == 1


async def test_an_answer_for_a_message_nobody_claimed_is_stale(users: Users) -> None:
    (result,) = await users.answer(answer("slack:T1:C1:1.1", 1, "x"))
    assert result.state == "stale"


async def test_changes_leave_receipts_with_what_undoes_them_and_history(users: Users) -> None:
    await users.answered(item(), changes=[FactSet(name="location", value="Paris")])
    await users.answered(item(), changes=[FactSet(name="location", value="Rome"), FactDelete(name="units")])
    await users.answered(item(), changes=[FactSet(name="location", value="Rome")])
    await users.answered(item(), changes=[FactDelete(name="location")])
    inverses = [row.inverse for row in await users.rows(sa.select(receipts.c.inverse).order_by(receipts.c.id))]
    sides = ("before", "after")
    kept = [{side: {name: fact["value"] for name, fact in one[side].items()} for side in sides} for one in inverses]
    assert kept == [  # nothing for what changed nothing
        {"before": {}, "after": {"location": "Paris"}},
        {"before": {"location": "Paris"}, "after": {"location": "Rome"}},
        {"before": {"location": "Rome"}, "after": {}},
    ]
    history = await users.rows(sa.select(fact_history.c.name, fact_history.c.value).order_by(fact_history.c.id))
    assert [tuple(row) for row in history] == [("location", "Paris"), ("location", "Rome"), ("location", None)]


async def test_a_change_that_breaks_a_rule_refuses_its_answer_and_no_other(users: Users) -> None:
    bad, good = item(), item(message(user="U2"))
    one, two = await users.claimed(bad), await users.claimed(good)
    results = await users.answer(
        answer(bad.message.message_id, one, "x", changes=[FactSet(name="a", value="1"), FactSet(name="b", value="x" * 20_000)]),
        answer(good.message.message_id, two, "y", changes=[FactSet(name="a", value="2")]),
    )
    assert [result.state for result in results] == ["refused", "stored"]
    assert results[0].told
    assert "2000 characters" in results[0].reason
    (verdict,) = await users.claim(item())
    assert isinstance(verdict, Yours)
    assert verdict.context.facts == {}  # the first change of the refused answer is undone with it
    (again,) = await users.answer(answer(bad.message.message_id, one, "sorry", outcome="failed"))
    assert again.state == "stored"


async def test_a_change_that_is_not_offered_is_refused_by_name(users: Users) -> None:
    said = item()
    fence = await users.claimed(said)
    (result,) = await users.answer(answer(said.message.message_id, fence, changes=[SettingSet(name="x", value=1)]))
    assert result.state == "refused"
    assert "setting.set" in result.reason


async def test_replies_count_on_after_an_earlier_apology(users: Users) -> None:
    from users_service.models import messages

    said = item()
    (apology,) = await users.answered(said, "sorry", outcome="failed")
    assert apology.endswith("/1")
    assert (await users.rows(sa.select(messages.c.state))) == [("failed",)]


async def test_a_begun_external_call_is_remembered_until_it_is_taken_back(users: Users) -> None:  # unmarked-external
    said = item()
    one, fence = said.message.message_id, await users.claimed(said)
    assert await users.begin(one, fence) == "noted"
    (doubt,) = await users.claim(said)
    assert isinstance(doubt, Yours)
    assert doubt.in_doubt
    assert await users.begin(one, fence) == "stale"
    assert await users.begin(one, doubt.fence, taken_back=True) == "noted"
    (clear,) = await users.claim(said)
    assert isinstance(clear, Yours)
    assert not clear.in_doubt


async def test_activity_holds_no_text(users: Users) -> None:  # S53
    await users.answered(item(message("my secret place")), "the secret answer", feature="weather", command="weather")
    (row,) = await users.rows(sa.select(activity))
    assert (row.feature, row.command, row.outcome, row.trigger) == ("weather", "weather", "answered", "message")
    assert "secret" not in repr(tuple(row))


async def test_an_answer_without_words_is_done_at_once(users: Users) -> None:  # S47
    said = item()
    assert await users.answered(said) == []
    assert (await users.claim(item(said.message)))[0].verdict == "done"
    assert await users.settle(SettleItem(reply_id=f"{said.message.message_id}/1", number=1, outcome="sent")) == ["stale"]


async def test_the_same_answer_twice_in_one_batch_has_one_result(users: Users) -> None:
    said = item()
    given = answer(said.message.message_id, await users.claimed(said), "a")
    first, second = await users.answer(given, given)
    assert first == second
    assert len(first.replies) == 1


async def test_a_fact_that_was_not_granted_to_the_action_is_not_set(users: Users) -> None:
    said = item()
    fence = await users.claimed(said)
    for more in (
        {"changes": [FactSet(name="birthday", value="x")]},
        {"feature": None, "changes": [FactDelete(name="location")]},
    ):
        (result,) = await users.answer(answer(said.message.message_id, fence, **more))
        assert result.state == "refused"
        assert "may not see or change" in result.reason


async def test_batches_that_change_the_same_people_in_another_order_do_not_block_each_other(users: Users) -> None:
    people = [f"U{n}" for n in range(8)]
    batches = []
    for order in (people, people[::-1]):
        items = [item(message(user=user)) for user in order]
        fences = [await users.claimed(one) for one in items]
        changes = [FactSet(name=name, value=str(len(batches))) for name in ("location", "units")]
        pairs = zip(items, fences, strict=True)
        batches.append([answer(one.message.message_id, fence, changes=changes) for one, fence in pairs])
    results = await asyncio.gather(*(users.answer(*batch) for batch in batches))
    assert {result.state for batch in results for result in batch} == {"stored"}
    inverses = [row.inverse for row in await users.rows(sa.select(receipts.c.inverse))]
    assert Counter(bool(one["before"]) for one in inverses) == {False: 16, True: 16}  # each saw what the other did
