"""A batch is one transaction; when that fails because of what is in it, each item is tried alone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from jeeves_service.errors import TransientError
from jeeves_service.logs import logger

In = TypeVar("In")
Out = TypeVar("Out")
log = logger(__name__)


def about_the_data(error: Exception) -> bool:
    """Say whether a database error lies in what was to be stored, so that trying again cannot help."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return isinstance(error, IntegrityError | DataError) or state[:2] in ("22", "23")
    return True


async def each_or_all(
    run: Callable[[Sequence[In]], Awaitable[list[Out]]], items: Sequence[In], alone: Callable[[Exception], Out]
) -> list[Out]:
    """Run a batch; where it fails because of its data, each item alone, and `alone(error)` for those that fail again.

    Raises TransientError when the database is the reason.
    """
    try:
        return await run(items)
    except (StatementError, UnicodeError, ValueError, OSError) as error:
        if isinstance(error, OSError) or not about_the_data(error):
            raise TransientError(f"the database does not answer: {error.__class__.__name__}") from error
        log.warning("a batch failed", size=len(items), error=error.__class__.__name__)
        if len(items) == 1:
            return [alone(error)]
    return [out for item in items for out in await each_or_all(run, [item], alone)]
