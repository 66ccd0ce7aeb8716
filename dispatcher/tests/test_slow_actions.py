"""Actions that take their time keep nobody else waiting."""

from pathlib import Path

from support.dispatching import dispatching
from support.eventually import eventually
from support.messages import message

ECHO = {"facts": ["location"]}


async def test_a_slow_action_gets_a_status_that_the_answer_replaces(tmp_path: Path) -> None:
    async with dispatching(tmp_path, slow={}) as world:
        world.actions["slow"].held.clear()
        said = message("slow")
        await world.say(said)
        await eventually(lambda: world.statuses == [said.message_id], "a status")
        assert world.replies(said.message_id) == []
        world.actions["slow"].held.set()
        await eventually(lambda: world.replies(said.message_id) == ["slow done"])


async def test_one_slow_action_delays_no_other(tmp_path: Path) -> None:  # bulkhead and overflow
    async with dispatching(tmp_path, slow={}, quick={}) as world:
        world.actions["slow"].held.clear()
        said = [message("slow", user=f"U{n}") for n in range(40)]
        for one in said:
            await world.say(one)
        await eventually(lambda: len(world.actions["slow"].calls) == 16, "a full bulkhead")
        assert await world.answer(message("quick"), within=3) == "quick done"
        assert len(world.actions["slow"].calls) == 16
        world.actions["slow"].held.set()
        await eventually(lambda: all(world.replies(one.message_id) == ["slow done"] for one in said), "all answered")
        assert len(world.actions["slow"].calls) == 40


async def test_a_long_thread_that_waits_delays_nobody_else(tmp_path: Path) -> None:
    async with dispatching(tmp_path, slow={}, quick={}) as world:
        world.actions["slow"].held.clear()
        root = message("slow")
        await world.say(root)
        await eventually(lambda: len(world.actions["slow"].calls) == 1)
        for _ in range(300):
            await world.say(message("quick", thread=root.conversation.thread_id))
        assert await world.answer(message("quick", user="U2"), within=4) == "quick done"
        world.actions["slow"].held.set()
