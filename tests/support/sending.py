"""slack-ingest as it sends: replies on the embedded bus, a Slack that shows them, ten times as fast as the real one."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jeeves_contracts.actions import Reply
from jeeves_contracts.delivery import ReplyRef
from jeeves_contracts.people import Conversation
from jeeves_service.bus.port import Bus, Delivery
from jeeves_service.bus.replies import Replies
from jeeves_service.bus.sqlite import SqliteBus
from jeeves_service.bus.topology import DEAD, queues
from jeeves_service.clock import Clock
from jeeves_service.errors import BusUnavailableError
from jeeves_service.http import HttpClient
from jeeves_service.service import Service
from jeeves_service.tokens import Verifier
from slack_ingest.app import create_app
from slack_ingest.settings import Settings
from support.eventually import eventually, succeeds
from support.keys import service_keys
from support.replies import RepliesStandIn
from support.slack import TEAM, TOKEN, SlackStandIn
from support.slack_events import SECRET, new_ts

FASTER = 10


class FastClock:
    """Seconds that pass FASTER times as fast."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.monotonic() * (1 - 1 / FASTER))

    def monotonic(self) -> float:
        return (time.monotonic() - self._start) * FASTER

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / FASTER)


def place(channel: str = "C0GENERAL", *, in_thread: bool = True, is_direct: bool = False) -> Conversation:
    """Return a conversation of the installation that the stand-in's token is of."""
    return Conversation(
        installation_id=f"slack:{TEAM}",
        channel_id=channel,
        thread_id="1764000000.000001",
        in_thread=in_thread,
        is_direct=is_direct,
    )


@dataclass
class Sending:
    """`service` runs. `ask` stores replies and publishes requests for them."""

    slack: SlackStandIn
    users: RepliesStandIn
    bus: Bus
    service: Service
    clock: Clock
    publish: Replies
    dead: list[Delivery] = field(default_factory=list)

    async def ask(self, *texts: str | Reply, at: Conversation | None = None, scheduled: bool = False) -> list[str]:
        """Let a message have these replies; return their ids."""
        conversation = at or place()
        message = f"{conversation.installation_id}:{conversation.channel_id}:{new_ts()}"
        ids = self.users.put(message, conversation, *texts, scheduled=scheduled)
        await self.again(*ids)
        return ids

    async def again(self, *ids: str) -> None:
        """Publish requests for replies that are stored."""
        refs = [ReplyRef(reply_id=name, conversation=self.users.rows[name].conversation) for name in ids]
        await self.publish.publish(ids[0].rpartition("/")[0], refs, None, None)

    async def settled(self, within: float = 10) -> None:
        """Wait until every reply is sent or refused."""
        await eventually(self.users.done, f"all settled: {self.users.rows}", within=within)

    def texts(self, *channels: str) -> list[str]:
        """What people read in these channels."""
        return [post["text"] for post in self.slack.shown(*channels)]

    async def dead_letter(self, delivery: Delivery) -> None:
        """Keep a dead letter."""
        self.dead.append(delivery)
        await delivery.ack()


@contextlib.asynccontextmanager
async def sending(
    path: Path, *, bus: Bus | None = None, clock: Clock | None = None, start: bool = True, **environ: str
) -> AsyncIterator[Sending]:
    """Run a sender whose bus is the one given, not started yet, or lies in `path`."""
    clock = clock or FastClock()
    keys, public = service_keys()
    with SlackStandIn() as slack:
        users = RepliesStandIn(Verifier(public, "users-service", clock), clock)
        given: dict[str, Any] = {
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_API_URL": slack.url,
            "JEEVES_AMQP_URL": f"sqlite:///{path}",
            "JEEVES_USERS_SERVICE_URL": "http://users-service",
            "JEEVES_SERVICE_KEY": keys["slack-ingest"],
            "JEEVES_SERVICE_KEYS": public,
        }
        bus, http = bus or SqliteBus(path, queues()), HttpClient(mounts={"users-service": users.app()})
        service = create_app(Settings.load({**given, **environ}), bus=bus, http=http, clock=clock)
        one = Sending(slack, users, bus, service, clock, Replies(bus, clock, "test"))
        await bus.start()
        await succeeds(bus.check, BusUnavailableError)
        await bus.consume(DEAD, one.dead_letter, prefetch=1)
        if start:
            await service.start()
        try:
            yield one
        finally:
            await service.stop()
            await bus.stop()
            await http.aclose()
