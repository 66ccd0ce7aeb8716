"""A process that is measured: started beside others on ports of its own, and ended with what began it."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jeeves.registry import ROOT
from jeeves.servers.postgres import PostgreSQL
from jeeves.servers.processes import ServerError, last_lines, spawn, until
from jeeves.servers.rabbitmq import RabbitMQ

PATIENCE = 30  # seconds until it is ready


@dataclass(frozen=True)
class Subject:
    """`port` is where Slack's events go, `pids` the roots of all its process trees by name; `services` are those in Python."""

    name: str
    port: int
    pids: Mapping[str, int]
    services: tuple[str, ...]


def origin(port: int) -> str:
    """Return the origin of a port of this machine."""
    return f"http://127.0.0.1:{port}"


def kept() -> dict[str, str]:
    """Return this process's environment without the settings of a Jeeves that runs here."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("JEEVES_", "SLACK_", "GATEWAY_"))}


def servers(**named: RabbitMQ | PostgreSQL | None) -> dict[str, int]:
    """Return the pids of servers that run."""
    return {name: server.process.pid for name, server in named.items() if server and server.process}


@contextlib.contextmanager
def running(name: str, command: list[str], environ: Mapping[str, str], log: Path, ready: Callable[[], bool]) -> Iterator[int]:
    """Run a process while the body runs; give its pid once it is ready. Raises ServerError with the end of its log."""
    process = spawn(command, log, environ=environ, cwd=ROOT)
    try:
        if not until(lambda: ready() or not process.alive, PATIENCE) or not process.alive:
            raise ServerError(f"{name} did not start:\n{last_lines(log)}")
        yield process.pid
    finally:
        process.end()
