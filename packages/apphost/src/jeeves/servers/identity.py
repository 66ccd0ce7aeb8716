"""Whom a server runs as: servers refuse root, so that root starts them as another user."""

import contextlib
import os
import pwd
import subprocess
from pathlib import Path
from typing import Any


def owner(name: str) -> str | None:
    """Return the user that a server runs as: None for ours; for root `name` where there is one, else nobody."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name).pw_name
    return pwd.getpwnam("nobody").pw_name


def becoming(user: str | None) -> dict[str, Any]:
    """Return what makes a child process that user, with its group and no other: arguments of `subprocess`."""
    return {} if user is None else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": ()}


def enterable(folder: Path, user: str | None) -> bool:
    """Tell whether that user may enter a folder."""
    command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    return subprocess.run(command, **becoming(user), cwd="/", capture_output=True, check=False).returncode == 0
