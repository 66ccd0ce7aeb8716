"""A batch is one transaction; when that fails because of what is in it, each item is tried alone."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from jeeves_service.errors import JeevesError, TransientError
from jeeves_service.logs import logger

In = TypeVar("In")
Out = TypeVar("Out")
log = logger(__name__)
#: What databases say to a transaction that they end for the sake of another: a deadlock, a state that did not stay as it was,
#: a row that was referred to and is gone meanwhile.
IN_THE_WAY = ("40001", "40P01", "23503")
#: The same by MariaDB's numbers: a deadlock; a savepoint that went with it; a row that changed since, or is gone.
NUMBERS = (1213, 1305, 1020, 1452)
TRIES = 3  # times that a batch is begun whose transaction is ended so


class OvertakenError(TransientError):
    """Another transaction changed what this one had read: the same works at once."""


def is_away(error: Exception) -> bool:
    """Say whether the database itself is the reason, so that the same may work later."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return not (isinstance(error, IntegrityError | DataError) or state[:2] in ("22", "23"))
    return isinstance(error, OSError | PoolTimeoutError)  # the built-in TimeoutError is an OSError


def was_in_the_way(error: Exception) -> bool:
    """Say whether a transaction was ended for the sake of another one, so that the same may work at once."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return False
    return getattr(error.orig, "sqlstate", None) in IN_THE_WAY or error.orig.args[:1] in {(number,) for number in NUMBERS}


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Let a database that is away be a TransientError, which is answered 503."""
    try:
        yield
    except Exception as error:
        if is_away(error):
            raise TransientError(f"the database does not answer: {error.__class__.__name__}") from error
        raise


async def each_or_all(
    run: Callable[[Sequence[In]], Awaitable[list[Out]]], items: Sequence[In], alone: Callable[[Exception], Out]
) -> list[Out]:
    """Run a batch; where it fails because of what is in it, each item alone, and `alone(error)` for those that fail again.

    Raises TransientError when the database is the reason.
    """
    try:
        with database():
            return await again(lambda: run(items))
    except JeevesError:
        raise
    except Exception as error:  # noqa: BLE001 - one item's fault, whatever it is, must not be the others'
        log.warning("a batch failed", size=len(items), error=error.__class__.__name__)
        if len(items) == 1:
            return [alone(error)]
    return [out for item in items for out in await each_or_all(run, [item], alone)]


async def again(run: Callable[[], Awaitable[Out]]) -> Out:
    """Do it, and begin again a few times where its transaction stood in another's way."""
    for _ in range(TRIES - 1):
        try:
            return await run()
        except (DBAPIError, OvertakenError) as error:
            if not was_in_the_way(error) and not isinstance(error, OvertakenError):
                raise
    return await run()
