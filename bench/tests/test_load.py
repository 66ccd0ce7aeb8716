"""The load is what it says: an open model that no slowness of its subject stretches."""

import asyncio
import time

import pytest

from bench.events import Event
from bench.load import Taken, back_to_back, offered, percentile, schedule

EVENTS = [Event(str(number), b"") for number in range(100)]


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [
        ([], 0.5, 0.0),
        ([7.0], 0.99, 7.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.99, 99.0),
        ([1.0, 9.0], 0.99, 9.0),
    ],
)
def test_a_percentile_is_the_smallest_value_that_so_many_are_not_above(
    values: list[float], part: float, expected: float
) -> None:
    assert percentile(values, part) == expected


def test_a_schedule_is_the_same_for_a_seed_and_has_the_rate_that_was_asked_for() -> None:
    times = schedule(500, 20, seed=1)
    assert times == schedule(500, 20, seed=1) != schedule(500, 20, seed=2)
    assert times == sorted(times)
    assert 0 < times[0] <= times[-1] < 20
    assert len(times) == pytest.approx(500 * 20, rel=0.05)


async def test_as_many_are_under_way_as_the_window_says_and_each_is_sent_once() -> None:
    at_once, most, seen = 0, 0, []

    async def ask(event: Event) -> float:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        seen.append(event.ts)
        await asyncio.sleep(0)
        at_once -= 1
        return time.monotonic()

    taken = await back_to_back(ask, EVENTS, 7, seconds=60)
    assert (most, sorted(seen, key=int), len(taken.seconds), taken.lost) == (7, [event.ts for event in EVENTS], 100, 0)


async def test_sending_ends_with_its_time() -> None:
    async def ask(_: Event) -> float:
        return time.monotonic()

    taken = await back_to_back(ask, EVENTS, 2, seconds=0)
    assert len(taken.seconds) == 2  # what had begun


async def test_of_a_subject_that_stalls_every_event_tells_how_long_it_would_have_waited() -> None:
    times, awake = [0.0, 0.01, 0.02, 0.05], asyncio.Event()

    async def ask(event: Event) -> float:
        if event is EVENTS[3]:
            awake.set()
        await awake.wait()
        return time.monotonic()

    taken = await offered(ask, EVENTS, times)
    assert len(taken.seconds) == 4
    waited = sorted(taken.seconds, reverse=True)
    assert all(seconds >= least for seconds, least in zip(waited, (0.05, 0.04, 0.03, 0.0), strict=True))
    assert all(late >= 0 for late in taken.late)


def test_what_was_not_answered_is_lost_and_has_no_time() -> None:
    taken = Taken()
    taken.note(1.0, 1.5, 3.0)
    taken.note(2.0, 2.0, None)
    assert (taken.seconds, taken.late, taken.lost) == ([2.0], [0.5, 0.0], 1)
