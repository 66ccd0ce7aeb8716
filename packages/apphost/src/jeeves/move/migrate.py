"""Bring the database that is meant to the newest revision, and say what there was and is."""

import asyncio
import contextlib

from jeeves.environment import Given
from jeeves.hold import holding
from jeeves.move.places import Embedded, database
from users_service.migrate import answering, current, head, upgrade


def migrate(given: Given, *, check: bool) -> tuple[bool, str]:
    """Migrate, or with `check` only look; return whether it is still behind, and a line that says so.

    Raises AlreadyRunningError where the database is the data folder's and Jeeves runs on it, TransientError where it is away.
    """
    url = database(given)
    embedded = Embedded(given.data)
    if url == embedded.url and not embedded.database.exists() and check:
        return True, f"There are no tables yet. The newest revision is {head()}."
    ours = url == embedded.url and not check
    with holding(given.data, given.port) if ours else contextlib.nullcontext(), answering("the database"):
        before = asyncio.run(current(url))
        if before == head():
            return False, f"The tables are at {before}, the newest revision."
        if check:
            return True, f"The tables are at {before or 'no revision'}. The newest is {head()}: run `jeeves migrate`."
        upgrade(url)
        return False, f"The tables were at {before or 'no revision'}, and are now at {head()}, the newest."
