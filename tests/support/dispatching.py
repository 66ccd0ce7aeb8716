"""A dispatcher between a real bus, a real users-service and actions that do as a test says."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jeeves_contracts.delivery import Send, SettleItem, SettleRequest, TakeAnswer, TakeItem, TakeRequest
from jeeves_contracts.envelope import Envelope, routing_key
from jeeves_contracts.ids import LANES
from jeeves_contracts.messages import MESSAGE_RECEIVED, Message, ReplyRequested
from jeeves_dispatcher.app import create_app
from jeeves_dispatcher.settings import Settings
from jeeves_service.bus import connect
from jeeves_service.bus.port import Bus, Delivery
from jeeves_service.bus.topology import Queue, lane_queue, queues
from jeeves_service.clock import Clock, SystemClock
from jeeves_service.http import HttpClient
from jeeves_service.peers import Peer
from jeeves_service.service import Service
from jeeves_service.tokens import Signer, Verifier
from support.eventually import eventually
from support.fake_action import FakeAction
from support.keys import service_keys
from support.messages import envelope
from users_service.app import create_app as create_users
from users_service.migrate import upgrade
from users_service.settings import Settings as UsersSettings


def impatient(delay: float = 0.05) -> tuple[Queue, ...]:
    """The real queues, with retries that come back soon."""
    return tuple(replace(queue, delay=delay) if queue.delay else queue for queue in queues())


@dataclass
class World:
    """What a test may touch. `said` collects the replies that the sender posted, `statuses` the statuses."""

    bus: Bus
    http: HttpClient
    users: Peer
    operator: Peer
    dispatcher: Peer
    actions: dict[str, FakeAction]
    service: Service
    mounts: dict[str, Any]
    said: list[tuple[str, Send]] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)

    async def say(self, message: Message, *, delivery: str | None = None) -> str:
        """Publish a message as slack-ingest does; return its id."""
        key = routing_key(MESSAGE_RECEIVED, "slack")
        await self.bus.publish(key, envelope(message, delivery=delivery, at=SystemClock().now()).to_bytes())
        return message.message_id

    def replies(self, message_id: str) -> list[str]:
        """Return the texts that were posted for a message."""
        return [send.reply.text for one, send in self.said if one == message_id]

    async def answer(self, message: Message, *, count: int = 1, within: float = 10) -> str:
        """Say something and return the last of its `count` replies."""
        await self.say(message)
        await eventually(lambda: len(self.replies(message.message_id)) >= count, "a reply", within=within)
        assert len(self.replies(message.message_id)) == count
        return self.replies(message.message_id)[-1]

    async def send(self, delivery: Delivery) -> None:
        """A sender without Slack: take, settle, ack."""
        asked = Envelope[ReplyRequested].from_bytes(delivery.body).data
        if asked.kind == "status":
            self.statuses.append(asked.message_id)
            await delivery.ack()
            return
        request = TakeRequest(items=[TakeItem(reply_id=asked.reply_id)]).to_bytes()
        (result,) = TakeAnswer.from_bytes(
            await self.users.call("/internal/v1/replies/take", request, scope="replies:send")
        ).results
        if isinstance(result, Send):
            done = SettleItem(reply_id=result.reply_id, number=result.number, outcome="sent", ts="1.1")
            await self.users.call("/internal/v1/replies/settle", SettleRequest(items=[done]).to_bytes(), scope="replies:send")
            self.said.append((asked.message_id, result))
        await delivery.ack()


@contextlib.asynccontextmanager
async def dispatching(
    folder: Path, *, clock: Clock | None = None, start: bool = True, **actions: dict[str, Any]
) -> AsyncIterator[World]:
    """Run it with these actions: `name={manifest fields}`."""
    time = clock or SystemClock()
    private, public = service_keys()
    mounts: dict[str, Any] = {}
    made = {name: FakeAction(name, Verifier(public, name, time), **more) for name, more in actions.items()}
    mounts |= {f"actions-{name}": action.app for name, action in made.items()}
    http = HttpClient(mounts=mounts)
    bus = connect(f"sqlite:///{folder}/bus.sqlite", impatient())
    common = {"JEEVES_AMQP_URL": f"sqlite:///{folder}/bus.sqlite", "JEEVES_SERVICE_KEYS": public}
    url = f"sqlite+aiosqlite:///{folder}/jeeves.sqlite"
    await asyncio.to_thread(upgrade, url)
    listed = ",".join(f"{name}=http://actions-{name}" for name in made)
    given = {"JEEVES_DATABASE_URL": url, "JEEVES_ACTIONS": listed, "JEEVES_SERVICE_KEY": private["users-service"], **common}
    users = create_users(UsersSettings.load(given), bus=bus, http=http, clock=time)
    mounts["users-service"] = users.ops
    given = {"JEEVES_USERS_SERVICE_URL": "http://users-service", "JEEVES_SERVICE_KEY": private["dispatcher"], **common}
    service = create_app(Settings.load(given), bus=bus, http=http, clock=time)

    def peer(name: str) -> Peer:
        return Peer("users-service", "http://users-service", http, Signer(private[name], time))

    world = World(bus, http, peer("slack-ingest"), peer("operator"), peer("dispatcher"), made, service, mounts)
    await bus.start()
    lanes = [await bus.consume(lane_queue("slack", number), world.send, prefetch=8) for number in range(LANES)]
    await users.start()
    if start:
        await service.start()
    yield world
    await service.stop()
    for lane in lanes:
        await lane.stop()
    await users.stop()
    await bus.stop()
    await http.aclose()
