"""`python -m bench.statistics [sqlite]`: how long the statistics of a year take, of a million records.

On a database of its own in the PostgreSQL of DATABASE_TEST_URL, else on a server of its own; or on SQLite. Exits with 1 when
on PostgreSQL one of the views of a year takes 200 ms or more in 1 of 20 requests, over HTTP.
"""

import asyncio
import contextlib
import http.client
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from bench import statistics_rows
from bench.load import percentile
from bench.processes import kept, origin, running
from bench.results import show
from jeeves.quit import by_exception
from jeeves.servers.postgres import PostgreSQL
from jeeves.servers.processes import free_ports
from jeeves.stack.probe import ask
from jeeves_service import tokens
from jeeves_service.clock import SystemClock
from users_service.engine import Database, create_engine
from users_service.migrate import upgrade
from users_service.service.rollups import Rollups

TIMES, MOST = 50, 0.2  # requests of a view, and seconds that 19 of 20 may take
ADMIN_TOKEN = "bootstrap-of-a-benchmark"  # noqa: S105 - of a service that lives for a minute
VIEWS = ("month", "day", "week", "feature", "command", "month,feature", "installation", "month&installation_id=slack:T01",
         "day&installation_id=slack:T01")  # fmt: skip


@contextlib.asynccontextmanager
async def database(folder: Path, kind: str) -> AsyncIterator[str]:
    """Give the URL of an empty database, which is dropped at the end."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder}/jeeves.sqlite"
        return
    with contextlib.ExitStack() as ends:
        server = os.environ.get("DATABASE_TEST_URL")
        if not server:
            own = PostgreSQL.at(folder / "postgres")
            await asyncio.to_thread(own.start)
            ends.callback(own.stop)
            server = own.url
        name = f"bench_{secrets.token_hex(6)}"
        await _administer(server, f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            await _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _administer(server: str, words: str) -> None:
    engine = create_engine(server, patience=60)
    try:
        async with engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute(words)
    finally:
        await engine.dispose()


async def prepare(url: str) -> None:
    """Make the tables, put in a year, add it up; tell how long each took."""
    now = datetime.now(UTC)
    await asyncio.to_thread(upgrade, url)
    begun = time.monotonic()
    await statistics_rows.load(url, now)
    show(f"{statistics_rows.ROWS:,} records put in: {time.monotonic() - begun:.1f} s")
    own, begun = Database(url), time.monotonic()
    try:
        done = await Rollups(own, SystemClock()).add_up()
    finally:
        await own.aclose()
    took = time.monotonic() - begun
    show(f"{done} days added up: {took:.1f} s, {took / done * 1000:.0f} ms a day")
    await statistics_rows.tidy(url)


def measured(port: int) -> bool:
    """Ask for each view over HTTP and tell how long it took; say whether all are as fast as they should be."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def call(method: str, path: str, token: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, f"/api/v1{path}", json.dumps(body) if body else None, headers)
        response = connection.getresponse()
        told = json.loads(response.read())
        if response.status not in (200, 201):
            raise RuntimeError(f"{path}: {response.status} {told}")
        return told

    now = datetime.now(UTC)
    asked = {"name": "bench", "scopes": ["statistics:read"], "expires_at": (now + timedelta(days=1)).isoformat()}
    token = call("POST", "/tokens", ADMIN_TOKEN, asked)["token"]
    year, good = f"from={now.date() - timedelta(days=364)}&to={now.date()}", True
    show(f"{'a year by':<32} {'rows':>6} {'answers':>10} {'people':>7} {'p50':>8} {'p95':>8} {'max':>8}")
    for view in VIEWS:
        took = []
        for _ in range(TIMES):
            begun = time.monotonic()
            told = call("GET", f"/statistics?{year}&by={view}", token)
            took.append(time.monotonic() - begun)
        p50, p95, most = (f"{percentile(took, part) * 1000:.0f} ms" for part in (0.5, 0.95, 1))
        totals = told["totals"]
        counted = f"{len(told['rows']):>6} {totals['count']:>10,} {totals['active_people']:>7,}"
        show(f"{view:<32} {counted} {p50:>8} {p95:>8} {most:>8}")
        good &= percentile(took, 0.95) < MOST
    return good


async def run(folder: Path, kind: str) -> bool:
    """Measure on one kind of database."""
    async with database(folder, kind) as url:
        await prepare(url)
        port, ops_port = free_ports(2)
        private, public = tokens.new_keys({"users-service": []})
        settings = {
            "JEEVES_PORT": str(port), "JEEVES_OPS_PORT": str(ops_port), "JEEVES_DATABASE_URL": url,
            "JEEVES_AMQP_URL": f"sqlite:///{folder}/bus.sqlite", "JEEVES_SERVICE_KEY": private["users-service"],
            "JEEVES_SERVICE_KEYS": public, "JEEVES_ADMIN_TOKEN": ADMIN_TOKEN,
        }  # fmt: skip
        command, log = [sys.executable, "-m", "users_service"], folder / "users-service.log"

        def ready() -> bool:
            return ask("GET", f"{origin(ops_port)}/readyz")[0] == 200  # noqa: PLR2004

        with running("users-service", command, {**kept(), **settings}, log, ready):
            return await asyncio.to_thread(measured, port)


def main() -> int:
    """Run it; return the exit code."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "postgresql"
    with tempfile.TemporaryDirectory(prefix="jeeves-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL may run as another user
        show(f"{kind}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        good = asyncio.run(run(folder, kind))
    if not good:
        show(f"A view of a year takes {MOST * 1000:.0f} ms or more in 1 of 20 requests.")
    return int(not good and kind != "sqlite")


if __name__ == "__main__":
    by_exception()  # so that what was begun is ended on SIGTERM as well
    sys.exit(main())
