"""Two installations that share user ids see and change nothing of each other, whatever either does (S112, F1)."""

import asyncio
import contextlib
import functools
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from jeeves_contracts import schemas
from jeeves_contracts.base import Contract, Json
from jeeves_contracts.messages import INSTALLATION_REMOVED, JOB_DUE, MESSAGE_RECEIVED, REPLY_REQUESTED
from support import crossing_messages as messages
from support.api import Api
from support.crossing import Asking, Crossing, body_of
from support.sides import LINKED, USERS, Rows, Side
from support.users import running
from users_service.api import matrix
from users_service.api.app import api_routes
from users_service.api.call import Call
from users_service.api.policies import Policy
from users_service.api.routing import Method, Operation, Resource
from users_service.engine import Database
from users_service.models import people

KIND = os.environ.get("API_DATABASE", "sqlite")
STEPS = int(os.environ.get("TENANT_STEPS", "120"))
OF_EACH = 90  # steps of one pair of installations
SCHEMA: Json = {"type": "object", "properties": {"greeting": {"type": "string"}}}
numbers = st.integers(0, 60)
ASKERS = ("U1", "admin", "UADMIN", "U2", "operator", "admin", LINKED)


@functools.cache
def operations() -> dict[str, Operation]:
    return {one.name: one for one in matrix.operations()}


class Totals:
    """What all machines of a test did together."""

    def __init__(self, template: str, folder: Path, operations: dict[str, Operation]) -> None:
        self.template, self.folder, self.operations = template, folder, operations
        self.steps, self.machines = 0, 0
        self.reads: list[str] = []
        self.writes: list[str] = []
        self.asked: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()


@contextlib.asynccontextmanager
async def crossing(template: str, folder: Path) -> AsyncIterator[Crossing]:
    """Two installations of a running users-service, on a database of their own."""
    await asyncio.to_thread(folder.mkdir)
    await asyncio.to_thread(shutil.copy, template, folder / "jeeves.sqlite")
    url = f"sqlite+aiosqlite:///{folder}/jeeves.sqlite"
    database = Database(url)
    async with running(url, folder, asks=SCHEMA, JEEVES_API_RATE="1000000") as users:
        made = Crossing(Api(users), (Side("T1", "UADMIN"), Side("T2", "UADMIN2")), Rows(database))
        await made.begin()
        yield made
    await database.aclose()


async def taken(totals: Totals, made: Crossing, turn: int, draws: tuple[int, ...]) -> None:
    """Take a step: somebody asks an operation, or something is said.

    What is drawn is counted on from the turn, so that a dull example has everything in it, too, each after the other.
    """
    move, who, number, side, about, where = draws
    place, named = made.sides[(side + turn // 3) % 2], made.sides[(about + turn) % 2]
    moves: list[Any] = [*sorted(totals.operations), *(messages.KINDS if len(totals.operations) > 1 else ())]
    what = moves[(move + turn) % len(moves)]
    if isinstance(what, tuple):
        speakers = (*USERS, place.admin)
        await messages.say(made, what, place, speakers[(who + turn) % len(speakers)], number + turn // 2)
        return
    asker = ASKERS[(who + turn + turn // len(moves)) % len(ASKERS)]
    asker = place.admin if asker == "UADMIN" else asker
    asking = Asking(None if asker == "operator" else place, asker, named, number + turn, where)
    await made.call(totals.operations[what], asking)


def machine(totals: Totals) -> type[RuleBasedStateMachine]:
    """Return a machine whose every run is of a new database."""

    class Installations(RuleBasedStateMachine):
        @initialize(turn=st.integers(0, 1000))
        def begin(self, turn: int) -> None:
            totals.machines += 1
            self.turn = turn
            self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
            fresh = crossing(totals.template, totals.folder / str(totals.machines))
            self.crossing = self.runner.run(self.stack.enter_async_context(fresh))

        @rule(draws=st.tuples(numbers, numbers, numbers, st.integers(0, 1), st.integers(0, 1), st.integers(0, 4)))
        def step(self, draws: tuple[int, ...]) -> None:
            totals.steps += 1
            self.turn += 1
            self.runner.run(taken(totals, self.crossing, self.turn, draws))

        @invariant()
        def nothing_goes_across(self) -> None:
            if hasattr(self, "crossing"):
                assert self.crossing.reads == []
                assert self.crossing.writes == []

        def teardown(self) -> None:
            if hasattr(self, "crossing"):
                totals.reads += self.crossing.reads
                totals.writes += self.crossing.writes
                totals.asked += self.crossing.asked
                totals.outcomes += self.crossing.outcomes
            if hasattr(self, "runner"):
                self.runner.run(self.stack.aclose())
                self.runner.close()

    return Installations


def run(totals: Totals, steps: int) -> None:
    quiet = settings(
        max_examples=steps // (OF_EACH - 2) + 2, stateful_step_count=min(OF_EACH, steps), deadline=None, derandomize=True,
        database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    run_state_machine_as_test(machine(totals), settings=quiet)


@pytest.fixture
def file(template: str) -> str:
    """A database's file: here there is one for each pair of installations."""
    if KIND != "sqlite":
        pytest.skip("it makes many databases: files")
    return template


def test_what_one_installation_does_the_other_neither_reads_nor_feels(file: str, tmp_path: Path) -> None:  # S112, F1
    totals = Totals(file, tmp_path, operations())
    try:
        run(totals, STEPS)
    finally:
        print(f"\n{totals.machines} pairs of installations, {len(totals.asked)} kinds of steps, {dict(totals.outcomes)}")
        print(f"steps {totals.steps}, cross-reads {len(totals.reads)}, cross-writes {len(totals.writes)}")
    if STEPS >= 3000:
        assert operations().keys() - totals.asked.keys() == set()


async def test_the_machine_knows_every_operation_route_and_kind_of_message(file: str, tmp_path: Path) -> None:
    async with crossing(file, tmp_path / "one") as made:
        side, other = made.sides
        for one in operations().values():
            things = side.pick(0)
            assert "{" not in things.path(one)
            body_of(one, things, Asking(side, "admin", other, 0, 0), "")
        rules = {rule.rule for rule in made.api.users.service.ops.url_map.iter_rules()}
    assert {rule for rule in rules if rule.startswith("/internal")} == messages.ROUTES
    assert messages.unknown() == set()
    handled = {MESSAGE_RECEIVED, JOB_DUE}
    not_here = {REPLY_REQUESTED, INSTALLATION_REMOVED}  # users-service publishes the one, and nobody takes the other yet
    assert schemas.EVENTS.keys() == handled | not_here


class People(Contract):
    items: list[str]


async def read_all(call: Call[Any, Any, Any]) -> People:
    """List everybody, and forget whose they are."""
    return People(items=[one.id for one in await call.connection.execute(sa.select(people.c.id))])


async def write_all(call: Call[Any, Any, Any]) -> People:
    """Name everybody anew, and forget whose they are."""
    await call.connection.execute(people.update().values(name="x"))
    return People(items=[])


@pytest.mark.parametrize(("method", "handler"), [("GET", read_all), ("PUT", write_all)])
def test_the_machine_sees_an_operation_that_forgets_whose_things_are(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: Method, handler: Any
) -> None:
    hole = {"GET": "told", "PUT": "changed"}[method]
    assert operations()
    forgetful = Resource()
    forgetful.operation(method, "/everybody", Policy("everybody", "admin", "people:read"), answers=People)(handler)
    made = api_routes
    monkeypatch.setattr("users_service.public.api_routes", lambda door, known: made(door, [*known, forgetful]))
    with pytest.raises(AssertionError, match=f"T[12]: {handler.__name__} with .* {hole} "):
        run(Totals(file, tmp_path, {handler.__name__: forgetful.operations[0]}), OF_EACH)
