"""Servers in containers of our own: named, on random ports of 127.0.0.1, removed at the end."""

import contextlib
import secrets
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack

from jeeves.provision.means import say
from jeeves.servers.processes import ServerError


def engine() -> str | None:
    """Return the first of docker and podman that answers."""
    for name in ("docker", "podman"):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if subprocess.run([name, "info"], capture_output=True, timeout=15, check=False).returncode == 0:
                return name
    return None


def run(engine: str, what: str, image: str, port: int, environ: Mapping[str, str], *, ends: ExitStack) -> tuple[int, str]:
    """Start a container that `ends` removes; return its port on this machine and its name. Raises ServerError."""
    name = f"jeeves-test-{what}-{secrets.token_hex(4)}"
    say(f"{engine} runs {image} as {name}")
    options = [option for key, value in environ.items() for option in ("--env", f"{key}={value}")]
    command = [engine, "run", "--detach", "--rm", "--name", name, "--publish", f"127.0.0.1::{port}", *options, image]
    ends.callback(subprocess.run, [engine, "rm", "--force", name], capture_output=True, check=False)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        shown = subprocess.run([engine, "port", name, str(port)], capture_output=True, text=True, timeout=30, check=False)
    except subprocess.TimeoutExpired as error:
        raise ServerError(f"{engine} did not start it in time") from error
    if done.returncode != 0 or not shown.stdout.strip():
        raise ServerError(f"{engine} could not start it: {done.stderr.strip()[-300:]}")
    return int(shown.stdout.split()[0].rpartition(":")[2]), name


def inside(engine: str, name: str, *command: str) -> bool:
    """Tell whether a command succeeds inside a container."""
    return subprocess.run([engine, "exec", name, *command], capture_output=True, check=False).returncode == 0
