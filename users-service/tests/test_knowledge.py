"""What a dispatcher may ask while it holds a message: the book of its person, an earlier message, reports (S2, S7, S112)."""

from typing import Any

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import FactClear, FactDelete, FactSet, Reply, SchedulePut
from jeeves_contracts.blocks import ButtonsBlock, Choice, ChoicesBlock, MenuBlock
from jeeves_contracts.delivery import AnswerItem, ClaimItem
from jeeves_contracts.ids import reference
from jeeves_contracts.knowledge import Book, KnownFact, Past, Reports
from jeeves_contracts.schedules import Rule, Timing
from jeeves_service.errors import ForbiddenError, PermanentError
from support.clock import START
from support.messages import item, message
from support.users import Users
from users_service.models import facts, messages, reports


def tell(name: str, value: Any, scope: str = "person") -> FactSet:
    return FactSet.model_validate({"name": name, "value": value, "scope": scope})


def ref(said: ClaimItem) -> str:
    return reference(said.message.message_id)


async def book(users: Users, **where: Any) -> Book:
    said = item(message(**where))
    return await users.book(said.message.message_id, await users.claimed(said))


async def fact(users: Users, name: str) -> KnownFact:
    (found,) = [one for one in (await book(users)).facts if one.name == name]
    return found


async def filed(users: Users, said: ClaimItem, which: str) -> str:
    more = {"feature": None, "command": "report", "report": which}
    (reply,) = await users.read(await users.answered(said, **more))
    assert reply.visibility == "ephemeral"
    return reply.text


async def listed(users: Users, **who: Any) -> Reports:
    said = item(message(**who))
    return await users.reports(said.message.message_id, await users.claimed(said))


async def test_the_book_has_what_is_known_of_the_person_the_channel_and_the_workspace(users: Users) -> None:
    await users.change_facts(item(message(user="UADMIN")), tell("a", "W", "workspace"), tell("a", "C", "channel"))
    await users.change_facts(item(message(user="UADMIN")), tell("secret", "x"))
    await users.change_facts(item(), tell("a", "P"))
    known = (await book(users)).facts
    assert [(one.name, one.scope, one.value) for one in known if one.scope == "person"] == [("a", "person", "P")]
    assert {(one.scope, one.value) for one in known} == {("person", "P"), ("channel", "C"), ("workspace", "W")}
    assert {one.scope for one in (await book(users, channel="C2")).facts} == {"person", "workspace"}
    assert {one.scope for one in (await book(users, is_direct=True)).facts} == {"person", "workspace"}
    assert (await book(users, team="T2")).facts == []


async def test_a_fact_tells_its_source_since_when_and_what_it_was(users: Users) -> None:
    for number in range(8):
        await users.change_facts(item(message(trigger="interaction")), tell("a", number))
        await users.clock.advance(60)
    a = await fact(users, "a")
    assert (a.value, a.source, a.since) == (7, "button", START.replace(minute=7))
    assert a.history == [Past(value=number, until=START.replace(minute=number + 1)) for number in (6, 5, 4, 3, 2)]


@pytest.mark.parametrize(
    ("trigger", "source"),
    [("message", "said"), ("slash_command", "said"), ("interaction", "button"), ("schedule", "schedule")],
)
async def test_how_a_fact_came_to_be_known(users: Users, trigger: str, source: str) -> None:
    await users.change_facts(item(message(trigger=trigger)), tell("a", 1))
    assert (await fact(users, "a")).source == source


async def test_a_fact_whose_message_is_erased_was_said(users: Users) -> None:
    await users.change_facts(item(message(trigger="interaction")), tell("a", 1))
    await users.change(facts.update().values(source="gone"))
    assert (await fact(users, "a")).source == "said"


async def test_what_was_forgotten_in_between_is_part_of_the_history(users: Users) -> None:
    await users.change_facts(item(), tell("a", 1))
    await users.change_facts(item(), FactDelete(name="a"))
    await users.change_facts(item(), tell("a", 2))
    assert [past.value for past in (await fact(users, "a")).history] == [None, 1]


async def test_a_zone_that_came_with_a_location_is_known_as_such_until_it_is_told_by_itself(users: Users) -> None:
    await users.change_facts(item(), tell("location", "Paris"), tell("timezone", "Europe/Paris"))
    assert (await fact(users, "timezone")).with_fact == "location"
    assert (await fact(users, "location")).with_fact is None
    changed = item()
    await users.change_facts(changed, tell("timezone", "Europe/London"))
    assert (await fact(users, "timezone")).with_fact is None
    await users.undo(item(), ref(changed))
    assert (await fact(users, "timezone")).with_fact == "location"


async def test_a_move_within_a_zone_leaves_it_one_that_came_with_the_location(users: Users) -> None:
    for place in ("Paris", "Lyon", "Nice"):
        await users.change_facts(item(), tell("location", place), tell("timezone", "Europe/Paris"))
    assert (await fact(users, "timezone")).with_fact == "location"


async def test_a_zone_of_the_channel_did_not_come_with_ones_own_location(users: Users) -> None:
    await users.change_facts(item(), tell("location", "Paris"), tell("timezone", "Europe/Paris", "channel"))
    assert (await fact(users, "timezone")).with_fact is None


async def test_a_book_with_much_in_it_stays_within_what_an_action_takes(users: Users) -> None:
    for number in range(8):
        for part in range(4):
            await users.change_facts(item(message(user="U7", trigger="slash_command")), *(
                tell(f"{name}", f"{number}" * 1500) for name in range(part * 10, part * 10 + 10)
            ))  # fmt: skip
        await users.clock.advance(60)
    whole = await book(users, user="U7")
    assert len(whole.facts) == 40
    assert 120_000 < len(whole.to_bytes()) < 160_000
    assert len(whole.facts[0].history) == 5


async def test_schedules_are_in_the_book(users: Users) -> None:
    timing = Timing(rule=Rule(cron="30 7 * * *", timezone="Europe/Paris"))
    await users.change_facts(item(), SchedulePut(name="daily", timing=timing, command="notes today"))
    (known,) = (await book(users)).schedules
    assert (known.feature, known.name, known.command, known.timing) == ("notes", "daily", "notes today", timing)
    assert (await book(users, user="U2")).schedules == []


@pytest.mark.parametrize("call", ["book", "recall", "reports"])
async def test_nothing_is_told_without_the_message_in_hand(users: Users, call: str) -> None:  # S112
    said = item()
    one, fence = said.message.message_id, await users.claimed(said)
    more = [ref(said)] if call == "recall" else []
    ask = getattr(users, call)
    await ask(one, fence, *more)
    for message_id, number in ((one, fence + 1), (one, 0), ("slack:T1:C1:0.0", 1)):
        with pytest.raises(PermanentError, match="409"):
            await ask(message_id, number, *more)
    again = await users.claimed(said)
    with pytest.raises(PermanentError, match="409"):
        await ask(one, fence, *more)
    await users.answer(AnswerItem(message_id=one, fence=again, outcome="answered"))
    with pytest.raises(PermanentError, match="409"):
        await ask(one, again, *more)
    with pytest.raises(ForbiddenError):
        await users.peer.call("/internal/v1/people/book", b"{}", scope="messages:claim")


async def test_a_person_is_reminded_of_their_own_message_only(users: Users) -> None:  # S112
    said, asks = item(message("wether in paris")), item()
    await users.answered(said, "?", feature="weather", command="weather")
    one, fence = asks.message.message_id, await users.claimed(asks)
    recalled = await users.recall(one, fence, ref(said).lower())
    assert (recalled.found, recalled.text, recalled.feature, recalled.command) == (
        True,
        "wether in paris",
        "weather",
        "weather",
    )
    assert not recalled.can_undo
    assert (recalled.reference, recalled.choices) == (ref(said), [])
    for other in (message(user="U2"), message(team="T2")):
        fence = await users.claimed(item(other))
        assert not (await users.recall(other.message_id, fence, ref(said))).found
    for nonsense in ("AAAAAAAA", "%", "x", "\u0000"):
        assert not (await users.recall(one, await users.claimed(asks), nonsense)).found


async def test_without_a_reference_it_is_the_last_message_here_that_an_action_answered(users: Users) -> None:
    async def recalled(**where: Any) -> str:
        asks = message("not what I meant", **where)
        return (await users.recall(asks.message_id, await users.claimed(item(asks)), "")).text

    assert await recalled() == ""
    await users.answered(item(message("one")), "x")
    await users.answered(item(message("two")), "x", feature=None)
    await users.answered(item(message("elsewhere", channel="C2")), "x")
    await users.answered(item(message("somebody else's", user="U2")), "x")
    assert await recalled() == "one"
    assert await recalled(channel="C2") == "elsewhere"
    await users.clock.advance(86_401)
    assert await recalled() == ""


async def test_what_was_erased_is_not_recalled(users: Users) -> None:
    said, asks = item(), item()
    await users.answered(said, "x")
    await users.change(messages.update().values(data=None))
    assert not (await users.recall(asks.message.message_id, await users.claimed(asks), ref(said))).found


async def test_recall_knows_what_can_still_be_undone(users: Users) -> None:
    said, asks = item(), item()
    await users.change_facts(said, tell("a", 1))
    one = asks.message.message_id
    assert (await users.recall(one, await users.claimed(asks), ref(said))).can_undo
    await users.clock.advance(86_400)
    assert not (await users.recall(one, await users.claimed(asks), ref(said))).can_undo
    other = item()
    await users.change_facts(other, tell("a", 2))
    await users.undo(item(), ref(other))
    assert not (await users.recall(one, await users.claimed(asks), ref(other))).can_undo


async def test_recall_tells_what_the_answer_offered_but_what_is_about_itself(users: Users) -> None:
    offered = [Choice(label=f"Paris {n}", command=f"weather in Paris {n}") for n in range(7)]
    about_itself = [Choice(label="x", command=command) for command in ("not what i meant ABCD2345", "report ABCD2345")]
    replies = [
        Reply(text="one", blocks=[ButtonsBlock(buttons=[*about_itself, *offered[:2]]), MenuBlock(choices=about_itself)]),
        Reply(text="two", blocks=[ChoicesBlock(prompt="Choose", choices=offered[2:])]),
    ]
    said, asks = item(), item()
    await users.change_facts(said, tell("a", 1), texts=(), replies=replies)  # with a button that undoes it
    found = await users.recall(asks.message.message_id, await users.claimed(asks), "")
    assert found.choices == offered[:5]
    assert (found.reference, found.can_undo) == (ref(said), True)


async def test_a_reported_answer_is_listed_for_the_admins_without_a_word(users: Users) -> None:
    said, failed = item(message("my secret")), item(message("another secret", user="U2"))
    await users.answered(said, "a secret answer", feature="weather", command="weather")
    await users.answered(failed, "sorry", feature="notes", command="notes", outcome="failed", reason="time-out")
    assert ref(said) in await filed(users, item(), ref(said))
    await users.clock.advance(60)
    assert "Thank you" in await filed(users, item(), ref(failed).lower())  # whoever's it was: it has no words
    await users.clock.advance(60)
    await filed(users, item(message(user="U2")), ref(said))
    found = await listed(users, user="UADMIN")
    assert found.allowed
    assert [(one.reference, one.feature, one.outcome, one.reason, one.at) for one in found.reports] == [
        (ref(said), "weather", "answered", "", START.replace(minute=2)),
        (ref(failed), "notes", "failed", "time-out", START.replace(minute=1)),
    ]
    assert "secret" not in found.to_bytes().decode()


async def test_a_report_made_again_is_one(users: Users) -> None:
    said = item()
    await users.answered(said, "x")
    for _ in range(3):
        assert "Thank you" in await filed(users, item(), ref(said))
    await filed(users, item(message(user="U2")), ref(said))
    assert len(await users.rows(sa.select(reports))) == 2
    assert len((await listed(users, user="UADMIN")).reports) == 1


async def test_reports_are_for_the_admins_of_that_workspace(users: Users) -> None:  # S112
    said = item()
    await users.answered(said, "x")
    assert "no answer with the reference" in await filed(users, item(message(team="T2")), ref(said))
    assert "no answer with the reference" in await filed(users, item(), "AAAAAAAA")
    await filed(users, item(), ref(said))
    assert not (await listed(users, user="U1")).allowed
    assert (await listed(users, user="UADMIN2", team="T2")).reports == []
    assert len((await listed(users, user="UOP")).reports) == 1


async def test_the_twenty_newest_reports_are_listed(users: Users) -> None:
    references = []
    for _ in range(22):
        said = item(message(trigger="slash_command"))
        await users.answered(said, "x")
        await filed(users, item(message(user=f"U{len(references)}")), ref(said))
        references.append(ref(said))
        await users.clock.advance(1)
    assert [one.reference for one in (await listed(users, user="UADMIN")).reports] == references[:1:-1]


async def test_a_cleared_book_is_empty(users: Users) -> None:
    await users.change_facts(item(), tell("a", 1))
    await users.change_facts(item(), FactClear())
    assert (await book(users)).facts == []
