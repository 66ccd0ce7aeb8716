"""Bring a stack up, take it down, and, for tests, take parts of it away and bring them back."""

import contextlib
import fcntl
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jeeves import environment, operator, registry
from jeeves.environment import Given
from jeeves.servers.postgres import PostgreSQL, enterable, owner
from jeeves.servers.processes import ServerError, last_lines, spawn, until
from jeeves.servers.rabbitmq import RabbitMQ
from jeeves.stack import plan, probe
from jeeves.stack.state import GATEWAY, State, Unit
from jeeves_service import tokens

PATIENCE = 90  # seconds from the last start until all is ready


def tell(words: str) -> None:
    """Say how it goes."""
    sys.stderr.write(words + "\n")


class Stack:
    """The stack of a data folder. `replicas` and `extra` environment are by service, for tests that need them."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        replicas: Mapping[str, int] | None = None,
        extra: Mapping[str, Mapping[str, str]] | None = None,
        say: Callable[[str], None] = tell,
    ) -> None:
        """Raises SettingsError for a mistake in `environ`."""
        self.given = Given.read(environ)
        self.folder = self.given.data / "stack"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._replicas, self._extra, self._say = replicas or {}, extra or {}, say
        self._declared = registry.services()

    @property
    def url(self) -> str:
        """The edge."""
        return self.given.url

    @property
    def state(self) -> State:
        """What is up. Raises ServerError when nothing is."""
        if state := State.load(self.folder):
            return state
        raise ServerError("no stack is up: `make stack` starts one")

    def up(self) -> None:
        """Start everything and return once it is ready; leave a stack that is ready as it is.

        Raises SettingsError, or ServerError after ending what was started.
        """
        with self._locked():
            if state := State.load(self.folder):
                if not probe.trouble(state, self._declared):
                    self._say(f"The stack is up already: {state.url}")
                    return
                self._say("A stack that is not whole is replaced.")
                self._end(state)
            state = State(url=self.url)
            try:
                self._start(state)
            except BaseException:
                self._end(state)
                raise

    def down(self) -> None:
        """End what `up` started, and nothing else. Does nothing when nothing is up."""
        with self._locked():
            if state := State.load(self.folder):
                self._end(state)
                self._say("The stack is down.")
            else:
                self._say("No stack is up.")

    def wait_ready(self, seconds: float = PATIENCE) -> None:
        """Return once every process is ready and the edge answers. Raises ServerError with what is not, and its log's end."""
        state = self.state
        words: dict[str, str] = {}

        def whole() -> bool:
            words.clear()
            words.update(probe.trouble(state, self._declared))
            return not words or any(not unit.alive for unit in state.units)

        if not until(whole, seconds) or words:
            unit = next((unit for unit in state.units if unit.name in words), state.units[0])
            told = "; ".join(f"{name}: {text}" for name, text in words.items())
            raise ServerError(f"not ready: {told}\nThe end of {unit.log}:\n{last_lines(unit.log)}")

    def kill(self, service: str, number: int = signal.SIGKILL, *, replica: int | None = None) -> None:
        """Send a signal to a service's processes, or to one (from 1), and wait until they are gone."""
        state = self.state
        chosen = [unit for at, unit in enumerate(state.of(service), 1) if replica in (None, at)]
        for unit in chosen:
            if unit.process:
                unit.process.signal(number)
        if not until(lambda: not any(unit.alive for unit in chosen), 30):
            raise ServerError(f"{service} did not end on signal {number}")

    def start(self, service: str) -> None:
        """Start a service's processes that are not running, as they were."""
        state = self.state
        for unit in state.of(service):
            if not unit.alive:
                self._spawn(state, unit)

    def restart(self, service: str) -> None:
        """End a service politely and start it again."""
        self.kill(service, signal.SIGTERM)
        self.start(service)

    def restart_rabbit(self) -> None:
        """Restart the broker on the same ports and data. Raises ServerError when it is not ours."""
        if (server := self.state.rabbitmq) is None:
            raise ServerError("the broker is not ours")
        server.restart()

    def restart_postgres(self) -> None:
        """Restart the database on the same port and data. Raises ServerError when it is not ours."""
        if (server := self.state.postgres) is None:
            raise ServerError("the database is not ours")
        server.restart()

    def _start(self, state: State) -> None:
        logs = self.folder / "logs"
        logs.mkdir(mode=0o700, exist_ok=True)
        keys, public = tokens.new_keys(*(service.name for service in self._declared), operator.NAME)
        own = self._servers(state)
        units = plan.services(
            self.given, self._declared, own, (keys, public), replicas=self._replicas, extra=self._extra, logs=logs
        )
        users = next(unit for unit in units if unit.service == "users-service")
        url = f"http://{plan.LOCAL}:{users.ops_port}"
        operator.Operator(users_url=url, key=keys[operator.NAME], amqp_url=users.environ["JEEVES_AMQP_URL"]).save(
            self.given.data
        )
        if "SLACK_SIGNING_SECRET" not in self.given.values:
            self._say(environment.NO_SLACK)
        self._run_servers(state)
        self._migrate(units)
        state.units = [*units, plan.edge(self.given, self._declared, units, self.folder / GATEWAY)]
        for unit in state.units:
            self._spawn(state, unit)
        self.wait_ready()
        for name, words in probe.trouble(state, self._declared, outside=True).items():
            self._say(f"{name} waits: {words}")
        self._say(f"Jeeves is ready on {self.url} (logs: {logs})")

    def _servers(self, state: State) -> dict[str, str]:
        """Choose the servers that the operator did not give; return their addresses as settings."""
        own = {}
        if "JEEVES_AMQP_URL" not in self.given.values:
            state.rabbitmq = RabbitMQ.at(self.folder / "rabbitmq")
            own["JEEVES_AMQP_URL"] = state.rabbitmq.url
        if "JEEVES_DATABASE_URL" not in self.given.values:
            state.postgres = PostgreSQL.at(self._postgres_folder())
            own["JEEVES_DATABASE_URL"] = state.postgres.url
        state.save(self.folder)
        return own

    def _run_servers(self, state: State) -> None:
        starts = [server.start for server in (state.rabbitmq, state.postgres) if server is not None]
        with ThreadPoolExecutor() as pool:
            for started in [pool.submit(start) for start in starts]:
                started.result()

    def _postgres_folder(self) -> Path:
        """PostgreSQL refuses root, so its folder must be one that its user may enter; where it is, is remembered."""
        kept, user = self.folder / "postgres.path", owner()
        if kept.exists():
            return Path(kept.read_text(encoding="utf-8"))
        folder = self.folder / "postgres"
        if user is not None:
            for mine in (self.given.data, self.folder):  # its group may pass through, and see nothing
                shutil.chown(mine, group=pwd.getpwnam(user).pw_gid)
                mine.chmod(0o710)
            if not enterable(self.folder):
                folder = Path(tempfile.mkdtemp(prefix="jeeves-postgres-"))
        kept.write_text(str(folder), encoding="utf-8")
        return folder

    def _migrate(self, units: list[Unit]) -> None:
        for service in self._declared:
            if not service.needs.database:
                continue
            unit = next(unit for unit in units if unit.service == service.name)
            command = [sys.executable, "-m", f"{service.package}.migrate"]
            done = subprocess.run(command, env=unit.environ, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise ServerError(f"the database could not be migrated: {(done.stdout + done.stderr).strip()[-2000:]}")

    def _spawn(self, state: State, unit: Unit) -> None:
        unit.process = spawn(unit.command, unit.log, environ=unit.environ, cwd=self.folder)
        state.save(self.folder)

    def _end(self, state: State) -> None:
        """The edge first, then the services together, then what they needed."""
        for group in ([u for u in state.units if u.service == GATEWAY], [u for u in state.units if u.service != GATEWAY]):
            for unit in group:
                if unit.process:
                    unit.process.signal(signal.SIGTERM)
            for unit in group:
                if unit.process:
                    unit.process.end()
        for server in (state.rabbitmq, state.postgres):
            if server is not None:
                server.stop()
        (self.folder / "state.json").unlink(missing_ok=True)
        operator.forget(self.given.data)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One `up` or `down` at a time."""
        with (self.folder / "lock").open("w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
