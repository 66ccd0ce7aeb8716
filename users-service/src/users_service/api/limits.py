"""How much somebody may ask: a token bucket for each, in the database, so that replicas together allow no more than one.

A process takes permits by the handful: most requests cost no write.
"""

import hashlib
import math
from dataclasses import dataclass

from jeeves_service.clock import Clock
from jeeves_service.errors import TooManyError
from users_service.engine import Database
from users_service.repository import buckets
from users_service.scope import OPERATOR
from users_service.service.batches import again

SECONDS = 60.0  # in which a bucket fills
HANDFUL, KEPT = 20, 10.0  # permits that a process takes at once, and seconds for which it keeps them
MOST = 10_000  # askers that a process remembers


@dataclass
class _Hand:
    permits: int
    left: float  # in the bucket, when the handful was taken
    until: float  # monotonic seconds


class Limits:
    """Counts requests by who asks: `size` of them fit into a bucket, and so many are let in a minute."""

    def __init__(self, database: Database, clock: Clock, size: int) -> None:
        self._database, self._clock, self._size = database, clock, size
        self._hands: dict[str, _Hand] = {}

    async def spend(self, asker: str) -> dict[str, str]:
        """Count a request; return headers that tell what is left. Raises TooManyError."""
        hand = self._hands.get(asker)
        if hand is None or hand.permits <= 0 or hand.until <= self._clock.monotonic():
            hand = await self._take(asker)
        hand.permits -= 1
        left = max(0, int(hand.left) + hand.permits)
        wait = math.ceil((self._size - left) * SECONDS / self._size)
        return {"RateLimit-Policy": f'"default";q={self._size};w={int(SECONDS)}', "RateLimit": f'"default";r={left};t={wait}'}

    async def _take(self, asker: str) -> _Hand:
        wanted, left = await again(lambda: self._spend(hashlib.sha256(asker.encode()).hexdigest()))
        if left < 0:
            words = f"More than {self._size} requests in {int(SECONDS)} seconds: ask again when Retry-After is over."
            raise TooManyError(words, -left * SECONDS / self._size)
        if len(self._hands) >= MOST:
            self._hands.clear()
        hand = self._hands[asker] = _Hand(wanted, left, self._clock.monotonic() + KEPT)
        return hand

    async def _spend(self, name: str) -> tuple[int, float]:
        """Take a handful, or one where there are fewer; return how many, and what is left."""
        wanted, left = 0, -1.0
        async with self._database.write() as connection:
            for wanted in (HANDFUL, 1):
                now = self._clock.now()
                left = await buckets.spend(OPERATOR, connection, name, wanted, now, size=self._size, seconds=SECONDS)
                if left >= 0:
                    break
        return wanted, left
