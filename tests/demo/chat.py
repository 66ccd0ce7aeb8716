"""A conversation held by way of the real path: signed deliveries in, what the workspace shows out."""

import asyncio
import html
import sys
import time
from typing import Any

from demo.script import Turn
from jeeves_service.http import HttpClient
from support.slack import SlackStandIn
from support.slack_events import deliver, envelope, pressable, pressed

Json = dict[str, Any]
PATIENCE = 40.0  # seconds until an answer; one that has long waited for its Slack asks for it every 30
QUIET = 1.5  # seconds at the end in which nothing more may come


class WrongError(Exception):
    """A reply is missing, doubled or wrong."""


def show(line: str = "") -> None:
    """Print a line of the chat."""
    sys.stdout.write(line + "\n")


def words_of(post: Json) -> str:
    """Return all words of a post."""
    found = [str(post.get("text", ""))]

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("text"), str):
                found.append(part["text"])
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(post.get("blocks"))
    return "\n".join(found)


class Chat:
    """Talks to the Jeeves behind `origin`, whose Slack is `slack`."""

    def __init__(self, http: HttpClient, origin: str, slack: SlackStandIn) -> None:
        self._http, self._origin, self._slack = http, origin, slack
        self._expected = 0

    async def hold(self, turns: list[Turn]) -> None:
        """Go through the turns. Raises WrongError."""
        for number, turn in enumerate(turns, start=1):
            show(f"{number:2}  {turn.where:<10} {turn.who}: {turn.said}")
            payload = self._payload(turn)
            began = time.monotonic()
            for retry in (0, 1):  # Slack is never sure that it was heard
                response = await deliver(self._http, self._origin, payload, retry=retry)
                if response.status != 200:
                    raise WrongError(f"the delivery was answered with {response.status}")
            self._expected += 1
            post = await self._newest()
            self._judge(turn, post)
            for line in html.unescape(str(post["text"])).splitlines():
                show(f"    {'':<10} jeeves: {line}")
            show(f"    {'':<10} ({(time.monotonic() - began) * 1000:.0f} ms)")
        await asyncio.sleep(QUIET)
        if len(self._slack.shown()) != self._expected:
            raise WrongError(f"{len(self._slack.shown())} replies to {self._expected} messages")

    def _payload(self, turn: Turn) -> Json:
        if turn.event is not None:
            return envelope(turn.event)
        post = self._slack.shown(turn.where)[-1]
        button = next((action for words, action in pressable(post) if turn.press and turn.press in words), None)
        if button is None:
            raise WrongError(f"no button says {turn.press}")
        return pressed(post, button, user=turn.who)

    async def _newest(self) -> Json:
        end = time.monotonic() + PATIENCE
        while len(self._slack.shown()) < self._expected:
            if time.monotonic() > end:
                raise WrongError(f"no reply within {PATIENCE:g} s")
            await asyncio.sleep(0.01)
        return self._slack.shown()[-1]

    def _judge(self, turn: Turn, post: Json) -> None:
        if len(self._slack.shown()) != self._expected:
            raise WrongError(f"{len(self._slack.shown()) - self._expected + 1} replies")
        if post["channel"] != turn.where:
            raise WrongError(f"the reply is in {post['channel']}")
        said = words_of(post)
        missing = [word for word in turn.words if word not in said]
        if missing or any(word in said for word in turn.never):
            raise WrongError(f"the reply lacks {missing} or has one of {list(turn.never)}: {said}")
        if turn.event and "thread_ts" in turn.event and post.get("thread_ts") != turn.event["thread_ts"]:
            raise WrongError("the reply is not in the thread")
        if not post.get("ephemeral") and bool(post.get("thread_ts")) != turn.threaded:
            raise WrongError("the reply is in the wrong place")
