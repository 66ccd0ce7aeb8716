"""From the embedded form to the distributed one, with all that there is (S147, S148, S149)."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jeeves.cli import app
from jeeves.environment import Given
from jeeves.hold import AlreadyRunningError, holding
from jeeves.move import waiting
from jeeves.move.move import move_all, moved
from jeeves.move.places import Embedded
from jeeves_contracts.actions import FactSet
from jeeves_service.bus.topology import Queue
from jeeves_service.errors import ConflictError, SettingsError, TransientError
from support.buses import RabbitStore, Seen, rabbit
from support.databases import count
from support.messages import envelope, item, message
from support.scheduling import office
from support.users import running
from users_service.migrate import current, downgrade, head, upgrade
from users_service.models import fact_history, people, schedules

TOLD = {"location": "São Paulo 🌧", "units": "metric"}
RECEIVED = "chat.message.received.v1.slack"


@pytest.fixture
async def embedded(tmp_path: Path) -> Embedded:
    """A data folder in which people said things, told facts, keep a schedule; three messages wait on the bus."""
    made = Embedded(tmp_path / "data")
    made.folder.mkdir()
    await asyncio.to_thread(upgrade, made.url)
    async with running(made.url, made.folder) as users:
        await users.answered(item(), "noted", changes=[FactSet(name=name, value=value) for name, value in TOLD.items()])
        await users.answered(item(message(user="U2")), "👋 hello\x00")
        await users.bus.declare(Queue("overflow.slow"))
        await users.bus.publish(RECEIVED, envelope(message("one")).to_bytes(), {"tries": 0})
        await users.bus.publish(RECEIVED, envelope(message("two")).to_bytes())
        await users.bus.send("overflow.slow", envelope(message("three")).to_bytes(), {"tries": 1})
    async with office(made.url, made.folder) as desk:
        await desk.put()
    return made


@pytest.fixture
async def rabbits(amqp_url: str) -> AsyncIterator[RabbitStore]:
    async with rabbit(amqp_url) as made:
        yield made


@pytest.fixture(params=["database_url", "mariadb_url"])
def target(request: pytest.FixtureRequest) -> str:
    """An empty database of each server."""
    url: str = request.getfixturevalue(request.param)
    return url


def given(embedded: Embedded, **more: str) -> Given:
    return Given.read({"JEEVES_DATA_DIR": str(embedded.folder), **more})


async def test_all_that_people_said_and_keep_is_there_after_a_move(
    embedded: Embedded, target: str, rabbits: RabbitStore
) -> None:
    counted, published = await moved(embedded, target, rabbits.make(waiting.known(embedded.bus)))
    rows = {one.table: one.rows for one in counted}
    assert published == 3
    assert (rows["people"], rows["facts"], rows["schedules"], rows["messages"]) == (2, 2, 1, 3)
    async with running(target, embedded.folder) as users:
        assert (await users.context(item())).facts == TOLD
        await users.answered(item(), "noted", changes=[FactSet(name="location", value="Paris")])  # its history has a number
        assert len(await users.rows(fact_history.select())) == 3
    async with office(target, embedded.folder) as desk:
        (row,) = await desk.rows(schedules.select())
        await desk.until(row.next_due + timedelta(seconds=1))
        assert len((await desk.lease()).runs) == 1


async def test_what_waited_on_the_bus_waits_on_rabbitmq_in_its_order(
    embedded: Embedded, database_url: str, rabbits: RabbitStore
) -> None:
    await moved(embedded, database_url, rabbits.make(waiting.known(embedded.bus)))
    bus = await rabbits.open(waiting.known(embedded.bus))
    work, overflow = Seen(), Seen()
    await bus.consume("work", work, prefetch=1)
    await bus.consume("overflow.slow", overflow, prefetch=1)
    await work.until(2)
    await overflow.until(1)
    assert [b'"one"' in body or b'"two"' in body for body in work.bodies] == [True, True]
    assert b'"one"' in work.bodies[0]
    assert work.headers[0]["tries"] == 0
    assert overflow.headers[0]["tries"] == 1


async def test_a_move_that_is_killed_before_its_end_has_moved_nothing_and_can_be_run_again(
    embedded: Embedded, target: str, rabbits: RabbitStore, tmp_path: Path
) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    silent.settimeout(30)
    secret = tmp_path / "url"
    secret.write_text(target, encoding="utf-8")
    environ = {
        "PATH": os.environ["PATH"],
        "JEEVES_DATA_DIR": str(embedded.folder),
        "JEEVES_DATABASE_URL_FILE": str(secret),
        "JEEVES_AMQP_URL": f"amqp://x:y@127.0.0.1:{silent.getsockname()[1]}/",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "jeeves", "move", env=environ)
    try:
        reached, _ = await asyncio.to_thread(silent.accept)  # by now every row is copied, and not committed
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
        silent.close()
    reached.close()
    assert await asyncio.to_thread(count, target, people.name) == 0
    counted, published = await moved(embedded, target, rabbits.make(waiting.known(embedded.bus)))
    assert ({one.table: one.rows for one in counted}["people"], published) == (2, 3)


async def test_a_broker_that_is_away_stops_the_move_with_nothing_moved(
    embedded: Embedded, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "TRIES", 1)
    away = "amqp://x:y@127.0.0.1:1/"
    with pytest.raises(TransientError):
        await asyncio.to_thread(lambda: list(move_all(given(embedded), database_url, away)))
    assert await asyncio.to_thread(count, database_url, people.name) == 0
    assert embedded.database.exists()


async def test_messages_that_wait_need_a_broker(embedded: Embedded, database_url: str) -> None:
    with pytest.raises(ConflictError, match=r"3 messages still wait .*overflow.slow, work.* --amqp"):
        await asyncio.to_thread(lambda: list(move_all(given(embedded), database_url, None)))


async def test_data_on_which_jeeves_runs_are_not_moved(embedded: Embedded, database_url: str) -> None:
    embedded.bus.unlink()  # nothing waits
    with holding(embedded.folder, 8000), pytest.raises(AlreadyRunningError, match="already runs on the data"):
        await asyncio.to_thread(lambda: list(move_all(given(embedded), database_url, None)))


async def test_only_an_empty_database_at_the_newest_revision_is_moved_to(embedded: Embedded, target: str) -> None:
    embedded.bus.unlink()  # nothing waits
    await asyncio.to_thread(upgrade, target)
    await asyncio.to_thread(downgrade, target, "0002")
    with pytest.raises(ConflictError, match=r"revision 0002, and the newest is .* `jeeves migrate`"):
        await moved(embedded, target, None)
    await asyncio.to_thread(upgrade, target)
    await moved(embedded, target, None)
    with pytest.raises(ConflictError, match="not empty"):
        await moved(embedded, target, None)


async def test_the_command_says_what_it_moved_and_puts_the_old_files_aside(embedded: Embedded, database_url: str) -> None:
    embedded.bus.unlink()  # nothing waits
    environ = {"JEEVES_DATA_DIR": str(embedded.folder), "JEEVES_DATABASE_URL": database_url}
    done = await asyncio.to_thread(CliRunner().invoke, app, ["move"], env=environ)
    assert done.exit_code == 0, done.output
    assert "people" in done.output
    assert "2 rows" in done.output
    assert not embedded.database.exists()
    assert (embedded.folder / "jeeves.sqlite.moved").exists()
    again = await asyncio.to_thread(CliRunner().invoke, app, ["move"], env=environ)
    assert again.exit_code == 1
    assert "nothing to move" in str(again.exception)


def test_a_move_needs_to_know_where_to(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        list(move_all(given(Embedded(tmp_path)), "sqlite+aiosqlite:///x", "sqlite:///y"))
    assert "--to, or JEEVES_DATABASE_URL" in refused.value.lines[0]
    assert "--amqp, or JEEVES_AMQP_URL" in refused.value.lines[1]


async def test_migrate_tells_the_revision_before_and_after(target: str, tmp_path: Path) -> None:  # S150
    environ = {"JEEVES_DATA_DIR": str(tmp_path), "JEEVES_DATABASE_URL": target}

    async def told(*arguments: str) -> tuple[int, str]:
        done = await asyncio.to_thread(CliRunner().invoke, app, ["migrate", *arguments], env=environ)
        return done.exit_code, done.output.strip()

    assert await told("--check") == (1, f"The tables are at no revision. The newest is {head()}: run `jeeves migrate`.")
    await asyncio.to_thread(upgrade, target, "0001")
    assert await told() == (0, f"The tables were at 0001, and are now at {head()}, the newest.")
    assert await current(target) == head()
    assert await told("--check") == (0, f"The tables are at {head()}, the newest revision.")


def test_migrate_says_that_a_database_is_away_without_its_password(tmp_path: Path) -> None:
    environ = {"JEEVES_DATA_DIR": str(tmp_path), "JEEVES_DATABASE_URL": "postgresql+asyncpg://jeeves:hush@127.0.0.1:1/x"}
    done = CliRunner().invoke(app, ["migrate"], env=environ)
    assert done.exit_code == 1
    assert "does not answer" in str(done.exception)
    assert "hush" not in f"{done.output}{done.exception}"
