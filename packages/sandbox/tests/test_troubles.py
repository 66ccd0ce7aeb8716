"""What goes wrong on purpose, from the page and from Python alike."""

import asyncio
import json
from typing import Any

import pytest

from jeeves_sandbox.app import API
from support.asgi import Got
from support.eventually import eventually

POST = "chat.postMessage"
HELLO = {"channel": "C0GENERAL", "text": "hello"}


async def called(world: Any, method: str = POST, **args: Any) -> Got:
    headers = {"authorization": f"Bearer {world.credentials.token}", "content-type": "application/json"}
    got: Got = await world.request("POST", API + method, json.dumps({**HELLO, **args}).encode(), headers)
    return got


async def test_the_next_calls_are_told_to_slow_down(world: Any) -> None:
    await world.open()
    state = json.loads((await world.do("/trouble", method=POST, kind="limited", seconds=7, times=2)).body)
    assert state["pending"] == [{"method": POST, "words": "answers 429 ratelimited", "times": 2}]
    assert (await called(world, "auth.test")).status == 200
    for _ in range(2):
        got = await called(world)
        assert (got.status, got.headers["retry-after"], json.loads(got.body)["error"]) == (429, "7", "ratelimited")
    assert (await called(world)).status == 200
    assert len(world.sandbox.space.posts) == 1


@pytest.mark.parametrize(
    ("kind", "status", "error", "posts"),
    [("refused", 200, "is_archived", 0), ("broken", 503, None, 0), ("broken_after", 503, None, 1)],
)
async def test_a_call_goes_wrong_before_or_after_it_is_done(
    world: Any, kind: str, status: int, error: str | None, posts: int
) -> None:
    await world.open()
    await world.do("/trouble", method="*", kind=kind, code="is_archived")
    got = await called(world)
    assert (got.status, error and json.loads(got.body)["error"]) == (status, error)
    assert len(world.sandbox.space.posts) == posts
    assert "on purpose" in world.sandbox.record.entries[-1].note


async def test_a_call_is_never_answered_and_that_stands_in_the_record_at_once(world: Any) -> None:
    await world.open()
    await world.do("/trouble", method=POST, kind="silent")
    call = asyncio.create_task(called(world))
    await eventually(lambda: world.sandbox.record.entries)
    entry = world.sandbox.record.entries[-1]
    assert (entry.what, entry.status, entry.seconds, call.done()) == (POST, 0, None, False)
    world.sandbox.hush()
    await asyncio.wait_for(call, 2)


async def test_while_it_is_dark_nothing_is_done(world: Any) -> None:
    await world.open()
    assert json.loads((await world.do("/weather", dark=True)).body)["dark"] is True
    call = asyncio.create_task(called(world))
    await eventually(lambda: world.sandbox.record.entries)
    assert not call.done()
    await world.do("/weather", dark=False)
    assert ((await asyncio.wait_for(call, 2)).status, len(world.sandbox.space.posts)) == (503, 0)
    assert (await called(world)).status == 200


async def test_a_slow_answer_comes_after_what_it_tells_of(world: Any) -> None:
    await world.open()
    await world.do("/weather", slow=30)
    call = asyncio.create_task(called(world))
    await eventually(lambda: world.sandbox.space.posts)
    assert not call.done()
    world.sandbox.hush()
    assert (await asyncio.wait_for(call, 2)).status == 200


async def test_all_trouble_ends_at_once(world: Any) -> None:
    await world.open()
    await world.do("/trouble", method="*", kind="refused", times=3)
    await world.do("/weather", dark=True, slow=5)
    state = json.loads((await world.do("/weather", calm=True)).body)
    assert state == {"dark": False, "slow": 0.0, "pending": [], "last": None}
    assert json.loads((await called(world)).body)["ok"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("limited", "was answered 429"),
        ("refused", "was answered 200 internal_error"),
        ("broken_after", "was answered 503, though it was done"),
    ],
)
async def test_it_is_told_what_went_wrong_last(world: Any, kind: str, words: str) -> None:
    await world.open()
    await world.do("/trouble", method="*", kind=kind)
    await called(world)
    assert (await called(world)).status == 200
    last = (await world.read("/state"))["trouble"]["last"]
    assert last == {"method": POST, "words": words, "at": world.clock.now().isoformat()}


async def test_what_waits_in_the_dark_is_told_while_it_waits(world: Any) -> None:
    await world.open()
    await world.do("/weather", dark=True)
    call = asyncio.create_task(called(world))
    await eventually(lambda: world.sandbox.record.entries)
    assert (await world.read("/state"))["trouble"]["last"]["words"] == "was left waiting, for Slack is dark"
    await world.do("/weather", dark=False)
    await asyncio.wait_for(call, 2)


async def test_what_is_to_go_wrong_may_be_for_one_channel(world: Any) -> None:
    world.sandbox.troubles.limit(3, channel="C0TRAVEL")
    assert (await called(world)).status == 200
    assert (await called(world, channel="C0TRAVEL")).status == 429


async def test_a_missing_scope_is_told(world: Any) -> None:
    world.sandbox.troubles.without = {"conversations.history"}
    assert json.loads((await called(world, "conversations.history")).body)["error"] == "missing_scope"
