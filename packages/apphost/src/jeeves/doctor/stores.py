"""The database and the broker."""

import asyncio
from datetime import UTC, datetime

from jeeves.doctor.finding import Finding
from jeeves.environment import Given
from jeeves_service.bus import connect
from jeeves_service.errors import JeevesError
from users_service.engine import Database
from users_service.migrate import current, head

PATIENCE = 10.0  # seconds
APART = 5.0  # seconds that two clocks may differ: tokens between services bear no more


async def database(given: Given) -> list[Finding]:
    """Look whether the database answers, at the newest revision, with a clock like ours."""
    usual = f"sqlite+aiosqlite:///{given.data}/jeeves.sqlite"
    url = given.values.get("JEEVES_DATABASE_URL", usual)
    if url == usual and not (given.data / "jeeves.sqlite").exists():
        return [Finding("database", None, f"there is none in {given.data} yet: the first `make run` makes it")]
    try:
        store = Database(url)
    except Exception as error:  # noqa: BLE001 - whatever a driver makes of what is no address
        words = f"JEEVES_DATABASE_URL cannot be read: {error.__class__.__name__}"
        return [Finding("database", False, words, "Write it as docs/settings.md has it.")]
    try:
        async with asyncio.timeout(PATIENCE):
            theirs = await store.now()
        revision = await current(url)
    except Exception as error:  # noqa: BLE001 - whatever a driver raises, it does not answer
        words = f"{store.dialect} does not answer: {error.__class__.__name__}"
        return [Finding("database", False, words, "Start it, and compare JEEVES_DATABASE_URL with its address and password.")]
    finally:
        await store.aclose()
    found = [_revision(store.dialect, revision)]
    if theirs is not None:
        found.append(_clock("the database's", theirs))
    return found


def _revision(dialect: str, revision: str | None) -> Finding:
    if revision == head():
        return Finding("database", True, f"{dialect} answers, at revision {revision}")
    words = f"{dialect} is at revision {revision or 'none'}, and the newest is {head()}"
    return Finding("database", False, words, "Run `jeeves migrate`.")


def _clock(whose: str, theirs: datetime) -> Finding:
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    if apart <= APART:
        return Finding("clock", True, f"it is with {whose} to {apart:.1f} s")
    words = f"it differs from {whose} by {apart:.0f} s"
    return Finding("clock", False, words, "Let a time service such as chrony or systemd-timesyncd keep both clocks.")


async def broker(given: Given) -> list[Finding]:
    """Look whether the broker takes our connection."""
    url = given.values.get("JEEVES_AMQP_URL")
    if url is None:
        return [Finding("broker", True, "none is needed: the embedded form keeps its queues in a file")]
    try:
        bus = connect(url)
        async with asyncio.timeout(PATIENCE):
            await bus.start()
            try:
                await bus.check()
            finally:
                await bus.stop()
    except (JeevesError, OSError, ValueError, TimeoutError) as error:
        words = f"it does not answer: {str(error) or error.__class__.__name__}"
        return [Finding("broker", False, words[:300], "Start RabbitMQ, and compare JEEVES_AMQP_URL with its address and user.")]
    return [Finding("broker", True, "it answers")]
