"""A private MariaDB from installed binaries (10.6 to 11): one data folder, one port of 127.0.0.1. Root starts it as another."""

import contextlib
import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from jeeves.servers.identity import becoming, enterable, owner
from jeeves.servers.processes import (
    Process,
    Server,
    ServerError,
    born,
    command_of,
    free_ports,
    kept_secret,
    last_lines,
    spawn,
    until,
)

FOLDERS = ("/usr/sbin", "/usr/libexec", "/opt/homebrew/opt/mariadb/bin", "/usr/local/opt/mariadb/bin")
#: What a server whose data nobody needs may do without: every sync, the second write, a file for each table.
THROW_AWAY = (
    "--debug-no-sync",
    "--skip-innodb-doublewrite",
    "--skip-innodb-file-per-table",
    "--innodb-flush-log-at-trx-commit=0",
)
VERSION_10 = b"\x0a"


def url(user: str, password: str, port: int) -> str:
    """Return where a server of this machine is reached, as users-service has it."""
    return f"mysql+asyncmy://{user}:{password}@127.0.0.1:{port}/mysql"


def binaries() -> tuple[Path, Path] | None:
    """Return the server, and the script that makes its data folder, where MariaDB is installed."""
    folders = os.pathsep.join((*FOLDERS, os.environ.get("PATH", os.defpath)))
    server, script = (shutil.which(name, path=folders) for name in ("mariadbd", "mariadb-install-db"))
    return (Path(server), Path(script)) if server and script else None


def answers(port: int) -> bool:
    """Tell whether a server greets on a port: its first packet, after four bytes of length and number, says version 10."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
        connection.settimeout(2)
        return connection.recv(5)[4:] == VERSION_10
    return False


@dataclass
class MariaDB(Server):
    """A server. `folder` keeps its data; the port stays the same over restarts. `durable` costs a sync for each commit.

    `more` are options of its command line.
    """

    folder: Path
    port: int
    durable: bool = True
    more: tuple[str, ...] = ()

    @classmethod
    def at(cls, folder: Path, *, durable: bool = True) -> "MariaDB":
        """Return a server with data in `folder` on a free port."""
        return cls(folder.absolute(), free_ports(1)[0], durable)

    @property
    def url(self) -> str:
        return url("jeeves", kept_secret(self.folder / "password"), self.port)

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def process(self) -> Process | None:
        """The server's process, which writes its pid itself."""
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.folder / "data/pid").read_text(encoding="ascii"))
            return Process(pid, born(pid)) if str(self.folder / "data") in command_of(pid) else None
        return None

    def start(self, seconds: float = 60) -> None:
        """Start the server, empty the first time, and return once it greets. Raises ServerError."""
        if (found := binaries()) is None:
            raise ServerError("MariaDB is not installed")
        server, script = found
        user = owner("mysql")
        self._prepare(user)
        if not (self.folder / "data/mysql").exists():
            self._install(script, user)
        command = [str(server), *self._options()]
        launched = spawn(command, self.log, environ=self._environ(), cwd=Path("/"), identity=becoming(user))
        if not until(lambda: answers(self.port) or not launched.alive, seconds) or not launched.alive:
            launched.end(1)
            raise ServerError(f"MariaDB did not start; the end of {self.log}:\n{last_lines(self.log)}")

    def stop(self) -> None:
        """End the server: sessions are cut off, what is committed stays."""
        if process := self.process:
            process.end(30)

    def _prepare(self, user: str | None) -> None:
        """Make the folder, and the statements that the server runs before it listens: its one user, who comes over TCP."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        password = kept_secret(self.folder / "password")
        who = "'jeeves'@'127.0.0.1'"
        first = self.folder / "first.sql"
        first.touch(mode=0o600)
        first.write_text(
            f"CREATE USER IF NOT EXISTS {who} IDENTIFIED BY '{password}';\nGRANT ALL PRIVILEGES ON *.* TO {who};\n",
            encoding="ascii",
        )
        if user:
            for path in (self.folder, first):
                shutil.chown(path, user)
        if not enterable(self.folder, user):
            raise ServerError(f"{user} may not enter {self.folder}, and MariaDB does not run as root")

    def _install(self, script: Path, user: str | None) -> None:
        # Root of the database is reachable over the socket alone, by the user who owns the data.
        options = ["--no-defaults", f"--datadir={self.folder / 'data'}", "--auth-root-authentication-method=socket"]
        options += [
            "--skip-test-db",
            "--skip-name-resolve",
            f"--auth-root-socket-user={user or os.environ.get('USER', 'root')}",
        ]
        command = [str(script), *options]
        done = subprocess.run(command, **becoming(user), cwd="/", env=self._environ(), capture_output=True, check=False)
        if done.returncode != 0:
            shutil.rmtree(self.folder / "data", ignore_errors=True)
            raise ServerError(f"{script.name} failed: {(done.stderr or done.stdout).decode(errors='replace')[-1000:]}")

    def _options(self) -> list[str]:
        options = ["--no-defaults", f"--datadir={self.folder / 'data'}", f"--port={self.port}", "--bind-address=127.0.0.1"]
        options += ["--socket=socket", "--pid-file=pid"]  # in the data folder
        options += [f"--init-file={self.folder / 'first.sql'}", "--skip-name-resolve", "--max-connections=200"]
        options += ["--performance-schema=OFF", "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=32M"]
        return [*options, *(() if self.durable else THROW_AWAY), *self.more]

    def _environ(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.folder), "LC_ALL": "C"}
