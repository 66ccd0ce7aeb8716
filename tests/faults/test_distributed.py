"""Everything is killed or restarted in turn while messages are under way: each is answered once (A1, B1, B2, S156)."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from jeeves.servers.postgres import PostgreSQL
from jeeves.servers.processes import free_ports
from jeeves.servers.rabbitmq import RabbitMQ
from jeeves.stack.stack import Stack
from support.eventually import eventually
from support.ledger import Ledger
from support.openmeteo import OpenMeteo
from support.slack import SlackStandIn
from support.talker import credentials

MESSAGES = int(os.environ.get("FAULT_MESSAGES", "500"))
RATE, CALM = float(os.environ.get("FAULT_RATE", "100")), 25.0  # messages per second
AWAY = int(os.environ.get("FAULT_SECONDS", "8"))  # seconds that a server is gone
OPEN = "select count(*) from replies where state not in ('sent', 'refused')"
COUNTS = "select coalesce(sum(resent_in_doubt), 0), count(*) filter (where state = 'refused') from replies"
SAYINGS = ("@weather in Paris", "my location is Rome", "@weather in Zürich", "help", "@wether")  # none is ephemeral


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, SlackStandIn, OpenMeteo]]:
    """A stack of its own, its Slack and its Open-Meteo."""
    folder = tmp_path_factory.mktemp("stack")
    port, ops_port = free_ports(2)
    with SlackStandIn() as slack, OpenMeteo() as meteo:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JEEVES_", "SLACK_"))}
        stack = Stack(
            kept
            | {
                "JEEVES_DATA_DIR": str(folder),
                "JEEVES_PORT": str(port),
                "JEEVES_OPS_PORT": str(ops_port),
                **credentials(slack),
                **meteo.settings,
            },
            replicas={"dispatcher": 2},
        )
        stack.up()
        try:
            yield stack, slack, meteo
        finally:
            stack.destroy()


def killed(stack: Stack, service: str) -> Callable[[], None]:
    """Return the fault of a service that dies and comes back."""

    def fault() -> None:
        stack.kill(service, signal.SIGKILL, replica=1)
        time.sleep(0.5)  # the time in which nobody is there is part of the fault
        stack.start(service)

    return fault


def query(stack: Stack, sql: str) -> list[str]:
    """Ask the stack's database."""
    server = stack.state.postgres
    assert server is not None
    url = server.url.replace("+asyncpg", "")
    done = subprocess.run(["psql", url, "-Atc", sql], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


async def under_faults(
    stack: Stack, ledger: Ledger, messages: int, faults: list[Callable[[], None]], *, rate: float = RATE
) -> dict[str, int]:
    """Let messages flow, bring one fault after the other, wait for the end; return the figures."""
    flow = asyncio.create_task(ledger.flow([SAYINGS[n % len(SAYINGS)] for n in range(messages)], per_second=rate))
    for number, fault in enumerate(faults, start=1):
        due = number * messages // (len(faults) + 2)
        await eventually(lambda due=due: len(ledger.accepted) >= due or flow.done(), "the flow", within=90)  # type: ignore[misc]
        await asyncio.to_thread(fault)
    await flow
    await ledger.answered(90)
    await eventually(lambda: query(stack, OPEN) == ["0"], "every reply is settled", within=30)
    resent, refused = query(stack, COUNTS)[0].split("|")
    looked = len(ledger.slack.called("conversations.replies")) + len(ledger.slack.called("conversations.history"))
    return ledger.numbers() | {"looked up": looked, "resent in doubt": int(resent), "refused": int(refused)}


async def test_whatever_dies_every_message_is_answered_once(  # S142, C1, C2, C3, C4
    world: tuple[Stack, SlackStandIn, OpenMeteo],
) -> None:
    stack, slack, meteo = world
    slack.slow, meteo.slow = 0.3, 0.1  # so that every fault finds something half done
    services = ("slack-ingest", "dispatcher", "users-service", "actions-weather")
    faults = [*(killed(stack, service) for service in services), stack.restart_rabbit, stack.restart_postgres]
    numbers = await under_faults(stack, Ledger(stack.url, slack), MESSAGES, faults)
    print(f"\n{MESSAGES} messages, six faults: {numbers}")
    assert numbers["acknowledged"] == MESSAGES
    assert (numbers["lost"], numbers["doubled"], numbers["unexpected"], numbers["resent in doubt"]) == (0, 0, 0, 0), numbers
    states = query(stack, "select state, count(*) from messages group by state")
    assert states == [f"answered|{MESSAGES}"], states
    told = sum(SAYINGS[n % len(SAYINGS)].startswith("my location") for n in range(MESSAGES))
    facts = "select count(*), count(distinct subject) from fact_history where name = 'location'"
    assert query(stack, facts) == [f"{told}|{told}"]
    assert query(stack, "select count(*) from dead_letters") == ["0"]


async def test_where_slack_cannot_be_read_back_every_double_is_counted(world: tuple[Stack, SlackStandIn, OpenMeteo]) -> None:
    """The guarantee's limit (docs/adr/0004), and the proof that this harness sees a double when there is one."""
    stack, slack, _ = world
    slack.slow, slack.without = 0.5, {"conversations.replies", "conversations.history"}
    numbers = await under_faults(stack, Ledger(stack.url, slack), 100, [killed(stack, "slack-ingest")] * 2, rate=CALM)
    print(f"\n100 messages, the sender killed twice, no look-up: {numbers}")
    assert (numbers["lost"], numbers["unexpected"], numbers["refused"]) == (0, 0, 0), numbers
    assert 0 < numbers["doubled"] <= numbers["resent in doubt"], numbers


async def test_a_broker_or_a_database_that_is_gone_for_a_while_loses_nothing(  # B2, S155, S156
    world: tuple[Stack, SlackStandIn, OpenMeteo],
) -> None:
    stack, slack, _ = world
    rabbit, postgres = stack.state.rabbitmq, stack.state.postgres
    assert rabbit is not None
    assert postgres is not None

    def gone(server: RabbitMQ | PostgreSQL) -> Callable[[], None]:
        def fault() -> None:
            server.stop()
            time.sleep(AWAY)
            server.start()

        return fault

    messages = int(CALM * AWAY * 4)
    numbers = await under_faults(stack, Ledger(stack.url, slack), messages, [gone(postgres), gone(rabbit)], rate=CALM)
    print(f"\n{messages} messages, each server gone for {AWAY} s: {numbers}")
    assert numbers["acknowledged"] == messages
    assert (numbers["lost"], numbers["doubled"], numbers["unexpected"]) == (0, 0, 0), numbers
    assert query(stack, "select count(*) from dead_letters") == ["0"]
