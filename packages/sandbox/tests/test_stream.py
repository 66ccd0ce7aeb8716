"""What happens comes live, to each person what they may see, and again from where they left off."""

import asyncio
import json
from typing import Any

import pytest

from jeeves_sandbox.stream import HEARTBEAT, KEPT, Stream

Json = dict[str, Any]


def read(chunk: bytes) -> tuple[str, str, Json]:
    """Return id, kind and data of one event."""
    fields = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n"))
    return fields["id"], fields["event"], json.loads(fields["data"])


async def taken(stream: Stream, person: str, since: str, count: int) -> list[tuple[str, str, Json]]:
    """Follow until so many events came."""
    found = []
    async for chunk in stream.follow(person, since):
        if chunk != HEARTBEAT:
            found.append(read(chunk))
        if len(found) == count:
            break
    return found


async def told_to(stream: Stream, person: str, since: str) -> list[tuple[str, str, Json]]:
    """Return all that a person is told up to now."""
    stream.tell("end", {})
    found = []
    async for chunk in stream.follow(person, since):
        if chunk != HEARTBEAT and read(chunk)[1] == "end":
            break
        found.append(read(chunk))
    return found


async def test_events_come_as_they_happen() -> None:
    stream = Stream("run")
    following = asyncio.create_task(taken(stream, "U0ANA", stream.last, 2))
    await asyncio.sleep(0)
    stream.tell("posted", {"n": 1})
    await asyncio.sleep(0)
    stream.tell("status", {"n": 2})
    assert await following == [("run-1", "posted", {"n": 1}), ("run-2", "status", {"n": 2})]


async def test_whoever_was_away_gets_what_they_missed_once() -> None:
    stream = Stream("run")
    for n in range(5):
        stream.tell("posted", {"n": n})
    assert [data["n"] for _, _, data in await taken(stream, "U0ANA", "run-3", 2)] == [3, 4]


@pytest.mark.parametrize("since", ["", "run-9", "other-3", "run-x", "run-²", "run--1", "run-"])
async def test_from_nowhere_one_begins_anew(since: str) -> None:
    stream = Stream("run")
    for n in range(5):
        stream.tell("posted", {"n": n})
    assert await taken(stream, "U0ANA", since, 1) == [("run-5", "reset", {})]


async def test_from_too_long_ago_one_begins_anew() -> None:
    stream = Stream("run")
    for n in range(KEPT + 2):
        stream.tell("posted", {"n": n})
    assert (await taken(stream, "U0ANA", "run-1", 1))[0][1] == "reset"
    assert (await taken(stream, "U0ANA", "run-2", 1))[0][1] == "posted"


async def test_whoever_is_too_slow_begins_anew() -> None:
    stream = Stream("run")
    stream.tell("posted", {"n": 0})
    following = stream.follow("U0ANA", "run-0")
    assert read(await anext(following))[0] == "run-1"
    for n in range(KEPT + 5):
        stream.tell("posted", {"n": n})
    assert read(await anext(following))[1] == "reset"


async def test_what_is_not_for_everybody_is_passed_over() -> None:
    stream = Stream("run")
    stream.tell("posted", {"n": 1}, lambda person: person == "U0BEN")
    stream.tell("posted", {"n": 2})
    assert [data["n"] for _, _, data in await taken(stream, "U0BEN", "run-0", 2)] == [1, 2]
    assert [data["n"] for _, _, data in await taken(stream, "U0ANA", "run-0", 1)] == [2]


async def test_a_stream_that_is_closed_ends() -> None:
    stream = Stream("run")
    following = asyncio.create_task(taken(stream, "U0ANA", stream.last, 1))
    await asyncio.sleep(0)
    stream.close()
    assert await asyncio.wait_for(following, 1) == []


async def test_each_person_gets_the_channels_their_own_messages_and_what_is_for_them_alone(world: Any) -> None:
    space, since = world.sandbox.space, world.sandbox.stream.last
    public = world.sandbox.acts.say("U0ANA", "C0GENERAL", "aloud")
    await world.call("chat.postEphemeral", {"channel": "C0GENERAL", "user": "U0BEN", "text": "for Ben"})
    await world.call("chat.postMessage", {"channel": "U0BEN", "text": "with Ben"})
    await world.call("chat.postMessage", {"channel": "U0CHIYO", "text": "with Chiyo"})
    status = {"channel_id": "D0CHIYO", "thread_ts": space.kept("D0CHIYO")[0].ts, "status": "is thinking…"}
    await world.call("assistant.threads.setStatus", status)
    told: dict[str, list[str]] = {}
    for person in space.people:
        events = [event for event in await told_to(world.sandbox.stream, person, since) if event[1] in ("posted", "status")]
        told[person] = [data.get("text", kind) for _, kind, data in events]
    assert told == {
        "U0ANA": ["aloud"], "U0BEN": ["aloud", "for Ben", "with Ben"], "U0CHIYO": ["aloud", "with Chiyo", "status"],
    }  # fmt: skip
    seen = {person: [post.message["text"] for post in space.seen_by(person)] for person in space.people}
    assert seen["U0ANA"] == [public.message["text"]]
    assert seen["U0BEN"] == ["aloud", "for Ben", "with Ben"]


async def test_the_page_learns_the_same_when_it_is_opened_anew(world: Any) -> None:
    await world.call("chat.postEphemeral", {"channel": "C0GENERAL", "user": "U0BEN", "text": "for Ben"})
    await world.call("chat.postMessage", {"channel": "U0BEN", "text": "with Ben"})
    await world.open()
    assert (await world.read("/state?person=U0ANA"))["posts"] == []
    ben = await world.read("/state?person=U0BEN")
    assert [(post["text"], post["ephemeral"]) for post in ben["posts"]] == [("for Ben", True), ("with Ben", False)]
    assert [one["id"] for one in ben["channels"] if one["direct"]] == ["D0BEN"]
    assert ben["me"] == "U0BEN"
    assert (await world.get("/state?person=U0NOBODY")).status == 422
