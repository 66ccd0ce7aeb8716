"""Whether everything is paused: two counters, which every claim reads anyway."""

from collections.abc import Mapping
from datetime import datetime

PAUSED, UNTIL = "paused", "paused_until"
WAIT = 2.0  # seconds between two questions of what waits


def is_paused(counters: Mapping[str, int], now: datetime) -> bool:
    """Say whether nothing is claimed at an instant: `paused` is odd, and `paused_until` (seconds since 1970) is not over."""
    until = counters.get(UNTIL, 0)
    return counters.get(PAUSED, 0) % 2 == 1 and (until == 0 or now.timestamp() < until)
