"""What is heard of actions that fail, refuse, or answer nonsense."""

import json
from pathlib import Path

from quart import Response

from support.dispatching import dispatching
from support.eventually import eventually
from support.fake_action import words
from support.messages import message

ECHO = {"facts": ["location"]}


def refused(status: int, detail: str = "", **more: object) -> Response:
    problem = {"title": "No", "status": status, "detail": detail, **more}
    return Response(json.dumps(problem), status, content_type="application/problem+json")


async def test_a_passing_failure_is_tried_again_with_the_same_key(tmp_path: Path) -> None:  # S56
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [refused(500), refused(503), words("third time")]
        said = message("echo")
        assert await world.answer(said) == "third time"
        assert [call["key"] for call in world.actions["echo"].calls] == [said.message_id] * 3


async def test_after_three_retries_there_is_one_apology_with_a_reference(tmp_path: Path) -> None:  # S56, I10
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [refused(500)]
        text = await world.answer(message("echo"))
        assert len(world.actions["echo"].calls) == 4
    assert text.startswith("Sorry")
    assert "reference is" in text
    assert "500" not in text


async def test_a_refusal_is_final_and_shown_only_where_it_is_meant_for_people(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [refused(404, "No such city: Qx.", user_facing=True), refused(400, "KeyError: 'x'")]
        assert await world.answer(message("echo")) == "No such city: Qx."
        text = await world.answer(message("echo"))
        assert "KeyError" not in text
        assert len(world.actions["echo"].calls) == 2


async def test_answers_that_are_none_get_an_apology_at_once(tmp_path: Path) -> None:
    hostile = [
        Response("<html>", content_type="text/html"),
        Response("[]"),
        Response('{"messages": 7}'),
        Response(json.dumps(words("x" * 50_000))),
        Response(b"\xff\xfe"),
        Response(json.dumps({"messages": [{"text": str(n)} for n in range(6)]})),
    ]
    async with dispatching(tmp_path, echo=ECHO) as world:
        for answer in hostile:
            world.actions["echo"].answers = [answer]
            assert (await world.answer(message("echo"))).startswith("Sorry")
        assert len(world.actions["echo"].calls) == len(hostile)


async def test_200_mb_are_not_read(tmp_path: Path) -> None:
    async def endless() -> object:
        for _ in range(200):
            yield b"x" * 1024 * 1024

    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [lambda _: Response(endless())]
        assert (await world.answer(message("echo"), within=30)).startswith("Sorry")


async def test_changes_that_a_manifest_does_not_announce_are_not_made(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        change = {"op": "fact.set", "name": "location", "value": "x"}
        world.actions["echo"].answers = [words("done", changes=[change]), words("second")]
        assert (await world.answer(message("echo"))).startswith("Sorry")
        assert await world.answer(message("echo")) == "second"
        assert world.actions["echo"].calls[1]["facts"] == {}


async def test_an_external_call_that_surely_was_not_taken_is_made_again(tmp_path: Path) -> None:
    async with dispatching(tmp_path, issue={"command": {"effect": "external"}}) as world:
        world.actions["issue"].answers = [refused(503, taken=False), refused(429), words("filed")]
        assert await world.answer(message("issue")) == "filed"
        assert len(world.actions["issue"].calls) == 3


async def test_an_external_call_in_doubt_is_never_made_again(tmp_path: Path) -> None:  # I4, unmarked-external
    async with dispatching(tmp_path, issue={"command": {"effect": "external"}}) as world:
        world.actions["issue"].answers = [refused(500)]
        assert "cannot tell whether it was done" in await world.answer(message("issue"))
        assert len(world.actions["issue"].calls) == 1


async def test_an_action_that_does_not_answer_in_time_is_apologised_for(tmp_path: Path) -> None:
    async with dispatching(tmp_path, slow={"timeout_seconds": 0.1}) as world:
        world.actions["slow"].held.clear()
        assert (await world.answer(message("slow"))).startswith("Sorry")
        world.actions["slow"].held.set()


async def test_a_failing_action_is_left_alone_for_a_while(tmp_path: Path) -> None:  # S154
    async with dispatching(tmp_path, echo=ECHO, other={}) as world:
        world.actions["echo"].answers = [refused(500)]
        await world.answer(message("echo"))  # four failures
        await world.say(message("echo"))
        await eventually(lambda: len(world.actions["echo"].calls) == 5)
        text = await world.answer(message("echo", user="U2"))
        assert "try again in a few minutes" in text
        assert len(world.actions["echo"].calls) == 5
        assert await world.answer(message("other")) == "other done"
