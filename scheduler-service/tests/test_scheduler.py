"""The loop: what is due is published and noted, whatever is away meanwhile (S130, S133, S143, S145)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from quart import Quart, Response

from jeeves_contracts.schedules import Rule, Timing
from jeeves_service.bus.sqlite import SqliteBus
from jeeves_service.bus.topology import queues
from jeeves_service.errors import BusUnavailableError
from jeeves_service.service import Service
from support.buses import sqlite
from support.eventually import eventually, succeeds
from support.scheduling import Office, office
from users_service.migrate import upgrade
from users_service.models import runs

MORNING = "2026-11-26T06:30Z"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    """A users-service, and somebody who collects what is published."""
    url = f"sqlite+aiosqlite:///{tmp_path}/jeeves.sqlite"
    await asyncio.to_thread(upgrade, url)
    async with office(url, tmp_path) as made:
        await made.listen()
        yield made


async def readiness(service: Service) -> str:
    return (await (await service.ops.test_client().get("/readyz")).get_data()).decode()


async def states(desk: Office) -> list[str]:
    return [row.state for row in await desk.rows(sa.select(runs.c.state))]


async def all_noted(desk: Office) -> None:
    async def noted() -> None:
        await desk.clock.advance(0.05)
        assert set(await states(desk)) == {"published"}

    await succeeds(noted, AssertionError)


async def test_what_is_due_is_published_once_and_noted(desk: Office) -> None:  # S130
    await desk.put()
    scheduler = desk.scheduler()
    await scheduler.start()
    await desk.until(MORNING)
    (job,) = await desk.fired(1)
    await all_noted(desk)
    (envelope,) = desk.published
    assert (envelope.source, envelope.type, envelope.installationid) == ("scheduler-service", "job.due.v1", "slack:T1")
    assert envelope.correlationid == job.message_id == f"slack:T1:job:{job.run_id}"
    assert envelope.times == f"due={int(job.due_at.timestamp()) * 1_000_000}"
    await desk.clock.advance(120)
    assert len(desk.published) == 1
    metrics = (await (await scheduler.ops.test_client().get("/metrics")).get_data()).decode()
    assert 'jeeves_scheduler_runs_total{outcome="published"} 1.0' in metrics
    assert "jeeves_scheduler_lateness_seconds_count 1.0" in metrics
    assert '"ready":true' in await readiness(scheduler)


async def test_many_schedulers_publish_each_run_once(desk: Office) -> None:  # S133, S145
    for _ in range(4):
        await desk.scheduler().start()
    for user in range(30):
        await desk.put(user=f"U{user}")
    await desk.until(MORNING)
    await desk.fired(30)
    await all_noted(desk)
    assert len({job.run_id for job in await desk.fired(30)}) == len(desk.published) == 30


async def test_a_schedule_that_is_put_after_the_last_look_is_not_late(desk: Office) -> None:
    await desk.scheduler().start()
    await desk.clock.advance(5)
    await desk.put(timing=Timing(rule=Rule(every_seconds=60)))
    due = desk.clock.now().timestamp() + 60
    await desk.clock.advance(60)
    (job,) = await desk.fired(1)
    assert job.due_at.timestamp() == due
    assert desk.clock.now().timestamp() - due <= 2


async def test_a_scheduler_that_dies_with_its_lease_is_followed_by_the_next(desk: Office) -> None:  # S142
    await desk.put()
    await desk.until(MORNING)
    (lost,) = (await desk.lease("one that died")).runs
    await desk.scheduler().start()
    await desk.clock.advance(29)
    assert desk.published == []
    await desk.clock.advance(2)
    (job,) = await desk.fired(1)
    assert job == lost.job


async def test_a_run_that_is_published_and_not_noted_is_published_again_as_the_same_message(desk: Office) -> None:
    real, lost = desk.users.ops, list[str]()

    async def forgetful(scope: Any, receive: Any, send: Any) -> None:
        """users-service whose hearing of what is published is lost on the way."""
        if scope["path"].endswith("/published"):
            lost.append(scope["path"])
            await deaf(scope, receive, send)
        else:
            await real(scope, receive, send)

    deaf = Quart("deaf")

    @deaf.post("/internal/v1/runs/published")
    async def away() -> Response:
        return Response("", 503)

    await desk.put()
    await desk.until(MORNING)
    one = desk.scheduler(**{"users-service": forgetful})
    await one.start()
    await desk.fired(1)
    await eventually(lambda: lost, "a note that is lost")
    await one.stop()
    assert await states(desk) == ["leased"]
    await desk.clock.advance(31)
    await desk.scheduler().start()
    first, second = await desk.fired(2)
    assert first == second
    assert len({envelope.id for envelope in desk.published}) == 2
    await all_noted(desk)


async def test_while_users_service_is_away_it_is_unready_and_then_goes_on(desk: Office) -> None:
    real, up = desk.users.ops, False

    async def sometimes(scope: Any, receive: Any, send: Any) -> None:
        await (real if up else Quart("away"))(scope, receive, send)

    await desk.put()
    scheduler = desk.scheduler(**{"users-service": sometimes})
    await scheduler.start()
    await desk.until(MORNING)
    assert '"users-service":"TransientError' in await readiness(scheduler)
    assert desk.published == []
    up = True
    await desk.fired(1)
    assert '"ready":true' in await readiness(scheduler)


async def test_while_the_bus_is_away_nothing_is_leased_and_nothing_lost(desk: Office, tmp_path: Path) -> None:
    other = SqliteBus(tmp_path / "other.sqlite", queues())
    await desk.put()
    scheduler = desk.scheduler(other)
    await scheduler.start()
    await desk.until(MORNING)
    assert '"bus":"BusUnavailableError' in await readiness(scheduler)
    await desk.clock.advance(10)
    assert await states(desk) == []
    await other.start()
    await succeeds(other.check, BusUnavailableError)
    await all_noted(desk)
    await scheduler.stop()
    await other.stop()


async def test_a_run_that_the_bus_does_not_confirm_is_left_to_the_next_lease(desk: Office, tmp_path: Path) -> None:
    async with sqlite(tmp_path / "other.sqlite") as store:
        scheduler = desk.scheduler(await store.open(queues()))
        await desk.put()
        store.stall()
        await scheduler.start()
        await desk.until(MORNING)

        async def counted(outcome: str) -> None:
            await desk.clock.advance(1)
            metrics = await (await scheduler.ops.test_client().get("/metrics")).get_data()
            assert f'jeeves_scheduler_runs_total{{outcome="{outcome}"}} 1.0' in metrics.decode()

        await succeeds(lambda: counted("unconfirmed"), AssertionError)
        assert await states(desk) == ["leased"]
        store.resume()
        await succeeds(lambda: counted("published"), AssertionError)
        await all_noted(desk)
        await scheduler.stop()


async def test_it_stops_with_what_it_holds_published_and_noted(desk: Office) -> None:  # S143
    for user in range(40):
        await desk.put(user=f"U{user}")
    await desk.until(MORNING)
    scheduler = desk.scheduler()
    await scheduler.start()

    async def leased() -> None:
        assert await states(desk)

    await succeeds(leased, AssertionError)
    await scheduler.stop()
    assert set(await states(desk)) == {"published"}
    await eventually(lambda: len(desk.published) == 40, "all of them")
    assert '"loop":"TransientError' in await readiness(scheduler)


async def test_it_stops_at_once_when_there_is_nothing_to_do_and_before_it_was_started(desk: Office) -> None:
    await desk.scheduler().stop()
    scheduler = desk.scheduler()
    await scheduler.start()
    async with asyncio.timeout(2):
        await scheduler.stop()
