"""Schedulers are killed while runs are due: each run is done once, and its person reads of it once (S133, S142, S145, I7)."""

import asyncio
import os
import random
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from jeeves.servers.processes import free_ports
from jeeves.stack.stack import Stack
from support.due import Due, shown
from support.openmeteo import OpenMeteo
from support.processes import Embedded, ask
from support.slack import SlackStandIn
from support.talker import credentials

RUNS = int(os.environ.get("FAULT_RUNS", "300"))
EMBEDDED_RUNS = min(RUNS, 80)
RATE = 100.0  # runs that become due in a second
SCHEDULER, SCHEDULERS = "scheduler-service", 3
CLAIMED = re.compile(r'^jeeves_dispatcher_messages_total\{outcome="(elsewhere|done|unsent)"\} (\d+)', re.MULTILINE)


@pytest.fixture
def world() -> Iterator[tuple[dict[str, str], SlackStandIn]]:
    """Settings for a Slack and an Open-Meteo of its own."""
    with SlackStandIn() as slack, OpenMeteo() as meteo:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JEEVES_", "SLACK_"))}
        own = credentials(slack)
        yield kept | own | {"JEEVES_WEATHER_URL": meteo.url, "JEEVES_GEOCODING_URL": meteo.url}, slack


async def until(holds: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Wait for a condition that is asked of a database, looking a few times a second."""
    end = asyncio.get_running_loop().time() + seconds
    while not (held := await holds()) and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.2)
    return held


async def storm(due: Due, fault: Callable[[random.Random], None], seed: int) -> AsyncIterator[int]:
    """Yield the number of each fault, until nearly all that is due is claimed."""
    chance, number = random.Random(seed), 0  # noqa: S311
    while (await due.counts())["messages"] < due.count * 0.95:
        await asyncio.sleep(chance.uniform(0.05, 0.6))  # the moment is what is random
        await asyncio.to_thread(fault, chance)
        if chance.random() < 0.3:
            await due.let_leases_pass()
            await due.lose_notes(20)
        number += 1
        yield number


def told(due: Due, slack: SlackStandIn, counts: dict[str, int], kills: int) -> dict[str, int]:
    """Return the figures of a run."""
    posts = shown(slack)
    return {
        "runs": due.count,
        "kills": kills,
        "claimed": counts["messages"],
        "answered": counts["answered"],
        "read": len(posts),
        "lost": due.count - len(posts),
        "twice": sum(count - 1 for count in posts.values()),
    }


async def test_three_schedulers_that_are_killed_at_random_fire_each_run_once(
    world: tuple[dict[str, str], SlackStandIn], tmp_path_factory: pytest.TempPathFactory
) -> None:
    environ, slack = world
    port, ops_port = free_ports(2)
    own = {"JEEVES_DATA_DIR": str(tmp_path_factory.mktemp("stack")), "JEEVES_PORT": str(port), "JEEVES_OPS_PORT": str(ops_port)}
    stack = Stack(environ | own, replicas={SCHEDULER: SCHEDULERS})
    await asyncio.to_thread(stack.up)
    server = stack.state.postgres
    assert server is not None
    due, kills, seed = Due(server.url, RUNS, RUNS / RATE), 0, int(os.environ.get("FAULT_SEED", "1"))

    def killed(chance: random.Random) -> None:
        stack.kill(SCHEDULER, signal.SIGKILL, replica=chance.randint(1, SCHEDULERS))
        stack.start(SCHEDULER)

    try:
        await due.put()
        async for number in storm(due, killed, seed):
            kills = number
        over = await until(due.over, 120)
        numbers = told(due, slack, await due.counts(), kills)
        metrics = [ask(f"http://127.0.0.1:{unit.ops_port}/metrics")[1].decode() for unit in stack.state.of("dispatcher")]
        again = sum(int(float(count)) for text in metrics for _, count in CLAIMED.findall(text))
        print(f"\n{SCHEDULERS} schedulers, seed {seed}: {numbers | {'again on the bus': again}}")
        assert over, await due.counts()
        assert (numbers["claimed"], numbers["lost"], numbers["twice"]) == (RUNS, 0, 0), numbers
        assert kills >= 3
    finally:
        await due.database.aclose()
        await asyncio.to_thread(stack.destroy)


async def test_the_embedded_form_that_is_killed_at_random_fires_each_run_once(
    world: tuple[dict[str, str], SlackStandIn], tmp_path: Path
) -> None:
    environ, slack = world
    jeeves = await asyncio.to_thread(Embedded(tmp_path, environ).start)
    due, kills = Due(f"sqlite+aiosqlite:///{tmp_path}/data/jeeves.sqlite", EMBEDDED_RUNS, EMBEDDED_RUNS / 40), 0

    def killed(_: random.Random) -> None:
        jeeves.end(signal.SIGKILL)
        jeeves.start()

    try:
        await due.put()
        async for number in storm(due, killed, seed=2):
            kills = number

        async def over() -> bool:
            await due.let_leases_pass()  # half a minute is too long for a test that runs each time
            return await due.over()

        done = await until(over, 30)
        numbers = told(due, slack, await due.counts(), kills)
        print(f"\nembedded: {numbers}")
        assert done, await due.counts()
        assert (numbers["claimed"], numbers["lost"], numbers["twice"]) == (EMBEDDED_RUNS, 0, 0), numbers
        assert kills >= 1
        assert await asyncio.to_thread(jeeves.end, signal.SIGTERM) == 0
    finally:
        await due.database.aclose()
        jeeves.close()
