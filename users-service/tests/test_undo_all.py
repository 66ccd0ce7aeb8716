"""Whatever was changed, taking all of it back, the last first, leaves things as they were at every step."""

import random
from typing import Any

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import Change, FactClear, FactDelete, FactSet, ScheduleDelete, SchedulePut
from jeeves_contracts.ids import reference
from jeeves_contracts.schedules import Rule, Timing
from support.messages import item, message
from support.users import Users
from users_service.models import facts, schedules

NAMES = ["location", "timezone", "a", "shoe size"]
VALUES = [1, True, "x", "ü🌧", [1, {"b": None}], {}, 0.5, "1"]
SCOPES: Any = ["person", "person", "channel", "workspace"]


def some_change(chance: random.Random) -> Change:
    """A change of any kind, of few things: so that they meet."""
    kind, scope = chance.random(), chance.choice(SCOPES)
    if kind < 0.5:
        return FactSet(name=chance.choice(NAMES), value=chance.choice(VALUES), scope=scope)
    if kind < 0.7:
        return FactDelete(name=chance.choice(NAMES), scope=scope)
    if kind < 0.8:
        return FactClear(scope=scope)
    name = chance.choice(["daily", "weekly"])
    if kind < 0.9:
        return ScheduleDelete(name=name)
    rule = Rule(cron=f"{chance.randrange(60)} {chance.randrange(24)} * * *", timezone="Europe/Paris")
    return SchedulePut(name=name, timing=Timing(rule=rule), command=chance.choice(["notes", "notes b"]))


async def state(users: Users) -> list[Any]:
    """Everything that a change can change, but the inner numbers of schedules."""
    known = await users.rows(sa.select(facts).order_by(facts.c.scope, facts.c.name))
    columns = (schedules.c.feature, schedules.c.name, schedules.c.command, schedules.c.timing)
    return [known, await users.rows(sa.select(*columns).order_by(schedules.c.name))]


@pytest.mark.parametrize("seed", range(3))
async def test_taking_everything_back_leaves_nothing_changed(users: Users, seed: int) -> None:
    chance, steps = random.Random(seed), []  # noqa: S311
    for _ in range(25):
        said, before = item(message(user="UADMIN", trigger="slash_command")), await state(users)
        replies = await users.change_facts(said, *(some_change(chance) for _ in range(chance.choice([1, 1, 2, 5]))))
        if replies[-1].blocks:  # it changed something
            steps.append((reference(said.message.message_id), before))
        await users.clock.advance(chance.randrange(60))
    assert len(steps) > 15
    for which, before in reversed(steps):
        reply = await users.undo(item(message(user="UADMIN", trigger="slash_command")), which)
        assert reply.text.startswith("Done"), reply.text
        assert await state(users) == before
    assert await state(users) == [[], []]
