"""What is said of an external call whose outcome nobody can know."""

import json
from pathlib import Path

import pytest
from quart import Response

from support.dispatching import dispatching
from support.fake_action import words
from support.messages import message

ISSUE = {"command": {"effect": "external"}}


@pytest.mark.parametrize("body", ["<html>", "[]", '{"messages": 7}', json.dumps(words("x" * 50_000)), "y" * 2_000_000])
async def test_a_success_that_nobody_can_read_may_have_been_one(tmp_path: Path, body: str) -> None:
    async with dispatching(tmp_path, issue=ISSUE) as world:
        world.actions["issue"].answers = [Response(body)]
        assert "cannot tell whether it was done" in await world.answer(message("issue"))
        assert len(world.actions["issue"].calls) == 1


async def test_a_refusal_was_not_done(tmp_path: Path) -> None:
    async with dispatching(tmp_path, issue=ISSUE) as world:
        world.actions["issue"].answers = [Response("<html>", 404)]
        assert "could not do this" in await world.answer(message("issue"))
