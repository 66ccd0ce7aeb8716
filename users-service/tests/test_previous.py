"""A conversation goes on from what was answered before: in the same thread or direct conversation, for a quarter of an hour."""

from typing import Any

import pytest

from jeeves_contracts.delivery import AnswerItem, Previous
from support.messages import item, message
from support.users import Users

MEMO = {"place": {"name": "Paris", "latitude": 48.85}, "day": "tomorrow"}


async def answered(users: Users, said: Any, **more: Any) -> None:
    given = {"feature": "weather", "command": "weather", "memo": MEMO, **more}
    await users.read(await users.answered(item(said), "sunny", **given))


async def before(users: Users, said: Any) -> Previous | None:
    return (await users.context(item(said))).previous


async def test_what_comes_next_in_a_thread_knows_what_was_answered(users: Users) -> None:
    root = message("weather in Paris")
    await answered(users, root)
    follow_up = item(message("and tomorrow?", thread=root.conversation.thread_id))
    for _ in range(2):  # at first, and for whoever takes it over
        previous = (await users.context(follow_up)).previous
        assert previous == Previous(feature="weather", command="weather", memo=MEMO)


async def test_the_last_answer_counts(users: Users) -> None:
    root = message("weather in Paris")
    await answered(users, root)
    thread = root.conversation.thread_id
    await answered(users, message("in Rome?", thread=thread), memo={"place": "Rome"})
    await answered(users, message("gibberish", thread=thread), feature=None, command=None, memo={}, reason="hint")
    assert await before(users, message("x", thread=thread)) == Previous(reason="hint")


@pytest.mark.parametrize("other", [{"user": "U2"}, {"team": "T2"}, {"thread": "1.000001"}, {"thread": None}])
async def test_other_people_and_other_threads_do_not_know_it(users: Users, other: dict[str, Any]) -> None:
    root = message("weather in Paris")
    await answered(users, root)
    assert await before(users, message("and tomorrow?", **{"thread": root.conversation.thread_id, **other})) is None


async def test_a_direct_conversation_goes_on_at_its_top_level(users: Users) -> None:
    where = {"channel": "D1", "is_direct": True}
    await answered(users, message("weather in Paris", **where))
    found = await before(users, message("and tomorrow?", **where))
    assert found is not None
    assert found.memo == MEMO
    assert await before(users, message("and tomorrow?", channel="D1", is_direct=True, team="T2")) is None


async def test_a_thread_of_a_direct_conversation_is_one_of_its_own(users: Users) -> None:
    where = {"channel": "D1", "is_direct": True}
    root = message("weather in Paris", **where)
    await answered(users, root)
    await answered(users, message("weather in Rome", **where), memo={"place": "Rome"})
    found = await before(users, message("and tomorrow?", thread=root.conversation.thread_id, **where))
    assert found is not None
    assert found.memo == MEMO


async def test_the_thread_of_an_answer_goes_on_from_the_direct_conversation(users: Users) -> None:
    where = {"channel": "D1", "is_direct": True}
    await answered(users, message("weather in Paris", **where))
    first = message("and tomorrow?", thread="1.000001", **where)  # the root is the answer, which is nobody's message
    found = await before(users, first)
    assert found is not None
    assert found.memo == MEMO
    await answered(users, message("and tomorrow?", thread="1.000002", **where), memo={"day": "tomorrow"})
    await answered(users, message("weather in Rome", **where), memo={"place": "Rome"})
    found = await before(users, message("in celsius", thread="1.000002", **where))
    assert found is not None
    assert found.memo == {"day": "tomorrow"}
    assert await before(users, message("and?", thread="1.000001", channel="D2", user="U2", is_direct=True)) is None


async def test_a_direct_conversation_goes_on_from_what_a_schedule_brought(users: Users) -> None:
    run = message("weather in Oslo", trigger="schedule", channel="U1", is_direct=True)
    await answered(users, run)
    for thread in (None, "1.000001"):
        found = await before(users, message("and tomorrow?", channel="D1", is_direct=True, thread=thread))
        assert found is not None
        assert found.memo == MEMO
    assert await before(users, message("and tomorrow?", thread="1.000002")) is None  # in a channel
    assert await before(users, message("and tomorrow?", channel="D1", is_direct=True, team="T2")) is None
    assert await before(users, message("and tomorrow?", channel="D2", is_direct=True, user="U2")) is None


async def test_after_a_quarter_of_an_hour_it_is_over(users: Users) -> None:
    root = message("weather in Paris")
    await answered(users, root)
    follow_up = item(message("x", thread=root.conversation.thread_id))
    await users.clock.advance(899)
    assert (await users.context(follow_up)).previous is not None
    await users.clock.advance(1)
    assert (await users.context(follow_up)).previous is None


async def test_what_was_said_a_quarter_of_an_hour_before_is_over_however_fast_both_came(users: Users) -> None:
    root = message("weather in Paris")
    await answered(users, root)
    late = message("x", thread=root.conversation.thread_id, order=root.order + 900_000_001)
    assert await before(users, late) is None


async def test_only_what_was_said_before_counts(users: Users) -> None:
    root = message("weather in Paris")
    await answered(users, root)
    older = message("x", thread=root.conversation.thread_id, order=root.order - 1)
    assert await before(users, older) is None


async def test_a_batch_knows_what_came_before_each_of_its_messages(users: Users) -> None:
    roots = [message(user=f"U{number}", channel=f"C{number}") for number in range(20)]
    for number, root in enumerate(roots):
        await answered(users, root, memo={"number": number})
    direct = [message(user=f"U{number}", channel="D1", is_direct=True) for number in range(20)]
    follow = [message("x", user=f"U{n}", channel=f"C{n}", thread=root.conversation.thread_id) for n, root in enumerate(roots)]
    verdicts = await users.claim(*(item(one) for one in (*follow, *direct)))
    contexts = [verdict.context for verdict in verdicts if verdict.verdict == "yours"]
    assert [context.previous.memo if context.previous else None for context in contexts] == [
        *({"number": number} for number in range(20)), *([None] * 20)
    ]  # fmt: skip


@pytest.mark.parametrize("memo", [{"a": "x" * 4000}, {"a": ["ü"] * 1000}])
async def test_a_memo_has_4000_bytes(users: Users, memo: Any) -> None:
    said = item()
    fence = await users.claimed(said)
    given = AnswerItem(message_id=said.message.message_id, fence=fence, outcome="answered", memo=memo)
    (result,) = await users.answer(given)
    assert (result.state, result.told) == ("refused", False)
    assert "4000 bytes" in result.reason


async def test_a_memo_is_kept_without_what_no_database_keeps(users: Users) -> None:
    root = message()
    await answered(users, root, memo={"a\u0000": "b\u0000c"})
    found = await before(users, message("x", thread=root.conversation.thread_id))
    assert found is not None
    assert found.memo == {"a": "bc"}
