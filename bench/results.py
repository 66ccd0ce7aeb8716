"""What a run leaves behind: a file of JSON lines, one a measurement, and the same for people."""

import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from pydantic_core import from_json, to_json

from bench.measure import Row
from bench.sizes import Sizes
from jeeves.registry import ROOT
from jeeves.servers import postgres

FOLDER = Path(__file__).parent / "results"
LIBRARIES = (
    "slack-bolt",
    "slack-sdk",
    "uvicorn",
    "uvloop",
    "httptools",
    "aiohttp",
    "quart",
    "pydantic",
    "sqlalchemy",
    "aio-pika",
)


class Results:
    """A file of its own for each run; every line is written at once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.jsonl"

    def write(self, what: str, values: Mapping[str, Any]) -> None:
        """Add a line."""
        with self.path.open("ab") as file:
            file.write(to_json({"what": what, **values}) + b"\n")

    def row(self, row: Row) -> None:
        """Add a measurement, and show it."""
        self.write("row", asdict(row))
        show(f"  {row.round}  {row.subject:<10} {row.kind:<8} {line(row)}")


def read(path: Path) -> tuple[dict[str, Any], list[Row], dict[str, float]]:
    """Return what a file of results holds: what the run depends on, its measurements, its figures."""
    told: dict[str, list[dict[str, Any]]] = {}
    for one in path.read_bytes().splitlines():
        values = from_json(one)
        told.setdefault(values.pop("what"), []).append(values)
    return told["run"][0], [Row(**row) for row in told["row"]], told["figures"][0]


def show(words: str) -> None:
    """Say how it goes."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def line(row: Row) -> str:
    """Return a row for people."""
    return (
        f"{row.count:>6} messages {row.per_second:>7.0f}/s   p50 {row.p50:>8.2f} ms   p99 {row.p99:>8.2f} ms"
        f"   {row.cpu_each:>7.0f} µs CPU each" + (f"   {row.lost} LOST" if row.lost else "")
    )


def machine(sizes: Sizes, broker: str) -> dict[str, Any]:
    """Return what a run's numbers depend on, and nothing that tells whose machine it was."""
    found = postgres.binaries()
    database = _said([str(found / "postgres"), "--version"]) if found else ""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _said(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]),
        "changed": bool(_said(["git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no"])),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": [round(value, 2) for value in os.getloadavg()],
        "python": platform.python_version(),
        "rabbitmq": broker,
        "postgresql": database.rpartition("PostgreSQL) ")[2].split(" ")[0],
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "sizes": asdict(sizes),
    }


def by_process(rows: Sequence[Row]) -> Iterable[str]:
    """Yield each measurement's CPU by process, the median of the rounds: µs a message."""
    names = sorted({(row.subject, row.kind) for row in rows})
    for subject, kind in names:
        mine = [row for row in rows if (row.subject, row.kind) == (subject, kind)]
        each = {name: median(row.cpu[name] for row in mine) for name in mine[0].cpu}
        told = "  ".join(f"{name} {used:.0f}" for name, used in sorted(each.items(), key=lambda one: -one[1]) if used >= 1)
        yield f"{subject:<10} {kind:<8} {sum(each.values()):>7.0f} µs: {told}"


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()
