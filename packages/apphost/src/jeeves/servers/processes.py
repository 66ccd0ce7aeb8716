"""Processes that outlive us: found again by pid and start time, ended politely, then by force."""

import contextlib
import fcntl
import os
import random
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_children: dict[int, subprocess.Popen[bytes]] = {}


class ServerError(Exception):
    """A server did not start or stop; the words say which, and what its log says."""


@dataclass(frozen=True)
class Process:
    """A process that we started. `born` tells it from a later one with the same pid."""

    pid: int
    born: str

    @property
    def alive(self) -> bool:
        child = _children.get(self.pid)
        if child is not None and child.poll() is not None:
            return False
        return self.born == born(self.pid)

    def signal(self, number: int) -> None:
        """Send a signal; to one that has ended it does nothing."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def end(self, seconds: float = 20) -> None:
        """SIGTERM, and SIGKILL when it has not ended within `seconds`."""
        self.signal(signal.SIGTERM)
        if not until(lambda: not self.alive, seconds):
            self.signal(signal.SIGKILL)
            until(lambda: not self.alive, 5)


class Server(ABC):
    """A server of our own on a data folder: started, stopped, killed as often as one likes."""

    @property
    @abstractmethod
    def process(self) -> Process | None:
        """What runs; None where nothing does."""

    @abstractmethod
    def start(self) -> None:
        """Start it. Raises ServerError."""

    @abstractmethod
    def stop(self) -> None:
        """End it: what is committed stays."""

    def kill(self) -> None:
        """End it as a power cut would."""
        if process := self.process:
            process.signal(signal.SIGKILL)
            until(lambda: not process.alive, 5)

    def restart(self) -> None:
        """Stop, then start on the same ports and data."""
        self.stop()
        self.start()


def born(pid: int) -> str:
    """Return when a process started, in the system's own words; empty when there is none."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] in "ZX" else fields[19]  # state, starttime (proc(5))
    shown = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, start = shown.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else start.strip()


def command_of(pid: int) -> str:
    """Return the command line of a process: a pid file that a dead server left behind may name a stranger."""
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " ")
        return ""
    return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def spawn(
    command: Sequence[str],
    log: Path,
    *,
    environ: Mapping[str, str],
    cwd: Path | None = None,
    identity: Mapping[str, Any] | None = None,
) -> Process:
    """Start a process in a session of its own, as another user where `identity` says so, its output appended to `log`."""
    with log.open("ab") as out:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
        child = subprocess.Popen(command, env=dict(environ), start_new_session=True, cwd=cwd, **streams, **(identity or {}))
    _children[child.pid] = child
    return Process(child.pid, born(child.pid))


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until a condition holds, at most so long; return whether it does."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nobody listens on, below those that the system hands out for outgoing connections.

    None is given out again while this process lives, in whatever process: between the choice and the first use lie seconds.
    """
    folder = Path(tempfile.gettempdir()) / f"jeeves-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found: list[int] = []
    for port in random.sample(range(12000, 32000), 2000):
        if _reserved(folder / str(port)):
            with socket.socket() as probe, contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                found.append(port)
        if len(found) == count:
            return found
    raise ServerError("no free port on 127.0.0.1")


def _reserved(path: Path) -> bool:
    """Lock a port's file until this process ends. False when it is locked already, by us or by another."""
    lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return False
    return True


def last_lines(log: Path, count: int = 15) -> str:
    """Return the end of a log."""
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
    return ""


def kept_secret(path: Path) -> str:
    """Return the secret that a file keeps, made at first use."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text(encoding="ascii")
