"""What a signal does before anything else listens for it."""

import os
import signal
import sys


def quietly() -> None:
    """Leave at once with exit code 0, until a loop takes the signals over: nothing is held yet."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def by_exception() -> None:
    """Make SIGTERM and SIGHUP end what was begun, as SIGINT does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
