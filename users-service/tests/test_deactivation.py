"""Who is deactivated loses access at once: from the next message, request and run on (S125)."""

from typing import Any

import sqlalchemy as sa

from jeeves_contracts.actions import FactSet
from support.api import Api
from support.messages import item, message
from support.people import code_in, link, spoken
from support.scheduling import Office
from users_service.models import audit, identities, people


async def switch(api: Api, person: str, *, active: bool) -> Any:
    """An operator deactivates or activates somebody."""
    told = await api.operator("PATCH", f"/people/{person}", {"is_active": active})
    assert (told.status, told.json["is_active"]) == (200, active)
    return told


async def test_from_the_next_message_on_nothing_is_known_of_them(api: Api) -> None:
    users = api.users
    await users.answered(item(message(channel="D1", is_direct=True)), "ok", changes=[FactSet(name="location", value="Paris")])
    before = await users.context(item(message("again", channel="D1", is_direct=True)))
    assert before.facts
    assert before.previous
    await switch(api, before.actor.person_id, active=False)
    after = await users.context(item(message("again", channel="D1", is_direct=True)))
    assert (after.actor.roles, after.facts, after.previous) == ([], {}, None)
    await switch(api, before.actor.person_id, active=True)
    again = await users.context(item(message("again", channel="D1", is_direct=True)))
    assert (again.actor.roles, again.facts) == (before.actor.roles, before.facts)


async def test_from_the_next_request_on_their_tokens_are_not_valid_for_good(api: Api) -> None:
    person = await spoken(api.users)
    assert (await api.person("GET", f"/people/{person}")).status == 200
    await switch(api, person, active=False)
    assert (await api.person("GET", f"/people/{person}")).status == 401
    await switch(api, person, active=True)
    assert (await api.person("GET", f"/people/{person}")).status == 401


async def test_an_admin_deactivates_members_of_their_own_installation_alone(api: Api) -> None:
    users = api.users
    member, admin, operator = await spoken(users), await spoken(users, "UADMIN"), await spoken(users, "U9")
    elsewhere = await spoken(users, "U1", "T2")
    await api.operator("PUT", f"/operators/{operator}")
    assert (await api.admin("PATCH", f"/people/{member}", {"is_active": False})).json["is_active"] is False
    assert (await api.admin("PATCH", f"/people/{elsewhere}", {"is_active": False})).status == 404
    refused = await api.admin("PATCH", f"/people/{operator}", {"is_active": False})
    assert (refused.status, refused.json["policy"]) == (403, "people-write")
    refused = await api.person("PATCH", f"/people/{admin}", {"is_active": False}, user="UADMIN")
    assert (refused.status, "themselves" in refused.json["detail"]) == (403, True)
    refused = await api.person("PATCH", f"/people/{admin}", {"is_active": False}, user="U5")
    assert refused.status == 404
    assert (await api.admin("PATCH", f"/people/{admin}", {"is_active": False})).status == 200
    noted = await users.rows(sa.select(audit).where(audit.c.action == "person.deactivate").order_by(audit.c.id))
    assert [(row.subject, row.installation_id, row.after) for row in noted] == [
        (member, "slack:T1", {"is_active": False}), (admin, "slack:T1", {"is_active": False}),
    ]  # fmt: skip


async def test_whom_the_settings_make_an_operator_stays_active(api: Api) -> None:
    person = await spoken(api.users, "UOP")
    refused = await api.operator("PATCH", f"/people/{person}", {"is_active": False})
    assert (refused.status, refused.json["detail"]) == (409, "JEEVES_OPERATORS names T1:UOP: take it out there first.")


async def test_who_is_deactivated_is_given_no_role_and_joins_no_account(api: Api) -> None:
    person = await spoken(api.users)
    other = await spoken(api.users, "U2", "T2")
    begun = code_in(await link(api.users, "U1", "T1"))
    await switch(api, person, active=False)
    assert (await api.operator("PUT", f"/operators/{person}")).status == 409
    assert (await api.operator("PUT", f"/installations/slack:T1/admins/{person}")).status == 409
    assert "no such code" in await link(api.users, "U2", "T2", begun)
    assert "not active" in await link(api.users, "U1", "T1")
    await switch(api, other, active=False)


async def test_nothing_of_theirs_runs(desk: Office) -> None:
    await desk.put()
    await desk.put(user="U2")
    await desk.change(sa.update(people).where(people.c.id == await _of(desk, "U1")).values(is_active=False))
    await desk.until("2026-11-26T06:30Z")
    assert [run.job.identity.user_id for run in (await desk.lease()).runs] == ["U2"]
    await desk.change(sa.update(people).values(is_active=False))
    await desk.clock.advance(31)
    assert (await desk.lease()).runs == []


async def _of(desk: Office, user: str) -> str:
    (row,) = await desk.rows(sa.select(identities.c.person_id).where(identities.c.user_id == user))
    return str(row.person_id)
