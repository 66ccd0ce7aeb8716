"""Somebody who talks to a Jeeves from outside, and reads what it posts to a Slack that stands in."""

import asyncio
import html
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jeeves_service.http import HttpClient
from support.slack import SlackStandIn
from support.slack_events import SECRET, deliver, direct, envelope, pressable, pressed

PATIENCE = 60.0  # seconds


def credentials(slack: SlackStandIn) -> dict[str, str]:
    """Return the settings of a Jeeves whose Slack this is."""
    return {"SLACK_API_URL": slack.url, "SLACK_BOT_TOKEN": slack.token, "SLACK_SIGNING_SECRET": SECRET}


class Talker:
    """`url` is the edge of the Jeeves."""

    def __init__(self, slack: SlackStandIn, url: str) -> None:
        self.slack, self.url = slack, url

    def says(self, words: str) -> str:
        """Say something to Jeeves alone, and return what it answers."""
        return self._answer(envelope(direct(words)))

    def presses(self, label: str) -> str:
        """Press a button of the newest answer."""
        post = self.slack.shown()[-1]
        button = next(action for words, action in pressable(post) if action["type"] == "button" and words == label)
        return self._answer(pressed(post, button))

    def _answer(self, payload: dict[str, Any]) -> str:
        before = len(self.slack.shown())
        assert asyncio.run(self._delivered(payload)) == 200
        wait(lambda: len(self.slack.shown()) > before)
        return html.unescape(str(self.slack.shown()[-1]["text"]))

    async def _delivered(self, payload: dict[str, Any]) -> int:
        http = HttpClient()
        try:
            return (await deliver(http, self.url, payload)).status
        finally:
            await http.aclose()


def wait(holds: Callable[[], bool], log: Path | None = None) -> None:
    """Return once a condition holds. Raises AssertionError with a log's end when it never does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, log.read_text(encoding="utf-8")[-3000:] if log else "no answer"
        time.sleep(0.02)
