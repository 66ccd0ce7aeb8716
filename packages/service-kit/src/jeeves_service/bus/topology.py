"""All queues of Jeeves, for both buses. docs/protocol.md says who publishes and who consumes.

One topic exchange takes events by routing key; a reply's `lane` header chooses among a platform's lanes; everything else is
sent to a queue by name. A queue with `delay` is consumed by nobody: what lies there that long goes back to the work queue.
"""

from dataclasses import dataclass

from jeeves_contracts.envelope import routing_key
from jeeves_contracts.ids import LANES
from jeeves_contracts.messages import JOB_DUE, MESSAGE_RECEIVED, REPLY_REQUESTED

WORK = "work"
DEAD = "dead"
BAD = "bad: "  # how the reason of a dead letter begins whose message cannot be stored
RETRIES = {1: "retry.2s", 2: "retry.8s", 3: "retry.20s"}  # by the number of tries so far
DELAYS = {"retry.2s": 2.0, "retry.8s": 8.0, "retry.20s": 20.0}  # seconds
#: Times that a message may come back from a consumer that died or raised, before it is a dead letter. RabbitMQ before 4.3 also
#: counts what a stopping consumer gives back, once for each stop: a few restarts with a message in hand must be harmless.
CRASH_LIMIT = 10


@dataclass(frozen=True)
class Queue:
    """`binds` are patterns of routing keys (`#` for any words), `lane` the header's value that it takes of these.

    `limit` is the crash limit; what exceeds it goes to DEAD with its `reason` and `origin`. `single`: one active consumer.
    """

    name: str
    binds: tuple[str, ...] = ()
    lane: int | None = None
    single: bool = False
    delay: float | None = None
    limit: int | None = CRASH_LIMIT


def lane_queue(platform: str, number: int) -> str:
    """Name one of a platform's lanes."""
    return f"lane.{platform}.{number}"


def overflow_queue(feature: str) -> Queue:
    """Return the queue for what a feature's full bulkhead cannot take now."""
    return Queue(f"overflow.{feature}")


def queues(platforms: tuple[str, ...] = ("slack",)) -> tuple[Queue, ...]:
    """Return every queue that is declared at start; overflow queues are declared as features become known."""
    lanes = (
        Queue(lane_queue(platform, number), (routing_key(REPLY_REQUESTED, platform),), lane=number, single=True)
        for platform in platforms
        for number in range(LANES)
    )
    return (
        Queue(WORK, (f"{MESSAGE_RECEIVED}.#", f"{JOB_DUE}.#")),
        *(Queue(name, delay=delay, limit=None) for name, delay in DELAYS.items()),
        *lanes,
        Queue(DEAD, limit=None),
    )
