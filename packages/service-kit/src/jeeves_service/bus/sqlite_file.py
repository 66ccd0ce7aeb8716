"""The file of the embedded bus: one thread that writes, and commits together what waits at the same time.

`synchronous=FULL` in WAL mode: a commit has reached the disk when it returns. What is confirmed to a publisher is in a commit;
what only keeps the file tidy (delivery marks, deletes of what is acked) is in the next one, and is owed until one succeeds.
"""

import contextlib
import fcntl
import os
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from jeeves_service.errors import BusUnavailableError

BUSY = 1500  # milliseconds that a commit may wait for somebody else's lock on the file
AGAIN = 1.0  # seconds until a failed commit's debts are tried again
BATCH = 500  # writes in one commit
SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY,  -- the order in its queue
    queue TEXT NOT NULL,
    body BLOB NOT NULL,
    headers TEXT NOT NULL,
    returns INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,  -- handed to a handler since it was stored or came back
    ready_at REAL  -- seconds since 1970, for what lies in a delay queue
)
"""
Row = tuple[int, str, bytes, str, int, int, float | None]
Statement = tuple[str, tuple[Any, ...]]
Done = Callable[[Exception | None], None]
Write = tuple[list[Statement], Done | None]


class File:
    """Opened by one process at a time. `confirm` is called in the writer's thread with the outcome of each commit."""

    def __init__(self, path: Path, confirm: Callable[[list[Done], Exception | None], None]) -> None:
        self.path, self._confirm = path, confirm
        self.failure: Exception | None = None
        self._writes: queue.SimpleQueue[Write | None] = queue.SimpleQueue()
        self._owed: list[Statement] = []
        self._lock: IO[str] | None = None
        self._thread: threading.Thread | None = None

    @property
    def open(self) -> bool:
        """Whether it can be written to."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> list[Row]:
        """Open the file and return all that it holds, in order. Blocks: not for the event loop.

        Raises BusUnavailableError when another process has it, or when it cannot be opened.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(self.path)
            connection = prepared(self.path)
            rows: list[Row] = connection.execute("SELECT * FROM messages ORDER BY id").fetchall()
        except (OSError, sqlite3.Error) as error:
            self._unlock()
            raise BusUnavailableError(f"the bus cannot open {self.path}: {error}") from error
        self._thread = threading.Thread(target=self._run, args=(connection,), name="bus-writer", daemon=True)
        self._thread.start()
        return rows

    def write(self, *statements: Statement, done: Done | None = None) -> None:
        """Have statements committed together. With `done` they are tried once; without, until they succeed."""
        self._writes.put((list(statements), done))

    def stop(self) -> None:
        """Commit what waits, close the file. Blocks: not for the event loop."""
        thread, self._thread = self._thread, None
        if thread:
            self._writes.put(None)
            thread.join()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def _run(self, connection: sqlite3.Connection) -> None:
        with contextlib.closing(connection):
            more = True
            while more:
                batch, more = self._gather()
                self._commit(connection, batch)
            with contextlib.suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _gather(self) -> tuple[list[Write], bool]:
        """Wait for a write, then take with it all that wait already."""
        batch: list[Write] = []
        try:
            item = self._writes.get(timeout=AGAIN if self._owed else None)
            while item is not None and len(batch) < BATCH:
                batch.append(item)
                item = self._writes.get_nowait()
        except queue.Empty:
            return batch, True
        if item is not None:
            batch.append(item)
        return batch, item is not None

    def _commit(self, connection: sqlite3.Connection, batch: list[Write]) -> None:
        asked = [done for _, done in batch if done]
        failure: Exception | None = None
        try:
            connection.execute("BEGIN IMMEDIATE")
            for sql, values in self._owed:
                connection.execute(sql, values)
            for statements, _ in batch:
                for sql, values in statements:
                    connection.execute(sql, values)
            connection.execute("COMMIT")
            self._owed = []
        except Exception as error:  # noqa: BLE001 - whatever it is, its publishers hear of it
            failure = error
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            self._owed += [statement for statements, done in batch if not done for statement in statements]
        self.failure = failure
        if asked:
            self._confirm(asked, failure)


def prepared(path: Path) -> sqlite3.Connection:
    """Open the file as every writer must: what is committed is on the disk. Raises sqlite3.Error."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection


def _locked(path: Path) -> IO[str]:
    lock = path.with_name(f"{path.name}.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise BusUnavailableError(f"{path} is in use by process {holder}: one bus file serves one process.") from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock
