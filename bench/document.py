"""Put a run into docs/performance.md: `python -m bench.document bench/results/reference.jsonl`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench import budget
from bench.figures import MEASURED
from bench.measure import Row
from bench.results import read
from bench.whole import STACK
from jeeves.registry import ROOT

DOCUMENT = ROOT / "docs/performance.md"
BEGIN, END = "<!-- a run, by bench/document.py -->\n", "<!-- its end -->\n"


def tables(run: dict[str, Any], rows: Sequence[Row], found: dict[str, float]) -> Iterator[str]:
    """Yield the lines that tell of a run."""
    versions = f"RabbitMQ {run['rabbitmq']}, PostgreSQL {run['postgresql']}, slack-bolt {run['libraries']['slack-bolt']}"
    yield f"{run['cores']} cores, load {run['load'][0]} before it began; Python {run['python']}, {versions}."
    yield ""
    yield "| | Messages a second, flood | CPU µs each, flood | p50 ms, single | p99 ms, offered | CPU µs each, offered |"
    yield "|---|---|---|---|---|---|"
    for subject in MEASURED:
        flood, single, offered = (
            [r for r in rows if (r.subject, r.kind) == (subject, k)] for k in ("flood", "single", "offered")
        )
        cells = (
            _of(flood, "per_second"),
            _of(flood, "cpu_each"),
            _of(single, "p50"),
            _of(offered, "p99"),
            _of(offered, "cpu_each"),
        )
        yield f"| {subject} | {' | '.join(cells)} |"
    yield ""
    yield "| | Measured | Target | Floor |"
    yield "|---|---|---|---|"
    for name, line in budget.read().items():
        sign = "≥" if line.better == "higher" else "≤"
        wanted = (f"{sign} {budget.shown(value, line.unit)}" for value in (line.target, line.floor))
        yield f"| {line.about} | {budget.shown(found[name], line.unit)} | {' | '.join(wanted)} |"
    yield ""
    mine = [row for row in rows if (row.subject, row.kind) == (STACK, "flood")]
    each = {name: median(row.cpu[name] for row in mine) for name in mine[0].cpu}
    told = ", ".join(f"{name} {used:.0f}" for name, used in sorted(each.items(), key=lambda one: -one[1]) if used >= 1)
    yield f"CPU of each process of the stack in a flood, µs a message: {told}."


def _of(rows: Sequence[Row], value: str) -> str:
    found = median(getattr(row, value) for row in rows)
    return f"{found:,.0f}" if found >= 100 else f"{found:.3g}"  # noqa: PLR2004


def main(path: Path) -> None:
    """Write the document's part anew."""
    run, rows, found = read(path)
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(
        "".join([before, BEGIN, *(f"{line}\n" for line in tables(run, rows, found)), END, after]), encoding="utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
