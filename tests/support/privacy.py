"""Somebody of whom everything is kept that can be, and a look into every column for what is left of them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from jeeves_contracts.actions import FactDelete, FactSet, SchedulePut
from jeeves_contracts.asks import EraseAsk
from jeeves_contracts.delivery import AnswerItem, ClaimItem
from jeeves_contracts.schedules import Rule, Timing
from support.api import Api
from support.eventually import succeeds
from support.messages import envelope, item, message
from support.users import Users
from users_service.models import audit, dead_letters, messages, metadata, people, reports, runs

WORD = "xylophone"  # in all that they say and are told
DAILY = Timing(rule=Rule(cron="30 7 * * *", timezone="Europe/Paris"))


async def left(users: Users, *markers: str) -> dict[str, int]:
    """Return in which columns of which tables there are any of these words, and how often."""
    found: dict[str, int] = {}
    for table in metadata.sorted_tables:
        for row in await users.rows(sa.select(table)):
            for column, value in row._mapping.items():
                text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                if any(marker in text for marker in markers):
                    found[f"{table.name}.{column}"] = found.get(f"{table.name}.{column}", 0) + 1
    return found


def said(users: Users, text: str = f"weather in {WORD}", *, user: str, **more: Any) -> ClaimItem:
    """Something that is said now."""
    return item(message(text, user=user, received_at=users.clock.now(), **more))


async def person_of(users: Users, user: str, **more: Any) -> str:
    """Let somebody say something; return their person's id."""
    one = said(users, "hi", user=user, **more)
    verdict = await users.context(one)
    given = AnswerItem(message_id=one.message.message_id, fence=1, outcome="answered", command="hi")
    await users.answer(given)
    return verdict.actor.person_id


async def live(api: Api, user: str) -> str:
    """Let somebody say, tell, ask for and report all that may be kept; return their person's id."""
    users = api.users
    person = await person_of(users, user)
    await users.change_facts(said(users, user=user), FactSet(name="birthday", value=f"{WORD} day"), texts=[f"{WORD} noted"])
    await users.change_facts(said(users, user=user), FactSet(name="shoe size", value=f"{WORD} size"))
    await users.change_facts(said(users, user=user), FactDelete(name="shoe size"))
    await users.change_facts(said(users, user=user), SchedulePut(name="daily", timing=DAILY, command=f"notes {WORD}"))
    await users.answered(said(users, user=user), f"{WORD} unsent", memo={"last": WORD})
    await users.claimed(said(users, user=user))  # in flight
    own = await api.person("GET", "/me", user=user)
    assert own.status == 200, own
    asked = {"workspace_id": "T1", "user_id": user, "command": f"notes {WORD}"}
    assert (await api.operator("POST", "/jobs", asked, Idempotency_Key=f"job {user}")).status == 202
    now = users.clock.now()
    mine = await users.rows(sa.select(messages.c.message_id).where(messages.c.person_id == person).limit(1))
    report = {"message_id": mine[0].message_id, "person_id": person, "installation_id": "slack:T1", "at": now}
    await users.change(reports.insert().values(report))
    told: dict[str, Any] = {"at": now, "actor": "token someone", "action": "person.change", "subject": person}
    await users.change(audit.insert().values({**told, "before": {"name": WORD}, "after": {"name": "x"}}))
    by = {"at": now, "actor": f"T1:{user}", "person_id": person, "action": "feature.switch", "subject": "weather"}
    await users.change(audit.insert().values({**by, "installation_id": "slack:T1", "after": {"enabled": False}}))
    await users.change(
        people.update().where(people.c.id == person).values(name=f"{WORD} Ana", email=f"{WORD}@{user.lower()}.com")
    )
    dead = envelope(message(f"dead {WORD}", user=user, received_at=now)).to_bytes()
    for body in (dead, f'{{"T1": "{user}", "nonsense": "{WORD}"}}'.encode()):
        await users.bus.send("dead", body)
    await buried(users, user, 2)
    return person


async def buried(users: Users, user: str, count: int) -> None:
    """Wait until so many dead letters that name somebody are kept."""

    async def there() -> None:
        bodies = [row.body.decode() for row in await users.rows(sa.select(dead_letters.c.body))]
        assert sum(user in body for body in bodies) == count

    await succeeds(there, AssertionError)


def erasing(users: Users, user: str, *, confirmed: bool = True) -> tuple[ClaimItem, dict[str, Any]]:
    """What somebody says who wants everything erased, and what the dispatcher asks for then."""
    asking = said(users, "delete everything about me now", user=user, channel="D1", is_direct=True)
    return asking, {"feature": None, "command": "erase", "ask": EraseAsk(confirmed=confirmed)}


async def erase_in_chat(users: Users, user: str) -> Sequence[str]:
    """Let somebody erase themself; return the ids of what they are answered, which is not sent yet."""
    asking, asked = erasing(users, user)
    return await users.answered(asking, **asked)


async def runs_of(users: Users, person: str) -> list[Any]:
    """Return a person's runs."""
    return await users.rows(sa.select(runs).where(runs.c.person_id == person))
