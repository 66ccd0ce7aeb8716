"""Hold a transcript's conversation by way of the real path: signed deliveries in, what the workspace shows out."""

import asyncio
import html
import time
from typing import Any

from demo.chat import words_of
from jeeves_actions.transcript import fits
from jeeves_service.http import HttpClient
from support.slack import SlackStandIn
from support.slack_events import deliver, direct, envelope, mention, pressable, pressed
from transcript.reading import Turn

Json = dict[str, Any]
PATIENCE = 20.0  # seconds until an answer


class WrongError(Exception):
    """What was read is not what should be."""


class Conversation:
    """Talks to the Jeeves behind `origin`, whose Slack is `slack`; nobody else speaks in its channels. `told` is all of it."""

    def __init__(self, http: HttpClient, origin: str, slack: SlackStandIn, script: list[Turn]) -> None:
        self._http, self._origin, self._slack, self._script = http, origin, slack, script
        self._channels = {_channel(turn) for turn in script}
        self._roots: dict[str, str] = {}
        self._expected = 0
        self.told: list[str] = []

    async def hold(self) -> list[str]:
        """Go through the turns; return what is wrong."""
        return [wrong for turn in self._script if (wrong := await self._take(turn))]

    async def _take(self, turn: Turn) -> str | None:
        """Take a turn; return what is wrong about it."""
        self.told.append(f"{turn.line:4}  {turn.who}, {turn.where}: {turn.said or f'[{turn.pressed}]'}")
        try:
            payload = self._payload(turn)
        except WrongError as wrong:
            return f"line {turn.line}: {wrong}"
        response = await deliver(self._http, self._origin, payload)
        if response.status != 200:
            return f"line {turn.line}: the delivery was answered with {response.status}"
        began = self._expected
        self._expected += len(turn.answers)
        posts = await self._new(began)
        for post in posts:
            eyes = "only they see" if post.get("ephemeral") else "answered"
            for line in html.unescape(words_of(post)).splitlines():
                self.told.append(f"          {eyes}: {line}")
        return self._judged(turn, posts)

    def _judged(self, turn: Turn, posts: list[Json]) -> str | None:
        if len(posts) != len(turn.answers):
            return f"line {turn.line}: {len(posts)} answers to {turn.said or turn.pressed!r}"
        for post, (words, alone) in zip(posts, turn.answers, strict=True):
            text = html.unescape(words_of(post))
            if not fits(words, text):
                return f"line {turn.line}: {turn.said or turn.pressed!r} was answered {text!r}, not {' … '.join(words)!r}"
            if bool(post.get("ephemeral")) != alone:
                return f"line {turn.line}: {turn.said or turn.pressed!r} was {'not ' if alone else ''}answered to them alone"
        return None

    def _payload(self, turn: Turn) -> Json:
        user = f"U0{turn.who.upper()}"
        if turn.pressed:
            return self._press(turn.pressed, user)
        if turn.where == "direct":
            return envelope(direct(turn.said, user=user))
        channel = _channel(turn)
        event = mention(turn.said, user=user, channel=channel, thread=self._roots[channel] if turn.in_thread else None)
        if not turn.in_thread:
            self._roots[channel] = event["ts"]
        return envelope(event)

    def _press(self, words: str, user: str) -> Json:
        post = self._slack.shown(*self._channels)[-1]
        for shown, action in pressable(post):
            if shown.casefold().startswith(words.casefold()):
                return pressed(post, action, user=user)
        raise WrongError(f"nothing to press says {words}")

    async def _new(self, began: int) -> list[Json]:
        end = time.monotonic() + PATIENCE
        while len(self._slack.shown(*self._channels)) < self._expected and time.monotonic() < end:  # noqa: ASYNC110 - a thread's
            await asyncio.sleep(0.02)
        posts = self._slack.shown(*self._channels)[began:]
        self._expected = began + len(posts)
        return posts


def _channel(turn: Turn) -> str:
    return f"D0{turn.who.upper()}" if turn.where == "direct" else "C0" + turn.where.lstrip("#").upper()
