"""`jeeves run` as a process of its own, as people start it."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from jeeves.servers.processes import free_ports

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(
    url: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """One request, straight to this machine; status 0 when nobody answers."""
    request = urllib.request.Request(url, method=method, data=body, headers=dict(headers or {}))
    try:
        with _direct.open(request, timeout=10) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


class Embedded:
    """One `jeeves run` on a data folder and ports of its own."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.port, self.ops_port = free_ports(2)
        self.url, self.ops_url = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.ops_port}"
        self.log = folder / "run.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JEEVES_", "SLACK_"))}
        self.environ = {
            **kept,
            "JEEVES_DATA_DIR": str(folder / "data"),
            "JEEVES_PORT": str(self.port),
            "JEEVES_OPS_PORT": str(self.ops_port),
            **(settings or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start it without waiting for it."""
        with self.log.open("ab") as out:
            command = [sys.executable, "-m", "jeeves", "run"]
            self.process = subprocess.Popen(command, env=self.environ, stdout=out, stderr=out)

    def start(self) -> "Embedded":
        """Start it and return once its edge answers."""
        self.launch()
        self.wait(lambda: ask(self.url + "/")[0] == 404)
        return self

    def wait(self, holds: Callable[[], bool], seconds: float = 30) -> None:
        """Return once a condition holds. Raises RuntimeError with the log's end when it never does."""
        assert self.process is not None
        end = time.monotonic() + seconds
        while not holds():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"not what was waited for:\n{self.log.read_text(encoding='utf-8')[-3000:]}")
            time.sleep(0.02)

    def end(self, number: int) -> int:
        """Send a signal; return the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(30)

    def close(self) -> None:
        """Leave nothing behind."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the `jeeves` command beside it, with the same environment."""
        command = [sys.executable, "-m", "jeeves", *arguments]
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=60, check=False)


@contextlib.contextmanager
def embedded(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Embedded]:
    """Run it while the body runs."""
    one = Embedded(folder, settings)
    try:
        yield one.start()
    finally:
        one.close()
