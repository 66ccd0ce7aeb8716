"""A hundred and more things that people say to Jeeves, through the real path, each with its right answer."""

import asyncio
from pathlib import Path

import pytest

from jeeves_service.http import HttpClient
from support.openmeteo import OpenMeteo
from support.processes import embedded
from support.slack import TEAM, SlackStandIn
from support.talker import credentials
from transcript.holding import Conversation
from transcript.reading import Turn, conversations, turns

FILE = Path(__file__).with_name("conversation.txt")
ROLES = FILE.with_name("roles.txt")
SAID = 120


async def hold(origin: str, slack: SlackStandIn, scripts: list[list[Turn]]) -> tuple[list[str], list[str]]:
    """Hold all conversations side by side; return what is wrong, and all that was told."""
    http = HttpClient()
    every = [Conversation(http, origin, slack, script) for script in scripts]
    try:
        wrong = await asyncio.gather(*(one.hold() for one in every))
    finally:
        await http.aclose()
    return [line for lines in wrong for line in lines], [line for one in every for line in one.told]


def test_what_people_say_is_answered_as_they_would_wish(tmp_path: Path) -> None:  # S1, S2, S40, S48, S49, S55
    scripts = conversations(FILE.read_text(encoding="utf-8"))
    assert sum(bool(turn.said) for script in scripts for turn in script) >= SAID
    with OpenMeteo() as meteo, SlackStandIn() as slack:
        settings = {
            **credentials(slack),
            **meteo.settings,
            "JEEVES_LOG_LEVEL": "WARNING",
        }
        with embedded(tmp_path, settings) as jeeves:
            wrong, told = asyncio.run(hold(jeeves.url, slack, scripts))
    (tmp_path / "transcript.txt").write_text("\n".join(told), encoding="utf-8")
    assert not wrong, "\n".join(wrong)


def test_a_member_an_admin_and_an_operator_read_what_is_theirs(tmp_path: Path) -> None:  # S5, S111, S159
    with OpenMeteo() as meteo, SlackStandIn() as slack:
        settings = {
            **credentials(slack),
            **meteo.settings,
            "JEEVES_ADMINS": f"{TEAM}:U0ADA",
            "JEEVES_OPERATORS": f"{TEAM}:U0OMAR",
            "JEEVES_LOG_LEVEL": "WARNING",
        }
        with embedded(tmp_path, settings) as jeeves:
            wrong, told = asyncio.run(hold(jeeves.url, slack, conversations(ROLES.read_text(encoding="utf-8"))))
    (tmp_path / "transcript.txt").write_text("\n".join(told), encoding="utf-8")
    assert not wrong, "\n".join(wrong)


def test_a_transcript_that_expects_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(turns("ana, direct\n> hello\n> again\n< Hi\n"))
    with pytest.raises(ValueError, match="line 1"):
        list(turns("nonsense\n"))
