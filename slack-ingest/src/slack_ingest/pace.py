"""How fast one may post: about once a second in a channel, and not before Slack's `Retry-After` has passed.

https://docs.slack.dev/apis/web-api/rate-limits
"""

import asyncio
from dataclasses import dataclass, field

from jeeves_contracts.people import Conversation
from jeeves_service.clock import Clock

BURST = 3  # posts in a channel that need not wait
INTERVAL = 1.0  # seconds for each further one
CROWD = 3  # channels of an installation told to slow down at the same time: then it is the installation that is too fast
IN_FLIGHT = 64  # posts of all channels under way at once
KEPT = 2_000  # channels remembered before idle ones are forgotten


@dataclass
class Way:
    """The way to one channel: whoever holds `turn` is the only one on it. Times are monotonic seconds."""

    installation_id: str
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    due: float = 0  # when the posts so far would have gone out one an INTERVAL
    closed_until: float = 0  # Slack asked for it

    def free_at(self) -> float:
        """When the next post may begin."""
        return max(self.closed_until, self.due - (BURST - 1) * INTERVAL)

    def spend(self, now: float) -> None:
        """Take note that a post begins."""
        self.due = max(self.due, now) + INTERVAL

    def idle(self, now: float) -> bool:
        """Whether forgetting it changes nothing."""
        return not self.users and max(self.due, self.closed_until) <= now


class Pace:
    """All ways. A way sleeps alone; when CROWD of one installation sleep at once, the whole installation does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ways: dict[tuple[str, str], Way] = {}
        self._closed: list[Way] = []
        self.slots = asyncio.Semaphore(IN_FLIGHT)

    def way(self, conversation: Conversation) -> Way:
        """Return the way to a conversation's channel."""
        if len(self._ways) >= KEPT:
            now = self._clock.monotonic()
            self._ways = {key: way for key, way in self._ways.items() if not way.idle(now)}
        key = (conversation.installation_id, conversation.channel_id)
        if key not in self._ways:
            self._ways[key] = Way(conversation.installation_id)
        return self._ways[key]

    def wait(self, way: Way) -> float:
        """Return how many seconds a post on `way` must still wait: 0 or less for none."""
        now = self._clock.monotonic()
        return max(way.free_at(), self._installation_free_at(way, now)) - now

    def limited(self, way: Way, seconds: float) -> None:
        """Close a way because Slack asked to wait `seconds`."""
        way.closed_until = max(way.closed_until, self._clock.monotonic() + seconds)
        self._closed.append(way)

    def _installation_free_at(self, way: Way, now: float) -> float:
        self._closed = [closed for closed in self._closed if closed.closed_until > now]
        same = {id(c): c.closed_until for c in self._closed if c.installation_id == way.installation_id}
        return max(same.values()) if len(same) >= CROWD else 0
