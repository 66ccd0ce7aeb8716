"""A private PostgreSQL from installed binaries: one data folder, one port of 127.0.0.1. Root runs it as another user."""

import contextlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from jeeves.servers import identity
from jeeves.servers.processes import Process, Server, ServerError, born, command_of, free_ports, kept_secret, last_lines, until

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/opt/homebrew/opt/postgresql@*/bin")
THROW_AWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def binaries(*extra: Path) -> Path | None:
    """Return the folder of the newest PostgreSQL that is installed, or one of `extra`."""
    found = [path for pattern in FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    found.sort(key=lambda path: [int(digits) for digits in "".join(c if c.isdigit() else " " for c in str(path)).split()])
    named = shutil.which("initdb")
    candidates = [*reversed(found), *([Path(named).resolve().parent] if named else []), *extra]
    return next((path for path in candidates if (path / "initdb").exists() and (path / "postgres").exists()), None)


def owner() -> str | None:
    """Return the user that PostgreSQL runs as: None for ours."""
    return identity.owner("postgres")


def enterable(folder: Path) -> bool:
    """Tell whether that user may enter a folder."""
    return identity.enterable(folder, owner())


@dataclass
class PostgreSQL(Server):
    """A server. `folder` keeps its data; the port stays the same over restarts. `durable` costs a sync for each commit."""

    folder: Path
    port: int
    bin: Path
    durable: bool = True

    @classmethod
    def at(cls, folder: Path, *, durable: bool = True, bin: Path | None = None) -> "PostgreSQL":  # noqa: A002
        """Return a server with data in `folder` on a free port. Raises ServerError where none is installed."""
        found = bin or binaries()
        if found is None:
            raise ServerError("PostgreSQL is not installed")
        return cls(folder.absolute(), free_ports(1)[0], found, durable)

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://jeeves:{kept_secret(self.folder / 'password')}@127.0.0.1:{self.port}/postgres"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def process(self) -> Process | None:
        """The postmaster, which writes its pid itself."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self.folder / "data/postmaster.pid").read_text(encoding="utf-8").split()[0])
            return Process(pid, born(pid)) if str(self.folder / "data") in command_of(pid) else None
        return None

    def start(self) -> None:
        """Start the server, with an empty database the first time. Raises ServerError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept_secret(self.folder / "password")
        if user := owner():
            for path in (self.folder, self.folder / "password"):
                shutil.chown(path, user)
        if not enterable(self.folder):
            raise ServerError(f"{user} may not enter {self.folder}, and PostgreSQL does not run as root")
        data = str(self.folder / "data")
        if not (self.folder / "data/PG_VERSION").exists():
            password = f"--pwfile={self.folder / 'password'}"
            self._run("initdb", "-D", data, "-U", "jeeves", password, "-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "-N")
        options = ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        options += ["-c", "max_connections=200", *(() if self.durable else THROW_AWAY)]
        # After a kill, the old processes may take a moment to notice that theirs is gone.
        if not until(lambda: self._started("-D", data, "-w", "-t", "30", "-l", str(self.log), "-o", " ".join(options)), 10):
            raise ServerError(f"PostgreSQL did not start; the end of {self.log}:\n{last_lines(self.log)}")

    def stop(self) -> None:
        """End the server: sessions are cut off, what is committed stays."""
        if process := self.process:
            process.signal(signal.SIGINT)
            until(lambda: not process.alive, 20)
            process.signal(signal.SIGKILL)

    def _started(self, *arguments: str) -> bool:
        return self._command("pg_ctl", *arguments, "start").returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        done = self._command(program, *arguments)
        if done.returncode != 0:
            raise ServerError(f"{program} failed: {done.stdout.decode(errors='replace')[-1000:]}")

    def _command(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        environ = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.folder), "LC_ALL": "C"}
        output = self.folder / "command.log"
        with output.open("wb") as out:  # not a pipe: the server would keep it open
            done = subprocess.run(
                [self.bin / program, *arguments],
                **identity.becoming(owner()),
                cwd="/",
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
            )
        return subprocess.CompletedProcess(done.args, done.returncode, output.read_bytes())
