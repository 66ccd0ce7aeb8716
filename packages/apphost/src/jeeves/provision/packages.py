"""Servers from the system's package manager: as root without asking, else only after a yes at the terminal."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from jeeves.provision.means import say
from jeeves.servers.processes import ServerError

#: Package by manager.
RABBITMQ = {"apt-get": "rabbitmq-server", "dnf": "rabbitmq-server", "apk": "rabbitmq-server", "brew": "rabbitmq"}
POSTGRESQL = {"apt-get": "postgresql", "dnf": "postgresql-server", "apk": "postgresql", "brew": "postgresql"}
MARIADB = {"apt-get": "mariadb-server", "dnf": "mariadb-server", "apk": "mariadb", "brew": "mariadb"}
INSTALL = {
    "apt-get": ("install", "-y", "-qq", "--no-install-recommends"),
    "dnf": ("install", "-y", "-q"),
    "apk": ("add", "-q"),
    "brew": ("install", "-q"),
}
POLICY = Path("/usr/sbin/policy-rc.d")
EPMD = 4369  # the port where Debian's package leaves a name daemon that nothing here needs


def install(name: str, packages: Mapping[str, str]) -> bool:
    """Install a server's package where that is possible and allowed; return whether it was. Raises ServerError."""
    manager = next((tool for tool in packages if shutil.which(tool)), None)
    if manager is None:
        return False
    root = os.geteuid() == 0
    before = () if root or manager == "brew" else ("sudo",)
    if before and not shutil.which("sudo"):
        return False
    command = [*before, manager, *INSTALL[manager], packages[manager]]
    if not root and not _agreed(f"{name} is needed for the tests. Run `{' '.join(command)}` now?"):
        return False
    say(f"installing {name}: {' '.join(command)}")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _nothing_starts(before, debian=manager == "apt-get"):
        if manager == "apt-get":
            subprocess.run([*before, manager, "update", "-qq"], env=environ, check=False)
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ServerError(f"`{' '.join(command)}` failed: {(done.stderr or done.stdout).strip()[-500:]}")
    return True


def _agreed(question: str) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


@contextlib.contextmanager
def _nothing_starts(before: Sequence[str], *, debian: bool) -> Iterator[None]:
    """Keep Debian from starting the system's own server: the tests run a private one. An existing policy is left alone."""
    ours = debian and not POLICY.exists()
    quiet = not _listens(EPMD)
    if ours:
        subprocess.run([*before, "sh", "-c", f"printf '#!/bin/sh\\nexit 101\\n' > {POLICY} && chmod 755 {POLICY}"], check=False)
    try:
        yield
    finally:
        if ours:
            subprocess.run([*before, "rm", "-f", str(POLICY)], check=False)
        if debian and quiet and _listens(EPMD) and shutil.which("epmd"):
            subprocess.run([*before, "epmd", "-kill"], capture_output=True, check=False)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
