"""The distributed form on this machine: everything starts, parts come back, nothing stays behind."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from jeeves.servers.processes import ServerError, free_ports, until
from jeeves.stack import probe
from jeeves.stack.stack import Stack
from jeeves_service.errors import SettingsError
from support.processes import ask


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    port, ops_port = free_ports(2)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JEEVES_", "SLACK_"))}
    own = {"JEEVES_DATA_DIR": str(tmp_path), "JEEVES_PORT": str(port), "JEEVES_OPS_PORT": str(ops_port)}
    return {**kept, **own, "SLACK_SIGNING_SECRET": "a-secret"}


@pytest.fixture
def stack(environ: dict[str, str]) -> Iterator[Stack]:
    one = Stack(environ, replicas={"dispatcher": 2}, say=lambda _: None)
    try:
        one.up()
        yield one
    finally:
        one.destroy()


def test_it_starts_survives_losses_and_leaves_nothing_behind(stack: Stack, environ: dict[str, str]) -> None:  # S142, S143, S152
    state = stack.state
    assert len(state.of("dispatcher")) == 2
    assert ask(f"{stack.url}/slack/events", "POST", b"{}")[0] == 401
    assert ask(f"{stack.url}/metrics")[0] == 404
    for unit in state.units:  # each has its own key and no other's, and only the owner has the database
        keys = [name for name in unit.environ if name == "JEEVES_SERVICE_KEY"]
        assert ("JEEVES_DATABASE_URL" in unit.environ) == (unit.service == "users-service")
        assert bool(keys) == (unit.service != "gateway")

    stack.kill("dispatcher", signal.SIGKILL, replica=2)
    assert probe.trouble(stack.state, ()) == {"dispatcher-2": "the process has ended"}
    stack.start("dispatcher")
    stack.restart("users-service")
    stack.restart_postgres()
    stack.restart_rabbit()
    stack.wait_ready()
    Stack(environ, say=lambda _: None).up()  # leaves it as it is
    assert [unit.process for unit in stack.state.of("slack-ingest")] == [unit.process for unit in state.of("slack-ingest")]

    left = [unit.process for unit in stack.state.units if unit.process]
    rabbitmq, postgres = stack.state.rabbitmq, stack.state.postgres
    assert rabbitmq is not None
    assert postgres is not None
    stack.down()
    assert not any(process.alive for process in left)
    assert (rabbitmq.process, postgres.process) == (None, None)
    assert until(lambda: ask(f"{stack.url}/metrics")[0] == 0, 5)
    with pytest.raises(ServerError, match="no stack is up"):
        _ = stack.state


def test_a_mistake_is_told_before_anything_starts(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="JEEVES_OPERATORS is wrong"):
        Stack({**environ, "JEEVES_OPERATORS": "ana"}, say=lambda _: None).up()
    assert not (tmp_path / "stack/state.json").exists()
    assert not list((tmp_path / "stack").glob("logs/*.log"))


def test_what_does_not_start_is_named_and_the_rest_is_ended(environ: dict[str, str], tmp_path: Path) -> None:
    servers = {
        "JEEVES_AMQP_URL": "amqp://nobody@127.0.0.1:1/",
        "JEEVES_DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:1/x",
    }
    with pytest.raises(ServerError, match="the database could not be migrated"):
        Stack({**environ, **servers}, say=lambda _: None).up()
    assert not (tmp_path / "stack/state.json").exists()
