"""Every error that a service handles on purpose.

JeevesError
├── PermanentError        it will fail again: 4xx, dead letter
│   ├── UnauthenticatedError   401
│   └── ForbiddenError         403
├── TransientError        it may work later: 503, retry
│   ├── BusUnavailableError    the broker did not confirm
│   │   └── UnroutableError    confirmed, but no queue would have it
│   ├── NotSentError           an HTTP request that surely reached nobody
│   ├── NoAnswerError          an HTTP request that may have been taken
│   │   └── TooLongError           its answer was longer than what is read
│   └── AwayError              another service is away or busy, whatever it was asked
└── SettingsError         an operator's mistake: one line per wrong setting, stops the start
"""


class JeevesError(Exception):
    """The root of what Jeeves raises on purpose."""


class PermanentError(JeevesError):
    """It will fail again however often it is tried."""


class UnauthenticatedError(PermanentError):
    """Nobody, or nobody we can believe, asks."""


class ForbiddenError(PermanentError):
    """We know who asks, and they may not."""


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


class AwayError(TransientError):
    """Another service is away or busy: it would have said so to any question."""


class SettingsError(JeevesError):
    """`lines` are one sentence for each wrong setting."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
