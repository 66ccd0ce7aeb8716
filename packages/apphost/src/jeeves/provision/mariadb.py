"""MariaDB for the tests."""

import os
import secrets
from contextlib import ExitStack
from pathlib import Path

from jeeves.provision import containers, packages
from jeeves.provision.means import first
from jeeves.servers.mariadb import MariaDB, answers, binaries, url
from jeeves.servers.processes import ServerError, until

IMAGE = "docker.io/library/mariadb:11.4"
REMEDY = "apt-get install -y mariadb-server   (or: brew install mariadb; or start docker; or set MARIADB_TEST_URL)"


def provide(folder: Path, ends: ExitStack) -> str:
    """Return the URL of a server that `ends` takes away again. Raises NoMeansError."""

    def started() -> str | None:
        if binaries() is None:
            return None
        server = MariaDB.at(folder / "mariadb", durable=False)
        ends.callback(server.stop)
        server.start()
        return server.url

    def contained() -> str | None:
        if not (engine := containers.engine()):
            return None
        password = secrets.token_hex(16)
        # The root of a throw-away server: its entry point gives any other user one database alone.
        environ = {"MARIADB_ROOT_PASSWORD": password, "MARIADB_ROOT_HOST": "%"}
        port, _ = containers.run(engine, "mariadb", IMAGE, 3306, environ, ends=ends)
        if not until(lambda: answers(port), 60):  # while it sets itself up it listens on its socket only
            raise ServerError("the container's server does not answer")
        return url("root", password, port)

    def installed() -> str | None:
        return started() if packages.install("MariaDB", packages.MARIADB) else None

    ways = [
        ("is the one of MARIADB_TEST_URL", lambda: os.environ.get("MARIADB_TEST_URL")),
        ("runs privately from this machine's binaries", started),
        ("runs in a container", contained),
        ("was installed and runs privately", installed),
    ]
    return first("MariaDB", ways, REMEDY)
