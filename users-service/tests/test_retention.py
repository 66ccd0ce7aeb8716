"""What is old goes, a little at a time, while others work (S7)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import FactSet
from support.api import Api
from support.eventually import succeeds
from support.privacy import WORD, left, live, person_of, said
from support.users import ADMIN_TOKEN, Users
from users_service.models import (
    activity,
    activity_days,
    activity_people,
    api_tokens,
    audit,
    buckets,
    dead_letters,
    idempotency,
    messages,
    people,
    replies,
    runs,
)
from users_service.settings import Settings

DAY = 86_400
USER = "UOLD"


async def in_time(users: Users, condition: Callable[[], Awaitable[None]]) -> None:
    """Wait until something is so, at one of the next full hours."""

    async def now_or_later() -> None:
        await users.clock.advance(3_601)
        await condition()

    await succeeds(now_or_later, AssertionError)


async def count(users: Users, table: sa.Table) -> int:
    return int((await users.rows(sa.select(sa.func.count()).select_from(table)))[0][0])


async def test_what_was_said_goes_after_ninety_days_and_what_was_told_stays(api: Api) -> None:  # S7
    users = api.users
    await live(api, USER)
    await users.clock.advance(89 * DAY)
    await users.answered(said(users, "newer", user=USER), "newer answer")
    assert await count(users, messages) > 5
    await users.clock.advance(DAY + 3_700)

    async def old_is_gone() -> None:
        assert [row.data["text"] for row in await users.rows(sa.select(messages.c.data))] == ["newer"]
        assert await count(users, replies) == 1
        assert await count(users, dead_letters) == 0
        assert await count(users, idempotency) == 0

    await in_time(users, old_is_gone)
    stays = {"people.name", "people.email", "facts.value", "fact_history.value", "schedules.command", "runs.command"}
    assert set(await left(users, WORD)) == {*stays, "audit.before"}


async def test_runs_that_have_ended_go_and_open_ones_stay(api: Api) -> None:
    users = api.users
    await person_of(users, USER)
    for key in "ab":
        asked = {"workspace_id": "T1", "user_id": USER, "command": "help", "expires_seconds": 604_800}
        assert (await api.operator("POST", "/jobs", asked, Idempotency_Key=key)).status == 202
    (first, _) = await users.rows(sa.select(runs.c.id).order_by(runs.c.id))
    await users.change(runs.update().where(runs.c.id == first.id).values(state="published"))
    await users.clock.advance(91 * DAY)

    async def gone() -> None:
        assert [row.state for row in await users.rows(sa.select(runs.c.state))] == ["due"]

    await in_time(users, gone)


async def test_what_was_done_stays_until_its_day_is_added_up(users: Users) -> None:
    await person_of(users, USER)
    now = users.clock.now()
    (row,) = await users.rows(sa.select(activity))
    late = {**row._mapping, "message_id": "late", "at": now - timedelta(days=200)}
    await users.change(activity.insert().values(late))
    await users.clock.advance(91 * DAY)

    async def gone() -> None:
        assert await count(users, activity) == 0

    await in_time(users, gone)
    assert sum(row.count for row in await users.rows(sa.select(activity_days))) == 2


async def test_the_log_of_changes_and_who_was_there_stay_two_years(users: Users) -> None:
    now = users.clock.now()
    entry = {"at": now, "actor": "x", "action": "x", "subject": "x"}

    async def there_are(number: int) -> None:
        assert len(await users.rows(sa.select(audit).where(audit.c.actor == "x"))) == number

    await users.change(audit.insert().values([entry, {**entry, "at": now + timedelta(days=700)}]))
    there = {"month": now.date().replace(day=1), "feature": "*", "installation_id": "x", "person_id": "x", "days": 1}
    await users.change(activity_people.insert().values(there))
    await users.clock.advance(720 * DAY)
    await in_time(users, lambda: there_are(2))
    assert await count(users, activity_people) == 1
    await users.clock.advance(40 * DAY)

    async def gone() -> None:
        await there_are(1)
        assert await count(users, activity_people) == 0

    await in_time(users, gone)


async def test_tokens_go_a_month_after_their_end_and_full_buckets_after_a_day(api: Api) -> None:
    users = api.users
    soon = (users.clock.now() + timedelta(days=1)).isoformat()
    short, revoked = await api.token("short", expires_at=soon), await api.token("revoked")
    await api.token("long")
    rows = await users.rows(sa.select(api_tokens.c.id).where(api_tokens.c.name == "revoked"))
    assert (await api.ask("DELETE", f"/tokens/{rows[0].id}", token=ADMIN_TOKEN)).status == 204
    assert {short, revoked}
    assert await count(users, buckets) > 0
    await users.clock.advance(32 * DAY)

    async def gone() -> None:
        assert [row.name for row in await users.rows(sa.select(api_tokens.c.name))] == ["long"]
        assert await count(users, buckets) == 0

    await in_time(users, gone)


async def test_rows_that_went_are_counted_by_table(users: Users) -> None:
    await users.answered(said(users, user=USER), "x", "y")
    await users.clock.advance(91 * DAY)

    async def counted() -> None:
        shown = await (await users.service.ops.test_client().get("/metrics")).get_data(as_text=True)
        assert 'jeeves_rows_erased_total{table="replies"} 2.0' in shown
        assert 'jeeves_rows_erased_total{table="messages"} 1.0' in shown

    await in_time(users, counted)


async def test_claims_do_not_wait_while_thousands_of_old_messages_go(users: Users) -> None:
    person = await person_of(users, USER)
    (row,) = await users.rows(sa.select(messages))
    old = [{**row._mapping, "message_id": f"old {n}", "data": {"text": "x" * 500}} for n in range(6_000)]
    for start in range(0, len(old), 500):
        await users.change(messages.insert().values(old[start : start + 500]))
    await users.clock.advance(91 * DAY)
    loop, longest, claimed = asyncio.get_running_loop(), 0.0, 0
    while await count(users, messages) > claimed:
        began = loop.time()
        await users.claimed(said(users, f"new {claimed}", user=f"U{claimed}"))
        longest, claimed = max(longest, loop.time() - began), claimed + 1
    assert claimed > 1  # some were claimed while others went
    assert longest < 2
    assert person not in {row.person_id for row in await users.rows(sa.select(messages.c.person_id))}
    assert await count(users, people) == claimed + 1


@pytest.mark.parametrize("days", ["7", "0", "-1", "3651", "x", "1.5"])
def test_a_time_that_is_too_short_or_no_time_is_refused(days: str, tmp_path: object) -> None:
    environ = {"JEEVES_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/x", "JEEVES_RETENTION_DAYS": days}
    with pytest.raises(Exception, match="JEEVES_RETENTION_DAYS"):
        Settings.load(environ)


async def test_facts_stay_as_long_as_nobody_forgets_them(users: Users) -> None:
    await users.change_facts(said(users, user=USER), FactSet(name="a", value="kept"))
    await users.clock.advance(1000 * DAY)

    async def gone() -> None:
        assert await count(users, messages) == 0

    await in_time(users, gone)
    assert (await users.book(*(await held(users)))).facts[0].value == "kept"


async def held(users: Users) -> tuple[str, int]:
    one = said(users, user=USER)
    return one.message.message_id, await users.claimed(one)
