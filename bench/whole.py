"""The whole of Jeeves in both forms, with the benchmark's own action put in beside it, as anybody's is."""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench import echo
from bench.parts import slack_settings
from bench.processes import Subject, kept, origin, running, servers
from bench.slack import Slack
from jeeves import operator
from jeeves.environment import Given
from jeeves.features.api import Features
from jeeves.servers.processes import free_ports
from jeeves.stack.probe import ask
from jeeves.stack.stack import Stack
from jeeves_service import tokens

EMBEDDED, STACK = "embedded", "stack"


@contextlib.contextmanager
def embedded(folder: Path, slack: Slack) -> Iterator[Subject]:
    """The whole of Jeeves in one process."""
    port, ops_port = free_ports(2)
    environ = environ_of(folder / "embedded", slack, port, ops_port)

    def ready() -> bool:
        return ask("GET", f"{origin(ops_port)}/readyz")[0] == 200  # noqa: PLR2004

    with running("embedded", command(), environ, folder / "embedded.log", ready) as pid, action(environ, folder) as other:
        yield Subject(EMBEDDED, port, {"jeeves": pid, "action": other}, ("jeeves", "action"))


@contextlib.contextmanager
def stack(folder: Path, slack: Slack) -> Iterator[Subject]:
    """The whole of Jeeves, one process per service, with Traefik, RabbitMQ and PostgreSQL."""
    port, ops_port = free_ports(2)
    environ = environ_of(folder / "stack", slack, port, ops_port)
    one = Stack({**environ, "GATEWAY_RATE": "100000"}, say=lambda _: None)  # all load comes from one address here
    try:
        one.up()
        state = one.state
        pids = {unit.service: unit.process.pid for unit in state.units if unit.process}
        services = tuple(name for name in pids if name != "gateway")
        others = servers(rabbitmq=state.rabbitmq, postgres=state.postgres)
        with action(environ, folder) as other:
            yield Subject(STACK, port, {**pids, "action": other, **others}, (*services, "action"))
    finally:
        one.destroy()


def command() -> list[str]:
    """Return what `make run` runs."""
    return [sys.executable, "-m", "jeeves", "run"]


def environ_of(data: Path, slack: Slack, port: int, ops_port: int) -> dict[str, str]:
    """Return the environment of a whole Jeeves with its data in a folder of its own."""
    data.mkdir(parents=True, exist_ok=True)
    own = {"JEEVES_DATA_DIR": str(data), "JEEVES_PORT": str(port), "JEEVES_OPS_PORT": str(ops_port)}
    return {**kept(), **own, **slack_settings(slack)}


@contextlib.contextmanager
def action(environ: Mapping[str, str], folder: Path) -> Iterator[int]:
    """The benchmark's own action, put in beside the Jeeves of `environ`: a process of its own, as anybody's action is."""
    port, ops_port = free_ports(2)
    found = operator.found(Given.read(environ))
    private, _ = tokens.new_keys({echo.NAME: ()})
    settings = {
        "JEEVES_PORT": str(port),
        "JEEVES_OPS_PORT": str(ops_port),
        "JEEVES_SERVICE_KEY": private[echo.NAME],
        "JEEVES_SERVICE_KEYS": found.keys,
    }
    log = folder / f"action-{port}.log"

    def ready() -> bool:
        return ask("GET", f"{origin(port)}/v1/manifest")[0] == 200  # noqa: PLR2004

    with running("the action", [sys.executable, "-m", "bench.echo"], {**kept(), **settings}, log, ready) as pid:
        Features(found).put(echo.NAME, origin(port))
        yield pid
