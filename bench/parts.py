"""slack-bolt, which acknowledges or answers; and slack-ingest alone, before a broker that nobody consumes from."""

import contextlib
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import aio_pika
from aio_pika.abc import AbstractQueue

from bench.events import SECRET
from bench.processes import Subject, kept, origin, running, servers
from bench.slack import Slack
from jeeves.servers.processes import free_ports
from jeeves.servers.rabbitmq import RabbitMQ
from jeeves.stack.probe import ask
from jeeves_service import tokens

BOLT_ACK, BOLT_SAY, INGEST = "bolt ack", "bolt say", "ingest"
TOKEN = "xoxb-benchmark"  # noqa: S105 - of a Slack that is none


def slack_settings(slack: Slack) -> dict[str, str]:
    """Return what tells a Jeeves that `slack` is its Slack."""
    return {"SLACK_SIGNING_SECRET": SECRET, "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": slack.url}


@contextlib.contextmanager
def bolt(name: str, folder: Path, settings: Mapping[str, str]) -> Iterator[Subject]:
    """slack-bolt under uvicorn, as ADR 1 runs ours: uvloop, httptools, no access log."""
    (port,) = free_ports(1)
    server = ["uvicorn", "bench.bolt_app:app", "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    fast = ["--loop", "uvloop", "--http", "httptools", "--no-access-log"]
    command = [sys.executable, "-m", *server, *fast]
    with running(
        name, command, {**kept(), **settings}, folder / f"{name.replace(' ', '-')}.log", lambda: ask("GET", origin(port))[0] > 0
    ) as pid:
        yield Subject(name, port, {"bolt": pid}, ("bolt",))


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[RabbitMQ]:
    """A RabbitMQ of its own: what is stored there, nobody consumes."""
    rabbit = RabbitMQ.at(folder / "rabbitmq")
    rabbit.folder.mkdir(parents=True)
    try:
        rabbit.start()
        yield rabbit
    finally:
        rabbit.stop()


@dataclass(frozen=True)
class Queue:
    """Where slack-ingest alone stores what nobody consumes. `version` is the broker's."""

    queue: AbstractQueue
    version: str

    @classmethod
    @contextlib.asynccontextmanager
    async def of(cls, rabbit: RabbitMQ) -> "AsyncIterator[Queue]":
        """Connect while the body runs."""
        async with await aio_pika.connect(rabbit.url) as connection, connection.channel() as channel:
            transport = connection.transport
            told = transport.connection.server_properties if transport else {}
            yield cls(await channel.get_queue("jeeves.work"), str(told.get("version", "")))

    async def empty(self) -> None:
        """Take away what is stored."""
        await self.queue.purge()


@contextlib.contextmanager
def ingest(folder: Path, slack: Slack, rabbit: RabbitMQ) -> Iterator[Subject]:
    """slack-ingest alone before a broker that confirms."""
    port, ops_port, nobody = free_ports(3)
    private, public = tokens.new_keys({"slack-ingest": ["replies:send"]})
    settings = {
        "JEEVES_PORT": str(port),
        "JEEVES_OPS_PORT": str(ops_port),
        "JEEVES_AMQP_URL": rabbit.url,
        "JEEVES_USERS_SERVICE_URL": origin(nobody),
        "JEEVES_SERVICE_KEY": private["slack-ingest"],
        "JEEVES_SERVICE_KEYS": public,
    }
    environ = {**kept(), **settings, **slack_settings(slack)}
    command, log = [sys.executable, "-m", "slack_ingest"], folder / "slack-ingest.log"

    def ready() -> bool:
        return b'"bus":"ok"' in ask("GET", f"{origin(ops_port)}/readyz")[1]

    with running("slack-ingest", command, environ, log, ready) as pid:
        yield Subject(INGEST, port, {"slack-ingest": pid, **servers(rabbitmq=rabbit)}, ("slack-ingest",))
