"""Every error that a service handles on purpose.

JeevesError
├── PermanentError        it will fail again: 4xx, dead letter
│   ├── UnauthenticatedError   401
│   ├── ForbiddenError         403
│   │   └── DeniedError            by a policy, which it names
│   ├── NotFoundError          404: not there, or not theirs to know of
│   ├── ConflictError          409: not in the state it is in
│   ├── PreconditionFailedError  412: it has changed since it was read
│   └── InvalidError           422: a sentence for each field
├── TransientError        it may work later: 503, retry
│   ├── BusUnavailableError    the broker did not confirm
│   │   └── UnroutableError    confirmed, but no queue would have it
│   ├── NotSentError           an HTTP request that surely reached nobody
│   ├── NoAnswerError          an HTTP request that may have been taken
│   │   └── TooLongError           its answer was longer than what is read
│   ├── TooManyError           429: later
│   └── AwayError              another service is away or busy, whatever it was asked
└── SettingsError         an operator's mistake: one line per wrong setting, stops the start
"""

from collections.abc import Mapping


class JeevesError(Exception):
    """The root of what Jeeves raises on purpose."""


class PermanentError(JeevesError):
    """It will fail again however often it is tried."""


class UnauthenticatedError(PermanentError):
    """Nobody, or nobody we can believe, asks."""


class ForbiddenError(PermanentError):
    """We know who asks, and they may not."""


class DeniedError(ForbiddenError):
    """They may not, by a policy that has a name."""

    def __init__(self, policy: str, words: str) -> None:
        super().__init__(words)
        self.policy = policy


class NotFoundError(PermanentError):
    """It is not there; or it is somebody else's, which is not told."""


class ConflictError(PermanentError):
    """It cannot be done to a thing in the state that it is in."""


class PreconditionFailedError(PermanentError):
    """It was asked for a state that the thing is no longer in."""


class InvalidError(PermanentError):
    """What was given breaks a rule: one sentence for each field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors.items()))
        self.errors = dict(errors)


class TransientError(JeevesError):
    """It may work when tried later."""


class BusUnavailableError(TransientError):
    """The bus did not confirm in time: the message may or may not be stored."""


class UnroutableError(BusUnavailableError):
    """The bus has no queue for this routing key."""


class NotSentError(TransientError):
    """The request surely reached nobody: the connection was never made."""


class NoAnswerError(TransientError):
    """The request may have been taken: time-out, reset, or an answer that could not be read."""


class TooLongError(NoAnswerError):
    """The answer was longer than what is read."""


class TooManyError(TransientError):
    """More was asked than is allowed: again in `seconds`."""

    def __init__(self, words: str, seconds: float) -> None:
        super().__init__(words)
        self.seconds = seconds


class AwayError(TransientError):
    """Another service is away or busy: it would have said so to any question."""


class SettingsError(JeevesError):
    """`lines` are one sentence for each wrong setting."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
