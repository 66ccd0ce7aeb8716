"""docs/write-an-action.md does what it says (S164), and an action in another language keeps the contract (S43)."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from docs.following import NAMED, Follower, blocks
from jeeves.registry import ROOT
from jeeves_actions.contract import ActionContract
from jeeves_actions.elsewhere import calling_command
from jeeves_actions.testing import Caller, converse
from support.beginner import Beginner
from support.slack import SlackStandIn

DOCUMENT = ROOT / "docs/write-an-action.md"
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="the document's example needs node")


def test_who_follows_the_document_gets_what_it_says(tmp_path: Path) -> None:  # S44, S164
    with SlackStandIn() as slack:
        assert Follower(Beginner(tmp_path, slack)).follow(DOCUMENT) > 10


class TestAnActionWithoutAnySdk(ActionContract):
    @pytest.fixture
    async def caller(self, tmp_path: Path) -> AsyncIterator[Caller]:
        (text,) = (text for language, text in blocks(DOCUMENT) if language == "js")
        named = NAMED.match(text)
        assert named
        file = tmp_path / named[1]
        file.write_text(text, encoding="utf-8")
        async with calling_command("node", str(file)) as caller:
            yield caller

    async def test_it_holds_a_conversation(self, caller: Caller) -> None:
        await converse(caller, ("toss", "It shows"), ("Heads or tails?", "It shows"))
