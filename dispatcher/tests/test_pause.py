"""An operator pauses everything: nothing is answered, nothing is lost, and nobody is answered twice."""

import asyncio
from datetime import datetime
from pathlib import Path

from jeeves_contracts.ids import reference
from jeeves_service.clock import SystemClock
from support.dispatching import dispatching
from support.eventually import eventually
from support.messages import message


async def test_what_is_said_in_a_pause_is_answered_once_after_it(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo={}) as world:
        assert await world.answer(message("echo")) == "echo done"
        paused = await world.api("POST", "/operations/pause", {"reason": "a new disk"})
        assert (paused["paused"], paused["reason"], paused["until"]) == (True, "a new disk", None)
        assert "does not expire" in paused["meanwhile"]
        before = len(world.said)
        said = [message("echo", user=f"U{n % 4}") for n in range(20)]
        await asyncio.gather(*(world.say(one) for one in said))
        ready = await world.service.ops.test_client().get("/readyz")
        assert ready.status_code == 200
        assert len(world.said) == before
        assert (await world.api("GET", "/operations"))["by"] == "the jeeves command"
        resumed = SystemClock().now()
        assert (await world.api("POST", "/operations/resume"))["paused"] is False
        await eventually(lambda: len(world.said) >= before + 20, "all are answered", within=30)
        answered = [message_id for message_id, _ in world.said[before:]]
        assert sorted(answered) == sorted(one.message_id for one in said)
        for one in said:
            timeline = await world.api("GET", f"/messages/{reference(one.message_id)}/timeline")
            claimed = next(station for station in timeline["stations"] if station["name"] == "claimed")
            assert datetime.fromisoformat(claimed["at"]) >= resumed
            assert (timeline["fence"], timeline["says"]) == (1, "It was answered, and the reply is there.")
        assert (await world.api("GET", "/operations"))["paused"] is False
