"""docs/try-it.md and docs/connect-to-slack.md do what they say (S164), the far sides of the internet being stand-ins."""

from pathlib import Path

import pytest

from docs.following import Follower
from jeeves.registry import ROOT
from support.beginner import Beginner
from support.openmeteo import OpenMeteo
from support.slack import SlackStandIn


@pytest.mark.parametrize("name", ["try-it", "connect-to-slack"])
def test_who_follows_the_document_gets_what_it_says(tmp_path: Path, name: str) -> None:  # S164, S31
    with SlackStandIn() as slack, OpenMeteo() as meteo:
        beginner = Beginner(tmp_path, slack)
        beginner.environ |= meteo.settings
        assert Follower(beginner).follow(ROOT / f"docs/{name}.md") > 1
