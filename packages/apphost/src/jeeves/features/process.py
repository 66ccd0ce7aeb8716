"""The process of one action on a port of its own, believing whom a running Jeeves believes."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from jeeves.environment import Given
from jeeves.registry import Declared
from jeeves.servers.processes import ServerError, free_ports, until
from jeeves.stack.probe import ask
from jeeves_service.tokens import new_keys

HOST = "127.0.0.1"
START, END = 20, 10  # seconds that it may take to answer, and to end
OK = 200


class ActionProcess:
    """`service` is one of this checkout; `command` starts any other: it finds its port in JEEVES_PORT, in any language."""

    def __init__(self, name: str, given: Given, keys: str, service: Declared | None, command: Sequence[str]) -> None:
        """`keys` is the JWKS of all public keys."""
        port, ops_port = free_ports(2)
        private, _ = new_keys({f"actions-{name}": ()})
        self.url = f"http://{HOST}:{port}"
        self._name, self._service = name, service
        self._command = [sys.executable, "-m", service.package] if service else list(command)
        self._environ = {
            "JEEVES_LOG_LEVEL": "WARNING",
            **_environ(given, service),
            "JEEVES_HOST": HOST,
            "JEEVES_PORT": str(port),
            "JEEVES_OPS_PORT": str(ops_port),
            "JEEVES_SERVICE_KEY": private[f"actions-{name}"],
            "JEEVES_SERVICE_KEYS": keys,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def start(self) -> None:
        """Return once it shows its manifest. Raises ServerError when it does not."""
        try:
            process = self._process = subprocess.Popen(self._command, env=self._environ, start_new_session=True)
        except OSError as error:
            raise ServerError(f"{self._command[0]} cannot be started: {error.strerror}.") from error
        answers = until(lambda: self.ended or ask("GET", f"{self.url}/v1/manifest")[0] == OK, START)
        if self.ended:
            raise ServerError(f"{self._name} ended at its start, with exit code {process.returncode}; its words are above.")
        if not answers:
            raise ServerError(f"{self._name} does not answer at {self.url}/v1/manifest.")

    def stop(self) -> None:
        """End it politely, by force when that takes long. Does nothing when it has ended."""
        if self._process is None or self.ended:
            return
        self._process.terminate()
        try:
            self._process.wait(END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def source(self) -> Mapping[Path, float]:
        """Return its files with the times of their last change; none of a command's."""
        found: dict[Path, float] = {}
        for path in self._service.folder.glob("src/**/*.py") if self._service else ():
            with contextlib.suppress(FileNotFoundError):  # editors write a new file and put it in the old one's place
                found[path] = path.stat().st_mtime
        return found


def _environ(given: Given, service: Declared | None) -> dict[str, str]:
    """Return what its process has: all of this one's but the settings of Jeeves, of which it has its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JEEVES_", "SLACK_"))}
    fields = service.settings.model_fields if service else {}
    return kept | {name: value for name, value in given.values.items() if name.lower() in fields}
