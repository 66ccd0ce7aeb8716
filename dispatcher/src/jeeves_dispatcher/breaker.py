"""A circuit breaker for each action: when it fails again and again, people hear so at once instead of waiting."""

from dataclasses import dataclass, field

from jeeves_service.clock import Clock

FAILURES = 5  # in a row that open it
REST, LONGEST = 2.0, 30.0  # seconds until one call may try again: twice as long after each that fails


@dataclass
class Breaker:
    """`closed` lets all calls pass, `open` none, `half-open` one: its outcome decides."""

    clock: Clock
    _failures: int = 0
    _opened: float | None = None
    _trying: bool = False
    _rest: float = REST

    @property
    def state(self) -> str:
        """Return the state's name, for metrics."""
        if self._opened is None:
            return "closed"
        return "half-open" if self.clock.monotonic() - self._opened >= self._rest else "open"

    def allows(self) -> bool:
        """Say whether a call may be made now. Each that was allowed ends with `succeeded`, `failed` or `unknown`."""
        if self._opened is None:
            return True
        if self.state == "open" or self._trying:
            return False
        self._trying = True
        return True

    def succeeded(self) -> None:
        """Close it."""
        self._failures, self._opened, self._trying, self._rest = 0, None, False, REST

    def failed(self) -> None:
        """Count a failure; open at the limit, or when the one that tried has failed."""
        self._failures += 1
        if self._trying:
            self._rest = min(self._rest * 2, LONGEST)
        if self._trying or self._failures >= FAILURES:
            self._opened = self.clock.monotonic()
        self._trying = False

    def unknown(self) -> None:
        """Let the next one try: this call was not made after all."""
        self._trying = False


@dataclass
class Breakers:
    """One for each feature."""

    clock: Clock
    by_feature: dict[str, Breaker] = field(default_factory=dict)

    def of(self, feature: str) -> Breaker:
        """Return a feature's breaker."""
        return self.by_feature.setdefault(feature, Breaker(self.clock))
