"""Events in at one end, posts out at the other: what was sent, accepted, answered, lost, doubled."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from jeeves_service.errors import JeevesError
from jeeves_service.http import HttpClient
from support.slack import SlackStandIn
from support.slack_events import deliver, direct, envelope, mention

Json = dict[str, Any]
PAUSE = 0.3  # seconds until a delivery that was not accepted comes again


@dataclass
class Ledger:
    """Each message has a channel and a person of its own, so that no pacing hides a fault."""

    origin: str
    slack: SlackStandIn
    said: dict[str, Json] = field(default_factory=dict)  # by channel
    accepted: set[str] = field(default_factory=set)
    retries: int = 0

    async def say(self, http: HttpClient, number: int, words: str) -> None:
        """Deliver one message until it is accepted, as Slack would, but sooner. One that begins with `@` is said aloud."""
        user = f"U0N{number:05d}"
        event = mention(words[1:], channel=f"C0N{number:05d}", user=user) if words[0] == "@" else direct(words, user=user)
        channel, payload = event["channel"], envelope(event)
        self.said[channel] = payload
        for retry in range(300):
            try:
                if (await deliver(http, self.origin, payload, retry=retry)).status == 200:
                    self.accepted.add(channel)
                    return
            except JeevesError:
                pass
            self.retries += 1
            await asyncio.sleep(PAUSE)

    async def flow(self, words: list[str], *, per_second: float) -> None:
        """Say all of it at a steady rate, whatever becomes of each."""
        http = HttpClient()
        try:
            began, tasks = time.monotonic(), []
            for number, text in enumerate(words):
                await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
                tasks.append(asyncio.create_task(self.say(http, number, text)))
            await asyncio.gather(*tasks)
        finally:
            await http.aclose()

    def posts(self) -> Counter[str]:
        """Count what is shown by channel."""
        return Counter(post["channel"] for post in self.slack.shown() if post["channel"] in self.said)

    async def answered(self, seconds: float) -> None:
        """Wait until every accepted message shows a reply, at most so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.accepted <= self.posts().keys():  # noqa: ASYNC110 - posts come by another thread
            await asyncio.sleep(0.1)

    def numbers(self) -> dict[str, int]:
        """Return the figures of a run."""
        posts = self.posts()
        return {
            "attempted": len(self.said),
            "acknowledged": len(self.accepted),
            "delivered again": self.retries,
            "lost": len(self.accepted - posts.keys()),
            "doubled": sum(count - 1 for count in posts.values()),
            "unexpected": len(posts.keys() - self.accepted),
        }
