"""From rows to figures: ratios round by round, so that what slows the machine slows both sides; then the middle one."""

from collections.abc import Callable, Sequence
from statistics import median

from bench.measure import Row
from bench.parts import BOLT_ACK, BOLT_SAY, INGEST
from bench.whole import EMBEDDED, STACK

MEASURED = (BOLT_ACK, INGEST, BOLT_SAY, EMBEDDED, STACK)  # in this order
SERVERS = ("gateway", "rabbitmq", "postgres", "action")  # none of them is a service of Jeeves


def figures(rows: Sequence[Row], second_start: float, doubled: int) -> dict[str, float]:
    """Return the figures that `budget.toml` names. Raises KeyError when a measurement is missing."""
    return {
        "ingest_rate": _ratio(rows, "flood", INGEST, BOLT_ACK, lambda row: row.per_second),
        "ingest_p99": _ratio(rows, "offered", INGEST, BOLT_ACK, lambda row: row.p99),
        "distributed_per_cpu_second": _middle(rows, "flood", STACK, lambda row: row.per_cpu_second),
        "embedded_to_say": _ratio(rows, "flood", EMBEDDED, BOLT_SAY, lambda row: row.per_cpu_second),
        "distributed_p50": _middle(rows, "single", STACK, lambda row: row.p50),
        "embedded_p50": _middle(rows, "single", EMBEDDED, lambda row: row.p50),
        "service_memory": max(used for row in rows if row.subject == STACK for used in _services(row)),
        "embedded_memory": max(row.memory["jeeves"] for row in rows if row.subject == EMBEDDED),
        "second_start": second_start,
        "unanswered": sum(row.lost for row in rows),
        "doubled": doubled,
    }


def _services(row: Row) -> list[float]:
    return [megabytes for name, megabytes in row.memory.items() if name not in SERVERS]


def _of(rows: Sequence[Row], kind: str, subject: str) -> dict[int, Row]:
    found = {row.round: row for row in rows if (row.kind, row.subject) == (kind, subject)}
    if not found:
        raise KeyError(f"{subject} was not measured: {kind}")
    return found


def _middle(rows: Sequence[Row], kind: str, subject: str, value: Callable[[Row], float]) -> float:
    return median(map(value, _of(rows, kind, subject).values()))


def _ratio(rows: Sequence[Row], kind: str, ours: str, theirs: str, value: Callable[[Row], float]) -> float:
    mine, others = _of(rows, kind, ours), _of(rows, kind, theirs)
    return median(value(mine[number]) / max(1e-9, value(others[number])) for number in mine.keys() & others.keys())
