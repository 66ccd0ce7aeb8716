"""Everything about somebody is erased in one request, or one sentence (S7, S112, S125)."""

import json

import sqlalchemy as sa

from jeeves_contracts.actions import FactSet
from jeeves_contracts.blocks import ButtonsBlock
from jeeves_contracts.delivery import Over, Settled, TakeItem
from support.api import Api
from support.eventually import succeeds
from support.messages import item, message
from support.privacy import WORD, erase_in_chat, erasing, left, live, person_of, said
from support.users import Users
from users_service.models import activity, audit, facts, identities, messages, people, replies

USER = "UERASED"


async def erased(api: Api, person: str, **more: str) -> None:
    told = await api.operator("POST", f"/people/{person}/erasure", {"confirm": person}, **more)
    assert told.status == 200, told


async def test_after_an_erasure_no_column_of_any_table_has_their_words_or_ids(api: Api) -> None:  # S7
    person = await live(api, USER)
    others = await live(api, "UOTHER")
    before = await left(api.users, "UOTHER", others)
    told = await api.person("POST", f"/people/{person}/erasure", {"confirm": person}, user=USER)
    assert told.status == 200
    assert told.json["facts"] == 1
    assert told.json["schedules"] == 1
    assert told.json["messages"] > 5
    assert await left(api.users, USER) == {}
    assert set(await left(api.users, person)) == {"people.id", "messages.person_id"}  # of rows without anything, for days
    assert await left(api.users, "UOTHER", others) == before  # nobody else's is touched
    assert (await api.person("GET", "/me", user=USER)).status == 401  # their token ended with it


async def test_eight_days_later_nothing_at_all_is_left_and_nothing_is_counted_less(api: Api) -> None:
    users = api.users
    person = await live(api, USER)
    done = len(await users.rows(sa.select(activity)))
    await erased(api, person)
    await users.clock.advance(8 * 86_400 + 3_700)

    async def gone() -> None:
        assert await left(users, USER, person, WORD) == {}

    await succeeds(gone, AssertionError)
    assert await users.rows(sa.select(people).where(people.c.erased_at.is_not(None))) == []
    rows = await users.rows(sa.select(activity))
    assert len(rows) == done
    assert len({row.person_id for row in rows}) == 1  # by nobody who is known, but by one


async def test_it_is_not_done_by_slip_nor_by_others(api: Api) -> None:  # S112
    person = await person_of(api.users, USER)
    path = f"/people/{person}/erasure"
    assert (await api.person("POST", path, {"confirm": person}, user="UOTHER")).status == 404
    assert (await api.admin("POST", path, {"confirm": person})).status == 403
    wrong = await api.operator("POST", path, {"confirm": person[:-1]})
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (422, "confirm")
    assert (await api.operator("POST", path, {})).status == 422
    assert len(await api.users.rows(sa.select(identities).where(identities.c.user_id == USER))) == 1
    await erased(api, person)
    assert (await api.operator("POST", path, {"confirm": person})).status == 404


async def test_in_chat_they_are_asked_first_and_told_what_would_go(users: Users) -> None:
    await users.change_facts(item(message(user=USER)), FactSet(name="a", value=1))
    asking, asked = erasing(users, USER, confirmed=False)
    (reply,) = await users.read(await users.answered(asking, **asked))
    assert "1 fact, 0 schedules, 2 messages and 1 answer" in reply.text
    (buttons,) = [block.buttons for block in reply.blocks if isinstance(block, ButtonsBlock)]
    assert [(one.command, one.style) for one in buttons] == [
        ("delete everything about me now", "danger"),
        ("export my data", "plain"),
    ]
    assert len(await users.rows(sa.select(facts))) == 1


async def test_in_chat_the_answer_is_still_sent_and_then_forgotten(api: Api) -> None:
    users = api.users
    person = await live(api, USER)
    replies_ = await erase_in_chat(users, USER)
    assert await left(users, WORD) == {}
    assert await left(users, USER) == {"messages.data": 1}  # where the answer goes
    (reply,) = await users.read(list(replies_))
    assert reply.text.startswith("Done")
    await users.clock.advance(61)

    async def gone() -> None:
        assert await left(users, USER, "delete everything") == {}
        assert person not in {row.person_id for row in await users.rows(sa.select(activity))}

    await succeeds(gone, AssertionError)


async def test_an_answer_that_nobody_can_send_is_forgotten_after_a_day(users: Users) -> None:
    await person_of(users, USER)
    (reply,) = await erase_in_chat(users, USER)
    await users.clock.advance(86_400 + 61)

    async def gone() -> None:
        assert await left(users, USER, "delete everything") == {}

    await succeeds(gone, AssertionError)
    assert await users.take(TakeItem(reply_id=reply)) == [Settled()]


async def test_who_speaks_again_begins_anew(users: Users) -> None:
    await users.change_facts(item(message(user=USER)), FactSet(name="birthday", value=WORD))
    await users.read(list(await erase_in_chat(users, USER)))
    await users.clock.advance(100)
    again = said(users, "hello", user=USER)
    context = await users.context(again)
    assert (context.actor.roles, context.facts) == (["member"], {})
    (reply,) = await users.read(await users.answered(said(users, user=USER), "Sunny."))
    assert reply.text.startswith("Hello! I am Jeeves")
    assert await left(users, WORD) == {"messages.data": 1}  # what was said since


async def test_what_was_said_before_is_not_taken_up_again(api: Api) -> None:
    users = api.users
    person = await person_of(users, USER)
    late, done = said(users, user=USER), said(users, user=USER)
    await users.answered(done, "x")
    await erased(api, person)
    verdicts = await users.claim(late, done, item(done.message), item(late.message, yielded=True))
    assert [verdict for verdict in verdicts if not isinstance(verdict, Over)] == []
    assert await left(users, USER, WORD) == {}
    await users.clock.advance(100)
    await users.claimed(said(users, "anew", user=USER))
    assert isinstance((await users.claim(late))[0], Over)  # also when they are known again
    assert await left(users, WORD) == {}


async def test_what_dies_after_an_erasure_is_not_kept(api: Api) -> None:
    users = api.users
    from support.messages import envelope

    person = await person_of(users, USER)
    dead = envelope(message(f"dead {WORD}", user=USER, received_at=users.clock.now())).to_bytes()
    await erased(api, person)
    await users.bus.send("dead", dead)
    await users.bus.send("dead", b"nonsense")

    async def kept() -> None:
        found = await users.rows(sa.text("SELECT count(*) FROM dead_letters"))
        assert found[0][0] == 1

    await succeeds(kept, AssertionError)
    assert await left(users, USER, WORD) == {}


async def test_what_waits_to_be_sent_is_given_up(api: Api) -> None:
    users = api.users
    person = await person_of(users, USER)
    pending = await users.answered(said(users, user=USER), "one", "two")
    await users.take(TakeItem(reply_id=pending[0]))
    await erased(api, person)
    results = await users.take(*(TakeItem(reply_id=one) for one in pending), TakeItem(reply_id=pending[0], number=1))
    assert results == [Settled()] * 3
    states = await users.rows(sa.select(replies.c.state, replies.c.content))
    assert states == [("refused", None)] * 2


async def test_a_deactivated_person_stays_deactivated_and_nameless(api: Api) -> None:  # S125
    users = api.users
    person = await person_of(users, USER)
    await users.change(people.update().where(people.c.id == person).values(is_active=False, name=WORD))
    await erased(api, person)
    assert await left(users, USER, WORD) == {}
    await users.clock.advance(9 * 86_400)

    async def tidied() -> None:
        (row,) = await users.rows(sa.select(people).where(people.c.id == person))
        assert (row.is_active, row.erased_at, row.name) == (False, None, None)
        assert await users.rows(sa.select(messages)) == []

    await succeeds(tidied, AssertionError)
    assert (await users.context(said(users, user=USER))).actor.roles == []


async def test_the_log_of_changes_stays_and_names_nobody(api: Api) -> None:
    users = api.users
    await live(api, USER)
    entries = len(await users.rows(sa.select(audit)))
    person = await person_of(users, USER)
    await erased(api, person)
    rows = await users.rows(sa.select(audit).order_by(audit.c.id))
    assert len(rows) == entries + 1
    assert (rows[-1].action, rows[-1].subject, rows[-1].actor.startswith("token operator")) == (
        "person.erase", "an erased person", True,
    )  # fmt: skip
    (switched,) = [row for row in rows if row.action == "feature.switch"]
    assert (switched.actor, switched.person_id, switched.after) == ("an erased person", None, {"enabled": False})
    assert WORD not in json.dumps([[row.actor, row.subject, row.before, row.after] for row in rows])


async def test_a_person_of_the_same_id_in_another_workspace_is_another(api: Api) -> None:  # S112
    users = api.users
    here, there = await person_of(users, USER), await person_of(users, USER, team="T2")
    asked = {"workspace_id": "T2", "user_id": USER, "command": "help"}
    assert (await api.operator("POST", "/jobs", asked, Idempotency_Key="k")).status == 202
    before = await left(users, there, f"T2:{USER}")
    await erased(api, here)
    assert await left(users, there, f"T2:{USER}") == before
    assert len(await users.rows(sa.select(identities).where(identities.c.user_id == USER))) == 1
    assert (await users.context(said(users, user=USER, team="T2"))).actor.person_id == there


async def test_what_was_merged_into_them_goes_too(api: Api) -> None:
    users = api.users
    person, other = await person_of(users, USER), await person_of(users, "UOLD")
    await users.change(identities.update().where(identities.c.person_id == other).values(person_id=person))
    await users.change(people.update().where(people.c.id == other).values(merged_into=person))
    await erased(api, other)  # by the old id, too
    assert await left(users, USER, "UOLD") == {}
    await users.clock.advance(100)
    first, second = [(await users.context(said(users, user=user))).actor.person_id for user in (USER, "UOLD")]
    assert first != second  # each begins anew


async def test_the_same_request_again_is_answered_the_same_and_names_nobody(api: Api) -> None:
    person = await person_of(api.users, USER)
    first, again = [
        await api.operator("POST", f"/people/{person}/erasure", {"confirm": person}, Idempotency_Key="k") for _ in range(2)
    ]
    assert (first.status, again.status, first.json) == (200, 200, again.json)
    assert person not in first.body.decode()
