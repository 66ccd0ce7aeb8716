"""Who a person is: found or made by each identity once, called as their platform says (S17, S64, S73)."""

import asyncio
from typing import Any

import sqlalchemy as sa

from jeeves_contracts.delivery import Yours
from support.api import Api
from support.messages import item, message
from support.users import Users
from users_service.models import identities, people


async def known(users: Users, user: str = "U1") -> Any:
    """Look somebody's row up."""
    query = sa.select(people).join(identities, identities.c.person_id == people.c.id).where(identities.c.user_id == user)
    (row,) = await users.rows(query)
    return row


async def test_sixteen_claimers_at_once_make_each_person_once(users: Users) -> None:
    """Each of them is the first that hears of twenty people, in an order of its own."""

    async def claimer(number: int) -> list[str]:
        said = [item(message(user=f"U{(number * 7 + n) % 20}", team="T9", name=f"N{n}")) for n in range(20)]
        verdicts = await users.claim(*said)
        assert all(isinstance(one, Yours) for one in verdicts)
        return [one.context.actor.person_id for one in verdicts if isinstance(one, Yours)]

    seen = await asyncio.gather(*(claimer(number) for number in range(16)))
    assert len({one for mine in seen for one in mine}) == 20
    assert len(await users.rows(sa.select(people))) == len(await users.rows(sa.select(identities))) == 20


async def test_what_the_platform_tells_of_somebody_is_kept_and_what_it_does_not_tell_stays(users: Users) -> None:
    await users.claimed(item(message(name="Ada 🌧", email="Ada@Example.org")))
    row = await known(users)
    assert (row.name, row.email, row.profile_at) == ("Ada 🌧", "ada@example.org", users.clock.now())
    await users.clock.advance(60)
    await users.claimed(item(message()))
    await users.claimed(item(message(name="Ada 🌧", email="ada@example.org")))
    assert await known(users) == row
    await users.claimed(item(message(name="  Ada\x00 King\u202e\n")))
    row = await known(users)
    assert (row.name, row.email, row.profile_at) == ("Ada King", "ada@example.org", users.clock.now())


async def test_a_schedules_run_and_an_older_delivery_do_not_rename_anybody(users: Users) -> None:
    said = item(message(name="Ada"))
    await users.claimed(said)
    await users.claimed(item(message(name="Ada King")))
    await users.claimed(said)
    await users.claimed(item(message(name="Somebody", trigger="schedule")))
    assert (await known(users)).name == "Ada King"


async def test_of_two_people_with_one_address_the_first_has_it_and_nothing_fails(users: Users) -> None:
    said = [item(message(user=f"U{n}", email="team@example.org", name=f"N{n}")) for n in (1, 2)]
    assert all(isinstance(one, Yours) for one in await users.claim(*said))
    await users.claimed(item(message(user="U3", email="TEAM@example.org")))
    addresses = [(await known(users, f"U{n}")).email for n in (1, 2, 3)]
    assert sorted(map(str, addresses)) == ["None", "None", "team@example.org"]
    assert {(await known(users, f"U{n}")).name for n in (1, 2)} == {"N1", "N2"}


async def test_an_address_that_many_claim_at_once_is_one_persons(users: Users) -> None:
    said = [item(message(user=f"U{n}", email="team@example.org")) for n in range(16)]
    verdicts = await asyncio.gather(*(users.claim(one) for one in said))
    assert all(isinstance(one, Yours) for (one,) in verdicts)
    rows = await users.rows(sa.select(people.c.email).where(people.c.email.is_not(None)))
    assert [row.email for row in rows] == ["team@example.org"]


async def test_what_people_say_of_themselves_is_not_written_over(api: Api) -> None:  # S14, S74
    await api.users.claimed(item(message(name="Ada", locale="en-GB", timezone="Europe/London")))
    person = (await api.person("GET", "/me")).json["person_id"]
    changed = await api.person("PATCH", f"/people/{person}", {"name": "Countess", "timezone": "Europe/Paris"})
    assert (changed.status, changed.json["name"]) == (200, "Countess")
    context = await api.users.context(item(message(name="Ada", locale="de-DE", timezone="Europe/London")))
    assert (context.actor.locale, context.actor.timezone) == ("de-DE", "Europe/Paris")
    assert (await known(api.users)).name == "Countess"
    await api.person("PATCH", f"/people/{person}", {"name": None})
    await api.users.claimed(item(message(name="Ada", timezone="Europe/London")))
    row = await known(api.users)
    assert (row.name, row.timezone) == ("Ada", "Europe/Paris")
