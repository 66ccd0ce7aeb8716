"""The steps of a stack's start and end: its servers, its database's migration, and what ends in which order."""

import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jeeves.environment import Given
from jeeves.registry import Declared
from jeeves.servers.postgres import PostgreSQL, enterable, owner
from jeeves.servers.processes import ServerError
from jeeves.servers.rabbitmq import RabbitMQ
from jeeves.stack.state import GATEWAY, State, Unit


def choose(state: State, given: Given, folder: Path) -> dict[str, str]:
    """Choose the servers that the operator did not give; return their addresses as settings."""
    own = {}
    if "JEEVES_AMQP_URL" not in given.values:
        state.rabbitmq = RabbitMQ.at(folder / "rabbitmq")
        own["JEEVES_AMQP_URL"] = state.rabbitmq.url
    if "JEEVES_DATABASE_URL" not in given.values:
        state.postgres = PostgreSQL.at(_postgres_folder(given, folder))
        own["JEEVES_DATABASE_URL"] = state.postgres.url
    state.save(folder)
    return own


def run_servers(state: State) -> None:
    """Start our own servers, both at once. Raises ServerError."""
    starts = [server.start for server in (state.rabbitmq, state.postgres) if server is not None]
    with ThreadPoolExecutor() as pool:
        for started in [pool.submit(start) for start in starts]:
            started.result()


def _postgres_folder(given: Given, folder: Path) -> Path:
    """PostgreSQL refuses root, so its folder must be one that its user may enter; where it is, is remembered."""
    kept, user = folder / "postgres.path", owner()
    if kept.exists():
        return Path(kept.read_text(encoding="utf-8"))
    chosen = folder / "postgres"
    if user is not None:
        for mine in (given.data, folder):  # its group may pass through, and see nothing
            shutil.chown(mine, group=pwd.getpwnam(user).pw_gid)
            mine.chmod(0o710)
        if not enterable(folder):
            chosen = Path(tempfile.mkdtemp(prefix="jeeves-postgres-"))
    kept.write_text(str(chosen), encoding="utf-8")
    return chosen


def migrate(declared: tuple[Declared, ...], units: list[Unit]) -> None:
    """Bring the database to the newest revision, as a process of its own. Raises ServerError."""
    for service in declared:
        if not service.needs.database:
            continue
        unit = next(unit for unit in units if unit.service == service.name)
        command = [sys.executable, "-m", f"{service.package}.migrate"]
        done = subprocess.run(command, env=unit.environ, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ServerError(f"the database could not be migrated: {(done.stdout + done.stderr).strip()[-2000:]}")


def end(state: State) -> None:
    """End the edge first, then the services together, then what they needed."""
    for group in ([u for u in state.units if u.service == GATEWAY], [u for u in state.units if u.service != GATEWAY]):
        running = [unit.process for unit in group if unit.process]
        for process in running:
            process.signal(signal.SIGTERM)
        for process in running:
            process.end()
    for server in (state.rabbitmq, state.postgres):
        if server is not None:
            server.stop()
