"""What an embedded bus that nobody runs still holds, for who takes it elsewhere."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from jeeves_service.bus.port import Headers
from jeeves_service.errors import BusUnavailableError

PART = 100  # rows that are held at a time


def count(path: Path) -> dict[str, int]:
    """Return how many messages wait in each queue; none where there is no file. Raises BusUnavailableError."""
    if not path.exists():
        return {}
    with _opened(path) as file:
        return dict(file.execute("SELECT queue, COUNT(*) FROM messages GROUP BY queue ORDER BY queue"))


def waiting(path: Path) -> Iterator[tuple[str, bytes, Headers]]:
    """Return every message with its queue, in the order of the queues' own. Takes nothing out. Raises BusUnavailableError."""
    if not path.exists():
        return
    with _opened(path) as file:
        rows = file.execute("SELECT queue, body, headers FROM messages ORDER BY id")
        while part := rows.fetchmany(PART):
            for queue, body, headers in part:
                yield queue, body, json.loads(headers)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with contextlib.closing(sqlite3.connect(path)) as file:
            yield file
    except sqlite3.Error as error:
        raise BusUnavailableError(f"the bus cannot read {path}: {error}") from error
