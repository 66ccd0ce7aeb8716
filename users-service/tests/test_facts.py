"""What people tell Jeeves: whose it is, which one counts, what cannot be kept (S2, S41, S112, P14)."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import FactClear, FactDelete, FactSet
from jeeves_contracts.delivery import AnswerAnswer
from support.messages import item, message
from support.users import Users
from users_service.models import fact_history, facts, people


def tell(name: str, value: Any, scope: str = "person") -> FactSet:
    return FactSet.model_validate({"name": name, "value": value, "scope": scope})


async def test_the_persons_own_counts_before_the_channels_before_the_workspaces(users: Users) -> None:
    admin = {"user": "UADMIN", "channel": "C1"}
    await users.change_facts(item(message(**admin)), tell("units", "imperial", "workspace"), tell("location", "W", "workspace"))
    await users.change_facts(item(message(**admin)), tell("location", "C", "channel"), tell("a", 1, "channel"))
    await users.change_facts(item(message(user="U1")), tell("location", "P"))

    async def seen(user: str, channel: str, **more: Any) -> dict[str, Any]:
        return (await users.context(item(message(user=user, channel=channel, **more)))).facts

    assert await seen("U1", "C1") == {"location": "P", "units": "imperial", "a": 1}
    assert await seen("U2", "C1") == {"location": "C", "units": "imperial", "a": 1}
    assert await seen("U2", "C2") == {"location": "W", "units": "imperial"}
    assert await seen("U2", "C1", is_direct=True) == {"location": "W", "units": "imperial"}
    assert await seen("U2", "C1", team="T2") == {}


async def test_facts_that_no_action_was_granted_by_name_stay_at_home(users: Users) -> None:
    await users.change_facts(item(), tell("birthday", "3 May"), tell("language", "de"), tell("units", "metric"))
    context = await users.context(item())
    assert context.facts == {"units": "metric"}
    assert context.actor.locale == "de"  # which is part of who somebody is


@pytest.mark.parametrize(
    ("scope", "where", "why"),
    [
        ("workspace", {"user": "U1"}, "only be changed by its admins"),
        ("workspace", {"user": "UADMIN2", "team": "T1"}, "only be changed by its admins"),
        ("channel", {"user": "UADMIN", "is_direct": True}, "from inside that channel"),
    ],
)
async def test_who_may_not_change_what_others_share_is_told_so(users: Users, scope: str, where: Any, why: str) -> None:  # S112
    for change in (tell("location", "X", scope), FactDelete(name="location", scope=scope), FactClear(scope=scope)):
        assert why in await users.refused(item(message(**where)), change)
    assert await users.rows(sa.select(facts)) == []


async def test_an_admin_at_home_is_a_member_as_a_guest(users: Users) -> None:  # S112
    said = message(user="UADMIN2", team="T2")
    shared = said.conversation.model_copy(update={"installation_id": "slack:T1"})
    guest = said.model_copy(update={"conversation": shared, "message_id": "slack:T1:C1:9.9"})
    assert (await users.context(item(said))).actor.roles == ["member", "admin"]
    assert (await users.context(item(guest))).actor.roles == ["member"]
    again = guest.model_copy(update={"message_id": "slack:T1:C1:9.8"})
    assert "admins" in await users.refused(item(again), tell("location", "X", "workspace"))


async def test_an_operator_may_change_any_workspace(users: Users) -> None:
    await users.change_facts(item(message(user="UOP")), tell("location", "X", "workspace"))
    assert (await users.context(item(message(user="U9")))).facts == {"location": "X"}


async def test_only_an_action_that_was_granted_everything_may_forget_everything(users: Users) -> None:
    assert "may not forget everything" in await users.refused(item(), FactClear(), feature="config")


async def test_everything_is_forgotten_with_its_history(users: Users) -> None:  # S7
    await users.change_facts(item(), tell("location", "London"), tell("shoe size", 42))
    await users.change_facts(item(), tell("location", "Paris"))
    await users.change_facts(item(message(user="U2")), tell("location", "Rome"))
    await users.change_facts(item(), FactClear())
    for table in (facts, fact_history):
        assert [row.value for row in await users.rows(sa.select(table))] == ["Rome"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("x" * 10_000, "2000 characters"),
        ("ü" * 1999, "2000 characters"),  # with its quotes, 2001
        ([["deep"] * 500], "2000 characters"),
        (None, "Tell me what"),
        (" \u0007 ", "Tell me what"),
        (float("inf"), "no number"),
        ({"a": [float("nan")]}, "no number"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_a_sentence_and_changes_nothing(users: Users, value: Any, why: str) -> None:
    said = item()
    fence = await users.claimed(said)
    asked = {"op": "fact.set", "name": "motto", "value": value}
    given = {"message_id": said.message.message_id, "fence": fence, "outcome": "answered", "feature": "notes"}
    body = json.dumps({"items": [{**given, "changes": [asked]}]}).encode()  # by hand: it can say what no contract would
    answer = await users.peer.call("/internal/v1/messages/answer", body, scope="messages:answer")
    (result,) = AnswerAnswer.from_bytes(answer).results
    assert (result.state, result.told) == ("refused", True)
    assert why in result.reason
    assert await users.rows(sa.select(facts)) == []


async def test_thousands_of_facts_are_not_kept(users: Users) -> None:
    for start in (0, 50):
        await users.change_facts(item(), *(tell(f"n{number}", "x") for number in range(start, start + 50)))
    assert "at most 100" in await users.refused(item(), tell("one more", "x"))
    assert "at most 100" in await users.refused(item(), *(tell(f"m{number}", "x") for number in range(2000)))
    await users.change_facts(item(), tell("n7", "y"))  # what is there may still change
    assert len(await users.rows(sa.select(facts))) == 100


async def test_facts_have_64_kib_together(users: Users) -> None:
    for start in (0, 20):
        await users.change_facts(item(), *(tell(f"n{number}", "x" * 1600) for number in range(start, start + 20)))
    assert "more than I can remember in all" in await users.refused(item(), tell("n40", "x" * 1600))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("a\u0000b\u001bc\td\x7f", "abcd"),
        ("safe\u202eexe.txt", "safeexe.txt"),
        ("two\nlines", "two\nlines"),
        ({"k\u0000": ["v\u0000", 1, None, True]}, {"k": ["v", 1, None, True]}),
        ("<!channel> `rm -rf` {0} %s", "<!channel> `rm -rf` {0} %s"),
        ("Þórshöfn 東京 مكة 👩🏽‍🚀", "Þórshöfn 東京 مكة 👩🏽‍🚀"),
    ],
)
async def test_values_are_kept_as_told_without_what_nobody_sees(users: Users, value: Any, kept: Any) -> None:  # S73
    await users.change_facts(item(), tell("a", value))
    assert (await users.context(item())).facts == {"a": kept}


async def test_a_name_is_one_whatever_its_case_and_its_spaces(users: Users) -> None:
    await users.change_facts(item(), tell("Shoe  Size", 42), tell("shoe size", 43))
    assert [(row.name, row.value) for row in await users.rows(sa.select(facts))] == [("shoe size", 43)]


async def test_a_name_may_grow_by_its_case_but_not_too_long(users: Users) -> None:
    assert "at most 64 characters" in await users.refused(item(), tell("ß" * 64, "x"))


async def test_the_last_values_of_a_fact_are_kept_and_no_more(users: Users) -> None:
    for number in range(12):
        await users.change_facts(item(), tell("a", number), tell("b", "same"))
    history = await users.rows(sa.select(fact_history.c.name, fact_history.c.value).order_by(fact_history.c.id))
    assert [row.value for row in history if row.name == "a"] == [6, 7, 8, 9, 10, 11]
    assert [row.value for row in history if row.name == "b"] == ["same"]


async def test_who_was_given_more_under_earlier_limits_may_still_change_what_is_there(users: Users) -> None:
    await users.change_facts(item(), tell("location", "Paris, France"))
    (mine,) = await users.rows(sa.select(facts))
    many = [{**mine._mapping, "name": f"old {number}", "value": "x" * 900} for number in range(150)]
    await users.change(facts.insert().values(many))
    assert "at most 100" in await users.refused(item(), tell("one more", "x"))
    assert "at most 100" in await users.refused(item(), tell("location", "Paris, Texas, United States"))
    (reply,) = await users.change_facts(item(), tell("location", "Oslo, Norway"))
    assert "location: Paris, France → Oslo, Norway" in reply.text


@pytest.mark.parametrize("told", ["Europe/Paris", "America/Argentina/Buenos_Aires"])
async def test_a_time_zone_that_somebody_told_is_theirs(users: Users, told: str) -> None:
    await users.change_facts(item(message(timezone="Europe/London")), tell("timezone", told))
    assert (await users.context(item())).actor.timezone == told


@pytest.mark.parametrize("bad", ["Mars/Olympus", "../../etc/passwd", "Europe", "right/UTC", "", 7, ["UTC"], "x" * 900])
async def test_a_time_zone_that_is_none_is_passed_over(users: Users, bad: Any) -> None:
    told = bad or "-"
    await users.change_facts(item(message(timezone="Europe/London")), tell("timezone", told), tell("language", told))
    actor = (await users.context(item(message(locale="de-AT")))).actor
    assert (actor.timezone, actor.locale) == ("Europe/London", "de-AT")


async def test_the_newest_language_and_zone_that_a_message_brings_are_remembered(users: Users) -> None:
    await users.claimed(item(message(locale="en-GB", timezone="Europe/London")))
    actor = (await users.context(item())).actor
    assert (actor.locale, actor.timezone) == ("en-GB", "Europe/London")
    await users.claimed(item(message(timezone="Asia/Tokyo", locale="no locale!")))
    run = (await users.context(item(message(trigger="schedule", timezone="Europe/Rome", locale="it")))).actor
    assert (run.locale, run.timezone) == ("en-GB", "Asia/Tokyo")  # a run knows what was known when it was made
    assert await users.rows(sa.select(people.c.locale, people.c.timezone)) == [("en-GB", "Asia/Tokyo")]
    bad = (await users.context(item(message(user="U2", timezone="Nowhere", locale="x" * 99)))).actor
    assert (bad.locale, bad.timezone) == (None, None)


async def test_an_old_message_that_is_taken_over_brings_nothing_new(users: Users) -> None:
    old = item(message(timezone="Europe/Rome"))
    await users.claimed(old)
    await users.claimed(item(message(timezone="Asia/Tokyo")))
    assert (await users.context(old)).actor.timezone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("told", "usual", "locale"),
    [
        ("de", "en-US", "de-US"), ("de", "en_us", "de-US"), ("zh-Hant", "en-419", "zh-Hant-419"), ("de-AT", "en-US", "de-AT"),
        ("de", "fr", "de"), ("de", None, "de"), ("de", "en-u-hc-h12", "de"), ("no language!", "en-US", "en-US"),
    ],
)  # fmt: skip
async def test_a_language_is_of_the_region_that_a_person_is_of(users: Users, told: str, usual: str | None, locale: str) -> None:
    await users.change_facts(item(message(locale=usual)), FactSet(name="language", value=told))
    assert (await users.context(item(message(locale=usual)))).actor.locale == locale
