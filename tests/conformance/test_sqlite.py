"""What the embedded bus must bear alone: kill -9, power cuts, a second process, a file that cannot be written."""

import asyncio
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jeeves_service.bus import sqlite_file
from jeeves_service.bus.port import Delivery
from jeeves_service.bus.sqlite import SqliteBus
from jeeves_service.bus.topology import DEAD, WORK
from jeeves_service.errors import BusUnavailableError
from support import bus_victim
from support.buses import KEY, QUEUES, Seen, SqliteStore
from support.eventually import eventually

KILLS = int(os.environ.get("N", "60"))


def bodies(path: Path) -> list[str]:
    """Return what the file holds of the queue that nobody consumes, after a check of its integrity."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [body.decode() for (body,) in connection.execute("SELECT body FROM messages WHERE queue = ?", (WORK,))]
    finally:
        connection.close()


class Victims:
    """Processes that publish until they are killed."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, bus_victim.__file__, "publish", str(path)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def kill_one(self, name: str, lines: int) -> tuple[set[str], set[str]]:
        """Kill one after so many lines; return what it said was confirmed, and what it began to ack."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        pid, said = 0, {"+": set[str](), "-": set[str]()}
        for count, line in enumerate(self._process.stdout):
            kind, _, rest = line.strip().partition(" ")
            if kind == "pid":
                pid = int(rest)
            elif kind == "gone":
                break
            else:
                said[kind].add(rest)
            if count >= lines and pid:
                os.kill(pid, signal.SIGKILL)
                lines = sys.maxsize
        return said["+"], said["-"]

    def end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(10) == 0
        assert self._process.stdout
        self._process.stdout.close()


async def test_kill_9_at_any_point_loses_nothing_that_was_confirmed(tmp_path: Path) -> None:  # B4
    seed = random.SystemRandom().randrange(1_000_000)
    chance, path, confirmed, acked = random.Random(seed), tmp_path / "bus.sqlite", set[str](), set[str]()  # noqa: S311
    victims = Victims(path)
    for number in range(KILLS):
        plus, minus = victims.kill_one(str(number), chance.randrange(400))
        confirmed, acked = confirmed | plus, acked | minus
        there = bodies(path)
        assert len(there) == len(set(there)), f"seed {seed}"
        assert confirmed <= set(there), f"seed {seed}"
    victims.end()
    assert len(confirmed) > KILLS
    bus, seen, also = SqliteBus(path, bus_victim.QUEUES), Seen(), Seen()
    await bus.start()
    await bus.consume(WORK, seen, prefetch=50)
    await bus.consume("also", also, prefetch=50)
    await eventually(lambda: len(seen.bodies) == len(there), "all consumed")
    await bus.stop()
    consumed = {body.decode() for body in also.bodies}
    assert confirmed <= consumed | acked, f"seed {seed}"  # one queue's acks, killed in between, lose nothing either
    assert len(also.bodies) == len(consumed)
    print(f"{KILLS} kills, {len(confirmed)} confirmed, 0 lost, seed {seed}")


async def test_a_power_cut_at_any_byte_loses_nothing_that_was_confirmed(sqlite_store: SqliteStore, tmp_path: Path) -> None:
    """A commit is synced before it is confirmed, so a power cut may take any part of what was written after that."""
    bus, log, confirmed = await sqlite_store.open(), sqlite_store.path.with_name("bus.sqlite-wal"), []
    for number in range(60):
        await bus.publish(KEY, b"%d" % number)
        confirmed.append((log.stat().st_size, str(number)))
    database, written = sqlite_store.path.read_bytes(), log.read_bytes()
    for cut in sorted(random.sample(range(len(written)), 150)):
        copy = tmp_path / "cut.sqlite"
        copy.write_bytes(database)
        copy.with_name("cut.sqlite-wal").write_bytes(written[:cut] + os.urandom(min(3000, len(written) - cut)))
        if not (there := _held(copy)):
            assert confirmed[0][0] > cut
            continue
        assert [name for end, name in confirmed if end <= cut] == there[: sum(end <= cut for end, _ in confirmed)]
        copy.unlink()


def _held(path: Path) -> list[str]:
    try:
        return bodies(path)
    except sqlite3.OperationalError:  # not even the table
        return []


def test_a_commit_has_reached_the_disk_when_it_returns(tmp_path: Path) -> None:
    connection = sqlite_file.prepared(tmp_path / "bus.sqlite")
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


async def test_a_message_that_kills_its_process_ends_as_a_dead_letter(tmp_path: Path) -> None:  # A5
    path = tmp_path / "bus.sqlite"
    bus = SqliteBus(path, bus_victim.QUEUES)
    await bus.start()
    await bus.publish(bus_victim.KEY, b"deadly")
    await bus.stop()
    said = []
    for _ in range(4):
        victim = await asyncio.create_subprocess_exec(
            sys.executable, bus_victim.__file__, "poison", str(path), stdout=asyncio.subprocess.PIPE
        )
        out, _ = await victim.communicate()
        said.append(out.decode().strip())
    assert said[:3] == ["returns 0", "returns 1", "returns 2"]
    assert said[3] == "dead [('origin', 'work'), ('reason', 'crash limit')]"


async def test_what_a_killed_process_had_in_hand_comes_back_first_and_counted(tmp_path: Path) -> None:
    path, released = tmp_path / "bus.sqlite", []
    bus = SqliteBus(path, QUEUES, stop_patience=0)
    await bus.start()
    for body in (b"a", b"b"):
        await bus.publish(KEY, body)

    async def never(delivery: Delivery) -> None:
        released.append(delivery.body)
        await asyncio.Event().wait()

    await bus.consume(WORK, never, prefetch=1)
    await eventually(lambda: released, "in hand")
    await bus.publish(KEY, b"c")  # the mark is in an earlier commit, or in the same
    for file in path.parent.glob("bus.sqlite*"):
        shutil.copy(file, tmp_path / file.name.replace("bus", "left"))
    left, seen = SqliteBus(tmp_path / "left.sqlite", QUEUES), Seen()
    await left.start()
    await left.consume(WORK, seen, prefetch=1)
    await seen.until(3)
    await left.stop()
    assert list(zip(seen.bodies, seen.returns, strict=True)) == [(b"a", 1), (b"b", 0), (b"c", 0)]
    await bus.stop()


async def test_a_second_process_is_told_who_has_the_file(sqlite_store: SqliteStore) -> None:
    first = await sqlite_store.open()
    second = sqlite_store.make()
    with pytest.raises(BusUnavailableError, match=f"in use by process {os.getpid()}"):
        await second.start()
    await first.stop()
    await second.start()
    await second.stop()


async def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    (tmp_path / "garbage").write_bytes(b"not a database" * 500)
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "a-file" / "bus.sqlite", tmp_path / "garbage", tmp_path / "folder"):
        with pytest.raises(BusUnavailableError, match=re.escape(str(path))):
            await SqliteBus(path, QUEUES).start()


async def test_acks_and_returns_of_a_time_when_the_file_was_locked_are_written_later(sqlite_store: SqliteStore) -> None:
    bus, seen = await sqlite_store.open(), Seen()
    await bus.publish(KEY, b"x")
    sqlite_store.stall()
    await bus.consume(WORK, seen, prefetch=1)
    await seen.until(1)
    with pytest.raises(BusUnavailableError):
        await bus.publish(KEY, b"y")  # the lock is in its way, and in the ack's
    sqlite_store.resume()
    await eventually(lambda: bodies(sqlite_store.path) == [], "deleted in the end", within=5)
    await bus.check()


async def test_an_idle_bus_costs_nothing(sqlite_store: SqliteStore) -> None:
    bus, seen = await sqlite_store.open(), Seen()
    await bus.consume(WORK, seen, prefetch=10)
    await bus.send("retry.long", b"x")
    begun = time.process_time()
    await seen.until(1)  # 0.9 s, polled by the test itself
    assert time.process_time() - begun < 0.3


class Stepped:
    """A clock that stands where it was set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def test_a_delay_is_over_when_its_wall_time_has_come_and_never_longer_than_whole(tmp_path: Path) -> None:
    start, path = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), tmp_path / "bus.sqlite"
    bus = SqliteBus(path, QUEUES, clock=Stepped(start))
    await bus.start()
    await bus.send("retry.long", b"x")
    await bus.stop()
    for later, comes_at_once in ((timedelta(seconds=0.8), False), (timedelta(hours=-2), False), (timedelta(hours=2), True)):
        again, seen = SqliteBus(path, QUEUES, clock=Stepped(start + later)), Seen()
        await again.start()
        delays = again._queues["retry.long"].messages
        assert [message.place - (start + later).timestamp() <= 0.901 for message in delays] == [True] * (not comes_at_once)
        if comes_at_once:
            await again.consume(WORK, seen, prefetch=1)
            await seen.until(1)
        await again.stop()


async def test_dead_letters_and_undeclared_queues_wait_for_their_consumer(tmp_path: Path) -> None:
    path, seen = tmp_path / "bus.sqlite", Seen()
    first = SqliteBus(path, QUEUES)
    await first.start()
    await first.send(DEAD, b"kept")
    await first.stop()
    second = SqliteBus(path, QUEUES[:1])
    await second.start()
    await second.consume(DEAD, seen, prefetch=1)
    await seen.until(1)
    await second.stop()
