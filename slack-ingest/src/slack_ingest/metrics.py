"""What slack-ingest counts, in a registry of its own."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter


@dataclass
class Metrics:
    """`deliveries` by outcome (`published`, `ignored`, `refused`, `unavailable`, `answered`) and reason; `replies` likewise.

    `uploads` by kind (`picture`, `file`) and outcome (`uploaded`; `dropped`: its message was posted without it).
    """

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    deliveries: Counter = field(init=False)
    replies: Counter = field(init=False)
    uploads: Counter = field(init=False)

    def __post_init__(self) -> None:
        self.deliveries = Counter(
            "jeeves_slack_deliveries", "What Slack sent, by what became of it", ["outcome", "reason"], registry=self.registry
        )
        self.replies = Counter(
            "jeeves_slack_replies", "What was to be sent to Slack, by what became of it", ["outcome"], registry=self.registry
        )
        self.uploads = Counter(
            "jeeves_slack_uploads", "Pictures and files, by what became of them", ["kind", "outcome"], registry=self.registry
        )

    def delivered(self, outcome: str, reason: str) -> None:
        """Count one request of Slack's."""
        self.deliveries.labels(outcome, reason).inc()

    def replied(self, outcome: str) -> None:
        """Count one thing that became of a reply."""
        self.replies.labels(outcome).inc()

    def uploaded(self, kind: str, outcome: str) -> None:
        """Count a picture or a file."""
        self.uploads.labels(kind, outcome).inc()
