"""`BENCH_PROFILE=1 make bench`: where each Python process spends its time under load, by layer.

Looks into processes need leave: to be root, or kernel.yama.ptrace_scope = 0.
"""

import asyncio
import contextlib
import re
import subprocess
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bench import load, parts, whole
from bench.events import events
from bench.measure import MOST_ACKED, MOST_REPLIED, WARM, acknowledged, replied
from bench.parts import INGEST
from bench.processes import Subject
from bench.results import show
from bench.sizes import Sizes
from bench.slack import Slack
from bench.wire import Wires

SECONDS = 10
RATE = 250  # looks a second at each process
#: The innermost frame that belongs to one of these says what a look has seen. The standard library belongs to who calls it.
LAYERS = (
    ("bus: client library", r"\((aiormq|aio_pika|pamqp)/"),
    ("bus: ours", r"\(jeeves_service/bus/"),
    ("HTTP client", r"\((httpx|httpx_aiohttp|aiohttp|yarl|multidict)/|\(jeeves_service/(http|inside|peers)\.py"),
    ("Slack SDK", r"\(slack_(sdk|bolt)/"),
    ("tokens", r"\((joserfc|cryptography)/|\(jeeves_service/tokens\.py"),
    ("SQLAlchemy", r"\(sqlalchemy/"),
    ("database driver", r"\((asyncpg|aiosqlite)/"),
    ("Quart", r"\((quart|werkzeug|flask)/|\(jeeves_service/web\.py"),
    ("uvicorn", r"\(uvicorn/|\(jeeves_service/protocol\.py"),
    ("contracts", r"\((pydantic|jeeves_contracts)/"),
    ("logs and metrics", r"\((structlog|prometheus_client)/|\(jeeves_service/logs\.py"),
    ("our code", r"\((slack_ingest|jeeves_\w+|users_service|actions_\w+|jeeves|bench)/"),
)
OTHER = "loop and system calls"


def layer(stack: str) -> str:
    """Return the layer that a collapsed stack (`outer;…;inner`) was in."""
    for frame in reversed(stack.split(";")):
        for name, pattern in LAYERS:
            if re.search(pattern, frame) and "serve.py" not in frame:
                return name
    return OTHER


def shares(lines: Iterable[str]) -> list[tuple[str, float]]:
    """Return each layer's part (0 to 1) of the looks in lines of `stack count`, the largest first."""
    counts: Counter[str] = Counter()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        counts[layer(stack)] += int(count)
    total = sum(counts.values()) or 1
    return [(name, count / total) for name, count in counts.most_common()]


async def profile(sizes: Sizes, folder: Path) -> None:
    """Load each subject in turn while its processes are looked at."""
    async with Slack().listening() as slack:
        for start in _starts(folder, slack):
            with contextlib.ExitStack() as ends:
                await _one(await asyncio.to_thread(start, ends), slack, sizes, folder)
                await asyncio.to_thread(ends.close)


def _starts(folder: Path, slack: Slack) -> Iterator[Callable[[contextlib.ExitStack], Subject]]:
    def ingest(ends: contextlib.ExitStack) -> Subject:
        return ends.enter_context(parts.ingest(folder, slack, ends.enter_context(parts.broker(folder))))

    def embedded(ends: contextlib.ExitStack) -> Subject:
        return ends.enter_context(whole.embedded(folder, slack))

    def stack(ends: contextlib.ExitStack) -> Subject:
        return ends.enter_context(whole.stack(folder, slack))

    yield from (ingest, embedded, stack)


async def _one(subject: Subject, slack: Slack, sizes: Sizes, folder: Path) -> None:
    wires, acks = Wires(subject.port), subject.name == INGEST
    ask = acknowledged(wires) if acks else replied(wires, slack)
    window, most = (sizes.ack_window, MOST_ACKED) if acks else (sizes.path_window, MOST_REPLIED)
    await load.back_to_back(ask, events(WARM), window, 30)
    looking = {name: _look(subject.pids[name], folder / f"{name}.raw") for name in subject.services}
    await load.back_to_back(ask, events(most * SECONDS), window, SECONDS)
    for name, process in looking.items():
        if await asyncio.to_thread(process.wait) != 0:
            show(f"{name}: py-spy may not look into it")
            continue
        told = shares((folder / f"{name}.raw").read_text(encoding="utf-8").splitlines())
        show(f"{subject.name}, {name}: " + ", ".join(f"{part:.0%} {what}" for what, part in told if part >= 0.01))  # noqa: PLR2004
    wires.close()


def _look(pid: int, out: Path) -> "subprocess.Popen[bytes]":
    program = Path(sysconfig.get_path("scripts")) / "py-spy"
    how = ["record", "--gil", "--nonblocking", "--format", "raw", "--rate", str(RATE), "--duration", str(SECONDS)]
    return subprocess.Popen(
        [program, *how, "--pid", str(pid), "--output", out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
