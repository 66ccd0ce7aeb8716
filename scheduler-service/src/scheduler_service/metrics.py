"""What scheduler-service counts, in a registry of its own."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)  # seconds


@dataclass
class Metrics:
    """`runs` by outcome: `published`; `unconfirmed` (given up for this lease); `unnoted` (published, users-service not told).

    `lateness`: seconds from due to confirmed.
    """

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    runs: Counter = field(init=False)
    lateness: Histogram = field(init=False)

    def __post_init__(self) -> None:
        self.runs = Counter(
            "jeeves_scheduler_runs_total", "Runs that were leased, by what became of them", ["outcome"], registry=self.registry
        )
        self.lateness = Histogram(
            "jeeves_scheduler_lateness_seconds", "From due to confirmed", buckets=BUCKETS, registry=self.registry
        )
