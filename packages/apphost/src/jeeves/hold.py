"""One process for one data folder: the first has it, the second is told who has."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path


class AlreadyRunningError(Exception):
    """Another process holds the data folder."""


@contextlib.contextmanager
def holding(folder: Path, port: int) -> Iterator[None]:
    """Hold a data folder alone. Raises AlreadyRunningError that names who has it."""
    with (folder / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            with contextlib.suppress(ValueError):
                first = json.loads(file.read())
                raise AlreadyRunningError(
                    f"Jeeves already runs on the data in {folder}: process {first['pid']}, port {first['port']}. "
                    "Stop it first, or choose another JEEVES_DATA_DIR and JEEVES_PORT."
                ) from None
            raise AlreadyRunningError(f"Another process is just starting on the data in {folder}.") from None
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "port": port}))
        file.flush()
        yield
