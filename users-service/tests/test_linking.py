"""Two accounts become one person when both have said so (S17, S112)."""

import asyncio
import json
import re
from typing import Any

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import Change, FactSet, Reply
from jeeves_contracts.asks import LinkAsk
from jeeves_contracts.delivery import AnswerItem
from support.api import Api
from support.messages import item, message
from support.people import code_in, joined, link, spoken
from support.scheduling import Office
from support.users import Users
from users_service import models
from users_service.models import audit, facts, merges, messages, people, roles
from users_service.repository import joining
from users_service.service.merging import ALPHABET, LETTERS

ONE, OTHER = ("U1", "T1"), ("U2", "T2")


async def fact(users: Users, who: tuple[str, str], **told: str) -> None:
    """Somebody tells Jeeves something."""
    changes = [FactSet(name=name, value=value) for name, value in told.items()]
    await users.answered(item(message(user=who[0], team=who[1])), "Noted.", changes=changes)


async def known(users: Users, who: tuple[str, str]) -> dict[str, object]:
    """Return what is known when somebody speaks."""
    return dict((await users.context(item(message(user=who[0], team=who[1])))).facts)


def test_a_code_is_long_and_its_letters_are_not_mistaken() -> None:
    assert len(ALPHABET) ** LETTERS > 2**40
    assert not set("01OILU") & set(ALPHABET)


async def test_two_accounts_become_one_person_in_three_steps(users: Users) -> None:
    await spoken(users, *ONE, name="Ada")
    await fact(users, OTHER, location="Paris")
    begun = await link(users, *ONE)
    asked = await link(users, *OTHER, code_in(begun).lower().replace("-", " "))
    assert "Ada (U1 in the Slack workspace T1)" in asked
    assert await known(users, ONE) == {}
    done = await link(users, *ONE, code_in(asked))
    assert done == "Done: U2 (U2 in the Slack workspace T2) and you are one person now. What I know of one, I know of both."
    assert await known(users, ONE) == await known(users, OTHER) == {"location": "Paris"}
    (told,) = await users.show(item(message(user="U2", team="T2")), "whoami")
    assert "You are *Ada*: U2 in the Slack workspace T2." in told.text
    assert "That is one person with U1 in the Slack workspace T1." in told.text


async def test_where_both_had_told_something_the_first_stays_and_is_named(users: Users) -> None:
    await fact(users, ONE, location="Rome", a="1")
    await fact(users, OTHER, location="Paris")
    await fact(users, OTHER, units="metric")
    assert "Both had told me `location`: what this account said stays." in await joined(users, ONE, OTHER)
    assert await known(users, OTHER) == {"location": "Rome", "a": "1", "units": "metric"}
    undone = await users.undo(item(message(user="U2", team="T2")))
    assert "units: metric → forgotten" in undone.text
    assert await known(users, OTHER) == {"location": "Rome", "a": "1"}


async def test_codes_are_kept_as_digests_and_told_to_their_person_alone(users: Users) -> None:
    code = code_in(await link(users, *ONE))
    (row,) = await users.rows(sa.select(merges))
    assert not [value for value in row if code.replace("-", "") in str(value).upper()]
    await link(users, *ONE)
    (again,) = await users.rows(sa.select(merges))  # whoever begins anew has one code, and not two
    assert again.digest != row.digest
    done = await joined(users, ONE, OTHER)
    assert "Done" in done
    assert await users.rows(sa.select(merges)) == []
    noted = await users.rows(sa.select(audit).where(audit.c.action == "person.link").order_by(audit.c.id))
    assert [(row.action, row.actor, row.installation_id) for row in noted] == [
        ("person.link", "T1:U1", "slack:T1"), ("person.link", "T2:U2", "slack:T2"),
    ]  # fmt: skip
    assert not re.search(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}", json.dumps([[row.before, row.after] for row in noted]))


async def test_a_code_ends_after_ten_minutes_and_is_good_once(users: Users) -> None:
    old = code_in(await link(users, *ONE))
    await users.clock.advance(600)
    assert "no such code" in await link(users, *OTHER, old)
    begun = code_in(await link(users, *ONE))
    asked = code_in(await link(users, *OTHER, begun))
    assert "no such code" in await link(users, "U3", "T2", begun)
    assert "no such code" in await link(users, "U3", "T2", asked)
    assert "from the account in which you said" in await link(users, *OTHER, asked)
    assert "Done" in await link(users, *ONE, asked)
    assert "no such code" in await link(users, *ONE, asked)


async def test_the_same_account_cannot_take_both_sides(users: Users) -> None:
    code = code_in(await link(users, *ONE))
    assert "the account that asked for this code" in await link(users, *ONE, code)
    assert "Done" in await joined(users, ONE, OTHER)
    code = code_in(await link(users, *ONE))
    assert "the account that asked for this code" in await link(users, *OTHER, code)


async def test_who_guesses_has_five_wrong_codes_an_hour(users: Users) -> None:
    code = code_in(await link(users, *ONE))
    for n in range(5):
        assert "no such code" in await link(users, *OTHER, f"WRN-GWR-NG{n + 2}")
    refused = await link(users, *OTHER, code)
    assert refused == "That were too many wrong codes. Try again in 60 minutes."
    assert "That code is from" in await link(users, "U3", "T2", code)
    await users.clock.advance(3600)
    assert "no such code" in await link(users, *OTHER, "XXX-XXX-XXX")
    assert "That code is from" in await link(users, *OTHER, code_in(await link(users, *ONE)))


async def test_two_who_give_one_code_at_once_do_not_both_go_on(users: Users) -> None:
    code = code_in(await link(users, *ONE))
    for user in ("U2", "U3"):
        await spoken(users, user, "T2")
    told = await asyncio.gather(*(link(users, user, "T2", code) for user in ("U2", "U3")))
    assert sorted("That code is from" in text for text in told) == [False, True]


async def test_tokens_of_the_second_end_and_roles_stay_where_they_were_granted(api: Api) -> None:
    users = api.users
    for who in (ONE, OTHER):
        person = await spoken(users, *who)
        await api.person("GET", "/me", user=who[0], workspace=who[1])
    await api.operator("PUT", f"/installations/slack:T2/admins/{person}")
    await joined(users, ONE, OTHER)
    assert (await api.person("GET", "/me")).json["admin_of"] == ["slack:T2"]
    assert (await api.person("GET", "/me", user="U2", workspace="T2")).status == 401
    assert (await users.context(item(message(user="U1")))).actor.roles == ["member"]
    assert (await users.context(item(message(user="U2", team="T2")))).actor.roles == ["member", "admin"]
    (row,) = await users.rows(sa.select(roles))
    assert row.installation_id == "slack:T2"


async def test_each_admin_sees_their_own_side_only(api: Api) -> None:  # S17, S112
    users = api.users
    first = await spoken(users, *ONE, name="Ada", email="ada@one.example")
    second = await spoken(users, *OTHER, name="Countess", email="ada@other.example")
    await joined(users, ONE, OTHER)
    await users.claimed(item(message(user="U2", team="T2", name="Countess", email="ada@other.example")))
    for place, mine, hidden in (("slack:T1", "U1", ("T2", "U2", "other")), ("slack:T2", "U2", ("T1", "U1", "one.example"))):
        for path in (f"/people/{first}", f"/people/{first}/identities", "/people", "/people?q=c", "/people?q=ada"):
            body = (await api.admin("GET", path, of=place)).body.decode()
            assert not [word for word in (*hidden, "Countess", "Ada") if word in body], (place, path, body)
        told = (await api.admin("GET", f"/people/{first}", of=place)).json
        assert [one["user_id"] for one in told["identities"]] == [mine]
        refused = await api.admin("PATCH", f"/people/{first}", {"is_active": False}, of=place)
        assert (refused.status, refused.json["policy"]) == (403, "people-write")
    assert (await api.operator("GET", f"/people/{second}")).status == 404
    assert len((await api.operator("GET", f"/people/{first}")).json["identities"]) == 2
    assert (await api.operator("PATCH", f"/people/{first}", {"is_active": False})).status == 200


async def test_what_was_claimed_just_before_is_theirs_too(users: Users) -> None:
    """An answer to the second's message is stored after the merge, and one whose claim had read the old number."""
    first, second = await spoken(users, *ONE), await spoken(users, *OTHER)
    held = item(message(user="U2", team="T2"))
    fence = await users.claimed(held)
    await joined(users, ONE, OTHER)
    given: dict[str, Any] = {"outcome": "answered", "feature": "config", "replies": [Reply(text="Noted.")]}
    changes: list[Change] = [FactSet(name="location", value="Paris")]
    await users.answer(AnswerItem(message_id=held.message.message_id, fence=fence, changes=changes, **given))
    assert await known(users, ONE) == {"location": "Paris"}

    late = item(message(user="U2", team="T2"))
    fence = await users.claimed(late)
    await users.change(sa.update(messages).where(messages.c.message_id == late.message.message_id).values(person_id=second))
    changes = [FactSet(name="units", value="metric")]
    await users.answer(AnswerItem(message_id=late.message.message_id, fence=fence, changes=changes, **given))
    assert await known(users, ONE) == {"location": "Paris", "units": "metric"}
    await users.clock.advance(601)
    await known(users, ONE)
    (shell,) = await users.rows(sa.select(people).where(people.c.id == second))
    assert (shell.merged_into, shell.merged_at) == (first, None)
    assert await users.rows(sa.select(facts).where(facts.c.subject == second)) == []


async def test_three_accounts_are_one_person_whatever_the_order(users: Users) -> None:
    third = ("U3", "T3")
    await fact(users, third, a="3")
    await fact(users, OTHER, b="2")
    await joined(users, OTHER, third)
    await joined(users, ONE, OTHER)
    assert await known(users, ONE) == await known(users, third) == {"a": "3", "b": "2"}
    assert len({row.merged_into for row in await users.rows(sa.select(people)) if row.merged_into}) == 1


async def test_an_answer_in_the_same_batch_as_the_merge_is_theirs(users: Users) -> None:
    await spoken(users, *ONE)
    begun = code_in(await link(users, *ONE))
    asked = code_in(await link(users, *OTHER, begun))
    last, beside = item(message(user="U1")), item(message(user="U2", team="T2"))
    fences = [await users.claimed(one) for one in (last, beside)]
    given: dict[str, Any] = {"outcome": "answered", "replies": [Reply(text="Noted.")]}
    stored = await users.answer(
        AnswerItem(message_id=last.message.message_id, fence=fences[0], command="link", ask=LinkAsk(code=asked), **given),
        AnswerItem(
            message_id=beside.message.message_id, fence=fences[1], feature="config",
            changes=[FactSet(name="location", value="Paris")], **given,
        ),
    )  # fmt: skip
    assert [one.state for one in stored] == ["stored", "stored"]
    assert await known(users, ONE) == {"location": "Paris"}


async def test_schedules_that_both_have_are_kept_once_and_all_go_on(desk: Office) -> None:
    await desk.put(command="weather in Rome")
    await desk.put(user="U2")
    await desk.put("evening-weather", user="U2")

    async def say(user: str, code: str = "") -> str:
        said = item(message(user=user))
        await desk.say(said=said, feature=None, command="link", replies=[], ask=LinkAsk(code=code))
        query = sa.select(models.replies.c.content).where(models.replies.c.message_id == said.message.message_id)
        ((content,),) = await desk.rows(query)
        return str(content["text"])

    asked = await say("U2", code_in(await say("U1")))
    assert "Schedules that both had are kept once" in await say("U1", code_in(asked))
    kept = await desk.rows(sa.select(models.schedules).order_by(models.schedules.c.name))
    assert [(row.name, row.command) for row in kept] == [
        ("evening-weather", "weather in Paris"), ("morning-weather", "weather in Rome"),
    ]  # fmt: skip
    await desk.until("2026-11-26T06:30Z")
    runs = (await desk.lease()).runs
    assert sorted(run.job.identity.user_id for run in runs) == ["U1", "U2"]


@pytest.mark.parametrize("table", models.metadata.sorted_tables, ids=lambda table: table.name)
def test_everything_that_has_a_person_moves(table: sa.Table) -> None:
    """A new table with a person in it must say what becomes of it when two become one."""
    moving = {*joining.PLAIN, *(one for one, _ in joining.ONE_OF_A_KIND)}
    stays = {models.people, models.audit, models.merges}  # people are the shells, the audit log stays true, merges end
    refers = "person_id" in table.c or any(key.column.table is models.people for key in table.foreign_keys)
    assert (table in moving) == (refers and table not in stays)
