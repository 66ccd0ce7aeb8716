"""What is due is leased to one scheduler, as one message, whatever dies; what is late is done by its policy (no-unique, I7)."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import ScheduleDelete
from jeeves_contracts.delivery import ClaimItem, Over, Yours
from jeeves_contracts.messages import Message
from jeeves_contracts.schedules import LeaseRequest, Misfire, Rule, Timing
from jeeves_service.errors import ForbiddenError
from support.scheduling import WEEKDAYS, Office
from users_service.domain.misfires import plan
from users_service.models import installations, people, runs, schedules

MORNING = "2026-11-26T06:30Z"  # half past seven in Paris, the next weekday
EVERY_MINUTE = Timing(rule=Rule(every_seconds=60))


async def test_a_due_run_is_the_message_of_its_person_to_jeeves_alone(desk: Office) -> None:  # S137, S140
    await desk.put()
    assert (await desk.lease()).runs == []
    await desk.until(MORNING)
    (run,) = (await desk.lease()).runs
    job = run.job
    assert (job.text, job.trigger, job.run_id) == ("weather in Paris", "schedule", run.run_id)
    assert job.message_id == f"slack:T1:job:{run.run_id}"
    assert (job.identity.workspace_id, job.identity.user_id) == ("T1", "U1")
    place = job.conversation
    assert (place.channel_id, place.thread_id, place.is_direct, place.in_thread) == ("U1", run.run_id, True, False)
    assert job.due_at == job.received_at == datetime.fromisoformat(MORNING)
    assert job.order == int(job.due_at.timestamp()) * 1_000_000
    assert job.expires_at == job.due_at + timedelta(hours=1)
    assert job.timezone == "Europe/Paris"


async def test_a_run_is_leased_to_one_and_after_half_a_minute_to_anybody_as_the_same_message(desk: Office) -> None:  # S145
    await desk.put()
    await desk.until(MORNING)
    (first,) = (await desk.lease("one")).runs
    assert (await desk.lease("two")).runs == []
    assert (await desk.lease("two")).next_in == 30
    await desk.clock.advance(29)
    assert (await desk.lease("one")).runs == []
    await desk.clock.advance(1)
    (again,) = (await desk.lease("two")).runs
    assert again == first
    assert await desk.note(first.run_id, owner="one") == 1  # that it is published is a fact, whoever has the lease
    assert await desk.note(first.run_id, owner="two") == 0
    await desk.clock.advance(31)
    assert (await desk.lease("two")).runs == []


async def test_a_run_that_was_published_twice_is_claimed_once(desk: Office) -> None:  # S145, I7
    await desk.put()
    await desk.until(MORNING)
    (run,) = (await desk.lease()).runs
    said = Message.model_validate(run.job.model_dump())
    first, second = await desk.claim(ClaimItem(delivery_id="a", message=said), ClaimItem(delivery_id="b", message=said))
    assert isinstance(first, Yours)
    assert second == Over(verdict="elsewhere")


async def test_any_number_of_schedulers_at_once_share_what_is_due(desk: Office) -> None:  # S133, S145
    for user in range(12):
        await desk.put(user=f"U{user}")
    await desk.until(MORNING)

    async def work(owner: str) -> list[str]:
        found: list[str] = []
        while (leased := await desk.lease(owner, 2)).runs or leased.next_in == 0:
            found += [run.run_id for run in leased.runs]
        return found

    shared = await asyncio.gather(*(work(f"s{n}") for n in range(5)))
    handed = Counter(run for some in shared for run in some)
    assert len(handed) == 12
    assert set(handed.values()) == {1}


async def test_what_was_not_handed_out_is_due_at_once_and_the_rest_when_it_is(desk: Office) -> None:
    for user in range(3):
        await desk.put(user=f"U{user}")
    assert (await desk.lease()).next_in == 60
    await desk.until("2026-11-26T06:29:48Z")
    assert (await desk.lease()).next_in == 12
    await desk.until(MORNING)
    leased = await desk.lease(limit=2)
    assert (len(leased.runs), leased.next_in) == (2, 0)
    leased = await desk.lease(limit=2)
    assert (len(leased.runs), leased.next_in) == (1, 30)


async def test_one_schedule_that_missed_much_does_not_break_the_limit(desk: Office) -> None:
    await desk.put(timing=EVERY_MINUTE.model_copy(update={"misfire": "all"}))
    await desk.clock.advance(3000)
    counts = []
    while runs_ := (await desk.lease(limit=4)).runs:
        counts.append(len(runs_))
    assert counts == [4, 4, 2]


@pytest.mark.parametrize("misfire", ["skip", "run_once", "all"])
async def test_a_day_without_schedulers_ends_as_its_policy_says(desk: Office, misfire: Misfire) -> None:
    hourly = Timing(rule=Rule(every_seconds=3600), misfire=misfire, expires_seconds=86_400, grace_seconds=60)
    await desk.put(timing=hourly)
    await desk.clock.advance(24 * 3600 + 1800)
    leased = await desk.lease()
    assert len(leased.runs) == {"skip": 0, "run_once": 1, "all": 10}[misfire]
    assert [run.job.due_at.minute for run in leased.runs] == [0] * len(leased.runs)
    newest = await desk.rows(sa.select(runs.c.state).order_by(runs.c.due_at.desc()).limit(1))
    assert [row.state for row in newest] == ["skipped" if misfire == "skip" else "leased"]
    await desk.note(*(run.run_id for run in leased.runs))
    await desk.clock.advance(1800)
    assert len((await desk.lease()).runs) == 1


NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
POLICIES: dict[str, tuple[dict[str, Any], int, int, str | None]] = {
    # what it is, seconds late, runs, why the others are not done
    "in time": ({}, 10, 1, None),
    "late, within its grace": ({"misfire": "skip"}, 300, 1, None),
    "late, without a grace, as much as a scheduler is": ({"misfire": "skip", "grace_seconds": 0}, 10, 1, None),
    "later than that, without a grace": ({"misfire": "skip", "grace_seconds": 0}, 11, 0, "skipped"),
    "late, beyond its grace": ({"misfire": "skip"}, 301, 0, "skipped"),
    "late, and once is enough": ({}, 3000, 1, None),
    "too late to be of use": ({}, 3600, 0, "expired"),
    "of use to the last second": ({}, 3599, 1, None),
    "of use for a week": ({"expires_seconds": 604_800}, 500_000, 1, None),
    "a grace longer than its use": ({"grace_seconds": 86_400, "expires_seconds": 60}, 90, 0, "expired"),
}


@pytest.mark.parametrize(("more", "late", "count", "why"), POLICIES.values(), ids=POLICIES.keys())
def test_a_single_run_that_is(more: dict[str, Any], late: int, count: int, why: str | None) -> None:  # S135
    planned = plan(Timing(rule=Rule(at=NOON), **more), NOON, NOON, NOON + timedelta(seconds=late))
    assert planned.runs == (NOON,) * count
    assert (planned.dropped, planned.why) == ((NOON, why) if why else (None, None))
    assert planned.next_due is None


def test_a_run_in_time_stands_for_those_that_were_missed() -> None:
    timing = Timing(rule=Rule(every_seconds=600), grace_seconds=60, expires_seconds=7200)
    due = [NOON + n * timedelta(minutes=10) for n in range(1, 7)]
    assert plan(timing, NOON, due[0], due[5] + timedelta(seconds=30)).runs == (due[5],)
    assert plan(timing, NOON, due[0], due[5] + timedelta(seconds=90)).runs == (due[5],)
    assert plan(timing.model_copy(update={"misfire": "all"}), NOON, due[0], due[5]).runs == tuple(due)


async def test_what_expired_before_it_could_be_published_is_not_done_and_counted(desk: Office) -> None:  # S135
    await desk.put()
    await desk.until(MORNING)
    (run,) = (await desk.lease()).runs
    await desk.clock.advance(3600)
    assert (await desk.lease()).runs == []
    assert [row.state for row in await desk.rows(sa.select(runs.c.state))] == ["expired"]
    metrics = (await (await desk.users.ops.test_client().get("/metrics")).get_data()).decode()
    assert 'jeeves_runs_total{outcome="expired"} 1.0' in metrics
    assert 'jeeves_runs_total{outcome="leased"} 1.0' in metrics
    assert run.job.expires_at == desk.clock.now()


async def test_who_is_deactivated_hears_nothing_and_afterwards_again(desk: Office) -> None:  # S125
    await desk.put()
    await desk.change(sa.update(people).values(is_active=False))
    await desk.until(MORNING)
    assert (await desk.lease()).runs == []
    await desk.change(sa.update(people).values(is_active=True))
    assert (await desk.lease()).runs == []  # what was due meanwhile is over
    await desk.until("2026-11-27T06:30Z")
    assert len((await desk.lease()).runs) == 1


async def test_who_is_deactivated_between_lease_and_publish_is_not_written_to_again(desk: Office) -> None:  # S125
    await desk.put()
    await desk.until(MORNING)
    await desk.lease()
    await desk.change(sa.update(people).values(is_active=False))
    await desk.clock.advance(30)
    assert (await desk.lease()).runs == []
    assert [row.state for row in await desk.rows(sa.select(runs.c.state))] == ["dropped"]


async def test_an_installation_that_is_removed_has_no_runs(desk: Office) -> None:
    await desk.put()
    await desk.change(sa.update(installations).values(removed_at=desk.clock.now()))
    await desk.until(MORNING)
    assert (await desk.lease()).runs == []


async def test_a_clock_that_is_put_back_fires_nothing_twice_and_leaves_nothing_out(desk: Office) -> None:
    await desk.put(timing=EVERY_MINUTE.model_copy(update={"misfire": "all"}))
    due: list[datetime] = []
    for step in (60, 600, -7200, 60, 7200, 540, -3600, 3600 + 60):
        await desk.clock.advance(step)
        desk.new_tokens()
        leased = (await desk.lease()).runs
        await desk.note(*(run.run_id for run in leased))
        due += [run.job.due_at for run in leased]
    assert len(due) == len(set(due))
    minutes = int((max(due) - min(due)).total_seconds()) // 60 + 1
    assert len(due) == minutes == 22


async def test_a_rule_that_is_given_again_in_its_minute_does_not_run_twice(desk: Office) -> None:
    daily = Timing(rule=Rule(cron="30 7 * * *", timezone="Europe/Paris"))
    await desk.put(timing=daily)
    await desk.until(MORNING)
    assert len((await desk.lease()).runs) == 1
    await desk.change(sa.update(schedules).values(next_due=datetime.fromisoformat(MORNING)))
    assert (await desk.lease()).runs == []


async def test_a_schedule_that_cannot_be_read_any_more_does_not_hold_up_the_others(desk: Office) -> None:  # S144
    for user in ("U1", "U2", "U3"):
        await desk.put(user=user)
    broken = WEEKDAYS.model_dump(mode="json")
    unknown = {**broken, "rule": {**broken["rule"], "timezone": "Gone/Away"}}
    await desk.change(
        sa.update(schedules).where(schedules.c.user_id == "U1").values(timing={"rule": {}, "expires_seconds": 60})
    )
    await desk.change(sa.update(schedules).where(schedules.c.user_id == "U2").values(timing=unknown))
    await desk.until(MORNING)
    assert [run.job.identity.user_id for run in (await desk.lease()).runs] == ["U3"]
    assert (await desk.lease()).next_in == 30
    await desk.change(sa.update(schedules).values(timing=broken))  # the machine has its zones again
    await desk.until("2026-11-26T07:30Z")
    assert (await desk.lease()).runs == []
    await desk.until("2026-11-27T06:30Z")
    assert {run.job.identity.user_id for run in (await desk.lease()).runs} == {"U1", "U2", "U3"}


async def test_a_schedule_that_breaks_as_nobody_foresaw_does_not_hold_up_the_others(desk: Office) -> None:  # S144
    await desk.put(timing=EVERY_MINUTE)
    await desk.put(user="U2")
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # when it was given: no instant follows it
    await desk.change(sa.update(schedules).where(schedules.c.user_id == "U1").values(since=end))
    await desk.until(MORNING)
    assert [run.job.identity.user_id for run in (await desk.lease()).runs] == ["U2"]


async def test_only_a_scheduler_may_lease(desk: Office) -> None:
    with pytest.raises(ForbiddenError):
        await desk.peer.call("/internal/v1/runs/lease", LeaseRequest(owner="x").to_bytes(), scope="runs:lease")


async def test_putting_stopping_and_leasing_at_once_block_nobody(desk: Office) -> None:
    handed: list[str] = []

    async def live(user: str) -> None:
        for _ in range(4):
            await desk.put(timing=EVERY_MINUTE, user=user)
            await desk.put(timing=WEEKDAYS, user=user)
        await desk.say(ScheduleDelete(name="morning-weather"), user=user)

    async def work(owner: str) -> None:
        while not all(one.done() for one in lives):
            leased = [run.run_id for run in (await desk.lease(owner, 3)).runs]
            handed.extend(leased)
            await desk.note(*leased, owner=owner)

    for n in range(8):
        await desk.put(timing=EVERY_MINUTE, user=f"U{n}")
    await desk.clock.advance(60)
    lives = [asyncio.create_task(live(f"U{n}")) for n in range(8)]
    await asyncio.gather(*(work(f"s{n}") for n in range(3)), *lives)
    assert handed
    assert len(handed) == len(set(handed))
    left = {row.state for row in await desk.rows(sa.select(runs.c.state))}
    assert left <= {"published"}  # of what was stopped nothing is left to be done
