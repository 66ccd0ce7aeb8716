"""A year of activity for `bench.statistics`: 2,000 people in twenty workspaces, some large, most small."""

import random
import sqlite3
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate, islice
from typing import Any

from users_service.engine import create_engine

ROWS, DAYS, PEOPLE, PLACES, SEED = 1_000_000, 365, 2_000, 20, 20_261_125
TABLE, BATCH = "activity", 50_000
COLUMNS = (
    "message_id", "fence", "installation_id", "person_id", "trigger", "feature", "command", "outcome", "duration_ms", "at",
)  # fmt: skip
#: Feature, command, how often: most ask for the weather, some for what is rare.
COMMANDS = [
    ("weather", "weather", 50), ("config", "tell", 12), ("config", "show", 6), ("config", "forget", 3), ("dice", "roll", 5),
    ("dice", "cards", 2), ("translate", "translate", 8), ("remind", "remind", 6), (None, "help", 4), (None, "hi", 2),
    (None, "undo", 1), (None, "hint", 1),
]  # fmt: skip
TRIGGERS, OFTEN = ("message", "schedule", "action"), (80, 15, 5)
Record = tuple[Any, ...]


def rows(now: datetime, count: int = ROWS) -> Iterator[Record]:
    """Yield records of the last 365 days, the same ones for the same time."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    people = [(str(uuid.UUID(int=chance.getrandbits(128), version=4)), _place(chance)) for _ in range(PEOPLE)]
    eager = list(accumulate(chance.paretovariate(1.5) for _ in people))
    commands, weights = [(feature, command) for feature, command, _ in COMMANDS], [often for *_, often in COMMANDS]
    usual = list(accumulate(weights))
    for number in range(count):
        (person,) = chance.choices(people, cum_weights=eager)
        (feature, command), (trigger,) = chance.choices(commands, cum_weights=usual)[0], chance.choices(TRIGGERS, OFTEN)
        outcome = "failed" if chance.random() < 0.02 else "answered"  # noqa: PLR2004
        took = int(chance.lognormvariate(5.2, 0.9))
        at = now - timedelta(seconds=chance.random() * DAYS * 86_400)
        yield f"slack:{number:016x}", 1, person[1], person[0], trigger, feature, command, outcome, took, at


def _place(chance: random.Random) -> str:
    return f"slack:T{min(PLACES, int(chance.paretovariate(0.7))):02}"


async def load(url: str, now: datetime) -> None:
    """Put the records into a database at the newest revision, and let it look at them as it would by itself."""
    made = rows(now)
    if url.startswith("sqlite"):
        _load_file(url.removeprefix("sqlite+aiosqlite:///"), made)
        return
    engine = create_engine(url, patience=600)
    try:
        async with engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            while batch := list(islice(made, BATCH)):
                await driver.copy_records_to_table(TABLE, records=batch, columns=COLUMNS)
    finally:
        await engine.dispose()


async def tidy(url: str) -> None:
    """Have PostgreSQL do now what its autovacuum does within minutes."""
    if url.startswith("sqlite"):
        return
    engine = create_engine(url, patience=600)
    try:
        async with engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute("VACUUM ANALYZE")
    finally:
        await engine.dispose()


def _load_file(path: str, made: Iterator[Record]) -> None:
    columns, places = ", ".join(f'"{name}"' for name in COLUMNS), ", ".join("?" * len(COLUMNS))
    connection = sqlite3.connect(path)
    try:
        for record in iter(lambda: list(islice(made, BATCH)), []):
            texts = [(*one[:-1], one[-1].strftime("%Y-%m-%d %H:%M:%S.%f")) for one in record]
            connection.executemany(f"INSERT INTO {TABLE} ({columns}) VALUES ({places})", texts)  # noqa: S608 - our own names
            connection.commit()
    finally:
        connection.close()
