"""Bring a stack up, take it down, and, for tests, take parts of it away and bring them back."""

import contextlib
import fcntl
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping

from jeeves import environment, operator, registry
from jeeves.environment import Given
from jeeves.servers.processes import ServerError, last_lines, spawn, until
from jeeves.stack import parts, plan, probe
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
        environment.no_sandbox(self.given)
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

    def destroy(self) -> None:
        """Take it down and throw its data away: for tests and demonstrations."""
        self.down()
        if (kept := self.folder / "postgres.path").exists():
            shutil.rmtree(kept.read_text(encoding="utf-8"), ignore_errors=True)
        shutil.rmtree(self.folder)

    def wait_ready(self, seconds: float = PATIENCE) -> None:
        """Return once every process is ready and the edge answers. Raises ServerError with what is not, and its log's end."""
        state = self.state
        words: dict[str, str] = {}

        def whole() -> bool:
            words.clear()
            words.update(probe.trouble(state, self._declared))
            return not words or any(not unit.alive for unit in state.units)

        if not until(whole, seconds) or words:
            wrong = [unit for unit in state.units if unit.name in words] or state.units
            unit = next((unit for unit in wrong if not unit.alive), wrong[0])
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
        keys, public = tokens.new_keys(operator.scopes(self._declared))
        own = parts.choose(state, self.given, self.folder)
        units = plan.services(
            self.given, self._declared, own, (keys, public), replicas=self._replicas, extra=self._extra, logs=logs
        )
        owner = next(service.name for service in self._declared if service.needs.database)
        users = next(unit for unit in units if unit.service == owner)
        amqp_url = users.environ["JEEVES_AMQP_URL"]
        operator.Operator(api_url=self.url, key=keys[operator.NAME], amqp_url=amqp_url, keys=public).save(self.given.data)
        if words := environment.no_slack(self.given):
            self._say(words)
        parts.run_servers(state)
        parts.migrate(self._declared, units)
        state.units = [*units, plan.edge(self.given, self._declared, units, self.folder / GATEWAY)]
        for unit in state.units:
            self._spawn(state, unit)
        self.wait_ready()
        for name, words in probe.trouble(state, self._declared, outside=True).items():
            self._say(f"{name} waits: {words}")
        self._say(f"Jeeves is ready on {self.url} (logs: {logs})")

    def _spawn(self, state: State, unit: Unit) -> None:
        unit.process = spawn(unit.command, unit.log, environ=unit.environ, cwd=self.folder)
        state.save(self.folder)

    def _end(self, state: State) -> None:
        parts.end(state)
        (self.folder / "state.json").unlink(missing_ok=True)
        operator.forget(self.given.data)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One `up` or `down` at a time."""
        with (self.folder / "lock").open("w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
