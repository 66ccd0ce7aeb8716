"""Somebody with a fresh checkout, who types commands and talks to the Jeeves that runs there: Slack is a stand-in."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from jeeves.checks import sources
from jeeves.registry import ROOT
from jeeves.servers.processes import free_ports
from support.processes import ask
from support.slack import SlackStandIn
from support.talker import Talker, credentials, wait

LEFT = shutil.ignore_patterns(".git", ".venv", ".tools", ".jeeves", ".hypothesis", ".*_cache", "__pycache__", "node_modules")


class Beginner(Talker):
    """`root` is the checkout. Every command gets the environment that `make run` has."""

    def __init__(self, folder: Path, slack: SlackStandIn) -> None:
        self.root = folder / "jeeves"
        shutil.copytree(ROOT, self.root, ignore=LEFT, symlinks=True)
        if (ROOT / ".tools").exists():
            (self.root / ".tools").symlink_to(ROOT / ".tools")  # uv: how it is fetched is another story
        port, self.ops_port = free_ports(2)
        super().__init__(slack, f"http://127.0.0.1:{port}")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JEEVES_", "SLACK_", "MAKE"))}
        self.environ = {name: value for name, value in kept.items() if name not in ("ARGS", "NAME", "FORM", "VIRTUAL_ENV")} | {
            "JEEVES_DATA_DIR": str(folder / "data"),
            "JEEVES_PORT": str(port),
            "JEEVES_OPS_PORT": str(self.ops_port),
            **credentials(slack),
        }

    def types(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end, its words in `stdout`."""
        return subprocess.run(
            ["sh", "-c", command],
            cwd=self.root,
            env=self.environ,
            text=True,
            check=False,
            timeout=600,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    @contextlib.contextmanager
    def running(self, command: str, begun: Callable[[str], bool]) -> Iterator[Path]:
        """Let a command run, from when `begun` holds for what it says; yield where it says it. It ends as by Ctrl-C."""
        log = self.root.parent / f"{command.replace(' ', '-').replace('/', '-')[:60]}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["sh", "-c", command], cwd=self.root, env=self.environ, stdout=out, stderr=out, start_new_session=True
            )
        try:
            wait(lambda: begun(log.read_text(encoding="utf-8")) or process.poll() is not None, log)
            assert process.poll() is None, log.read_text(encoding="utf-8")
            yield log
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)  # as a terminal does
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @contextlib.contextmanager
    def jeeves(self) -> Iterator[Path]:
        """Let `make run` run, from when it is ready."""
        with self.running("make run", lambda _: ask(f"http://127.0.0.1:{self.ops_port}/readyz")[0] == 200) as log:
            yield log

    def files(self) -> dict[str, bytes]:
        """Return the checkout's own files."""
        paths = (path for path in sources(self.root, "*") if not path.is_symlink())
        return {str(path.relative_to(self.root)): path.read_bytes() for path in paths}

    def sees(self, words: str, log: Path) -> None:
        """Return once a command that runs says this."""
        wait(lambda: words in log.read_text(encoding="utf-8"), log)
