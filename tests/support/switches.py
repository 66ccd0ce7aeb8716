"""An admin who switches a feature on and off, and by which of its states each message was treated."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from jeeves_service.clock import SystemClock


@dataclass(frozen=True)
class Treated:
    """A message: when it was claimed, when its answer was kept, and by which state of the feature it was treated."""

    claimed_at: datetime
    answered_at: datetime
    was_on: bool


@dataclass
class Switches:
    """Each switch by when it was asked for and when its answer was there. `on` is how the feature began."""

    on: bool = True
    asked: list[datetime] = field(default_factory=list)
    answered: list[datetime] = field(default_factory=list)

    @property
    def next(self) -> bool:
        """What the next switch makes of the feature."""
        return self._state(len(self.asked)) is False

    def begin(self) -> None:
        """Note that a switch is asked for."""
        self.asked.append(SystemClock().now())

    def end(self) -> None:
        """Note that its answer is there."""
        self.answered.append(SystemClock().now())

    def verdict(self, one: Treated) -> str:
        """Return `right` or `wrong`; `either` where a switch went on while the message was in hand, so that both are right.

        Every switch whose answer was there before the claim has to have its effect; one that was not yet asked for when the
        answer was kept can have none.
        """
        first, last = bisect_right(self.answered, one.claimed_at), bisect_right(self.asked, one.answered_at)
        if first < last:
            return "either"
        return "right" if one.was_on is self._state(first) else "wrong"

    def verdicts(self, every: Iterable[Treated]) -> dict[str, int]:
        """Count them."""
        counts = Counter(self.verdict(one) for one in every)
        return {kind: counts[kind] for kind in ("right", "either", "wrong")}

    def _state(self, number: int) -> bool:
        """Return what the feature is after so many switches."""
        return self.on if number % 2 == 0 else not self.on
