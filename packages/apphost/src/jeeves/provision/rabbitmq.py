"""RabbitMQ for the tests."""

import os
import secrets
from contextlib import ExitStack
from pathlib import Path

from jeeves.provision import containers, packages
from jeeves.provision.means import first
from jeeves.servers.processes import ServerError, until
from jeeves.servers.rabbitmq import RabbitMQ, answers, binaries

IMAGE = "docker.io/library/rabbitmq:4.1"
REMEDY = "apt-get install -y rabbitmq-server   (or: brew install rabbitmq; or start docker; or set AMQP_TEST_URL)"


def provide(folder: Path, ends: ExitStack) -> str:
    """Return the URL of a broker that `ends` takes away again. Raises NoMeansError."""

    def started() -> str | None:
        if binaries() is None:
            return None
        server = RabbitMQ.at(folder / "rabbitmq")
        ends.callback(server.stop)
        server.start()
        return server.url

    def contained() -> str | None:
        if not (engine := containers.engine()):
            return None
        password = secrets.token_hex(16)
        environ = {"RABBITMQ_DEFAULT_USER": "jeeves", "RABBITMQ_DEFAULT_PASS": password}
        port, _ = containers.run(engine, "rabbitmq", IMAGE, 5672, environ, ends=ends)
        if not until(lambda: answers(port), 60):
            raise ServerError("the container's broker does not answer")
        return f"amqp://jeeves:{password}@127.0.0.1:{port}/"

    def installed() -> str | None:
        return started() if packages.install("RabbitMQ", packages.RABBITMQ) else None

    ways = [
        ("is the one of AMQP_TEST_URL", lambda: os.environ.get("AMQP_TEST_URL")),
        ("runs privately from this machine's binaries", started),
        ("runs in a container", contained),
        ("was installed and runs privately", installed),
    ]
    return first("RabbitMQ", ways, REMEDY)
