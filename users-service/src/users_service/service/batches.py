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


def is_away(error: Exception) -> bool:
    """Say whether the database itself is the reason, so that the same may work later."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return not (isinstance(error, IntegrityError | DataError) or state[:2] in ("22", "23"))
    return isinstance(error, OSError | PoolTimeoutError)  # the built-in TimeoutError is an OSError


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
            return await run(items)
    except JeevesError:
        raise
    except Exception as error:  # noqa: BLE001 - one item's fault, whatever it is, must not be the others'
        log.warning("a batch failed", size=len(items), error=error.__class__.__name__)
        if len(items) == 1:
            return [alone(error)]
    return [out for item in items for out in await each_or_all(run, [item], alone)]
