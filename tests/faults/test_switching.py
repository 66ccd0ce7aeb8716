"""A feature is switched again and again under load: what is claimed after a switch finds it so, whoever claims it (S5, F4)."""

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from jeeves import operator
from jeeves.servers.processes import free_ports
from jeeves.stack.stack import Stack
from jeeves_service.http import HttpClient
from support.eventually import eventually
from support.ledger import Ledger
from support.openmeteo import OpenMeteo
from support.slack import SlackStandIn
from support.switches import Switches, Treated
from support.talker import credentials
from users_service.engine import Database
from users_service.models import messages, replies

SWITCHES = int(os.environ.get("FAULT_SWITCHES", "100"))
EACH, AT_ONCE = 12, 6  # messages that are answered between two switches, and under way
DISPATCHERS = 3
FEATURE, SAYINGS = "weather", ("@weather in Paris", "weather in Zürich", "@weather in Rome")


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, SlackStandIn]]:
    """A stack with three dispatchers."""
    port, ops_port = free_ports(2)
    with SlackStandIn() as slack, OpenMeteo() as meteo:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JEEVES_", "SLACK_"))}
        own = {
            "JEEVES_DATA_DIR": str(tmp_path_factory.mktemp("stack")),
            "JEEVES_PORT": str(port),
            "JEEVES_OPS_PORT": str(ops_port),
        }
        stack = Stack(kept | own | credentials(slack) | meteo.settings, replicas={"dispatcher": DISPATCHERS})
        stack.up()
        try:
            yield stack, slack
        finally:
            stack.destroy()


def switch(stack: Stack, *, enabled: bool) -> None:
    """Switch the feature, as an operator does."""
    operator.found(stack.given).ask("PATCH", f"/features/{FEATURE}", {"enabled": enabled})


async def talking(ledger: Ledger, over: asyncio.Event) -> int:
    """Keep messages under way until it is over, another whenever one is answered; return how many were said."""
    http, said = HttpClient(), list[asyncio.Task[None]]()
    try:
        while not over.is_set():
            while len(said) < len(ledger.slack.space.posts) + AT_ONCE:
                number = len(said)
                said.append(asyncio.create_task(ledger.say(http, number, SAYINGS[number % len(SAYINGS)])))
            await asyncio.sleep(0.01)  # posts come by another thread
        await asyncio.gather(*said)
    finally:
        await http.aclose()
    return len(said)


async def treated(stack: Stack) -> list[Treated]:
    """Return by which state each message was treated, as the database tells."""
    server = stack.state.postgres
    assert server is not None
    kept = sa.func.min(replies.c.created_at)
    asked = sa.select(messages.c.claimed_at, kept, messages.c.reason).join(replies).group_by(messages.c.message_id)
    database = Database(server.url)
    try:
        async with database.read() as connection:
            rows = list(await connection.execute(asked))
    finally:
        await database.aclose()
    assert {row.reason for row in rows} <= {None, "feature-enabled"}
    return [Treated(claimed, answered, reason is None) for claimed, answered, reason in rows]


async def test_no_message_after_a_switch_is_treated_by_the_state_before_it(world: tuple[Stack, SlackStandIn]) -> None:
    stack, slack = world
    ledger, switches, over = Ledger(stack.url, slack), Switches(), asyncio.Event()
    talk = asyncio.create_task(talking(ledger, over))
    for number in range(1, SWITCHES + 1):
        due = number * EACH
        await eventually(lambda due=due: len(ledger.slack.space.posts) >= due or talk.done(), "the flow", within=30)  # type: ignore[misc]
        enabled = switches.next
        switches.begin()
        await asyncio.to_thread(switch, stack, enabled=enabled)
        switches.end()
    over.set()
    count = await talk
    await ledger.answered(60)
    every = await treated(stack)
    verdicts = switches.verdicts(every)
    by = {"on": sum(one.was_on for one in every), "off": sum(not one.was_on for one in every)}
    slowest = max(end - begin for begin, end in zip(switches.asked, switches.answered, strict=True))
    print(f"\n{SWITCHES} switches, {DISPATCHERS} dispatchers, {count} messages: {verdicts | by}, slowest switch {slowest}")
    numbers = ledger.numbers()
    assert (numbers["acknowledged"], numbers["lost"], numbers["doubled"]) == (count, 0, 0), numbers
    assert len(every) == count
    assert verdicts["wrong"] == 0
    assert min(by.values()) >= count / 10  # both states had their share
    assert verdicts["right"] >= count / 4  # most could be judged


AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("claimed", "answered", "was_on", "verdict"),
    [
        (0.0, 0.5, True, "right"), (0.0, 0.5, False, "wrong"), (0.5, 1.5, True, "either"), (0.5, 1.5, False, "either"),
        (1.5, 1.6, True, "either"), (2.5, 2.6, False, "right"), (2.5, 2.6, True, "wrong"), (2.5, 9.5, True, "either"),
        (4.5, 9.0, True, "right"), (4.5, 9.0, False, "wrong"),
    ],
)  # fmt: skip
def test_the_judge_sees_what_is_wrong(claimed: float, answered: float, was_on: bool, verdict: str) -> None:
    """Switched off from the 1st to the 2nd second, on from the 3rd to the 4th."""
    switches = Switches(asked=[at(1), at(3)], answered=[at(2), at(4)])
    assert switches.verdict(Treated(at(claimed), at(answered), was_on)) == verdict
