"""A dispatcher between a real bus, a real users-service and actions that do as a test says."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import TextBlock
from jeeves_contracts.delivery import Send, SettleItem, SettleRequest, TakeAnswer, TakeItem, TakeRequest, TakeResult
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
from support.eventually import eventually, succeeds
from support.fake_action import FakeAction
from support.keys import service_keys
from support.messages import envelope
from users_service.app import create_app as create_users
from users_service.migrate import upgrade
from users_service.settings import Settings as UsersSettings
from users_service.words import words

GREETING = words("greeting") + "\n"  # before somebody's first answer


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
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def say(self, message: Message, *, delivery: str | None = None) -> str:
        """Publish a message as slack-ingest does; return its id."""
        key = routing_key(MESSAGE_RECEIVED, "slack")
        await self.bus.publish(key, envelope(message, delivery=delivery, at=SystemClock().now()).to_bytes())
        return message.message_id

    def replies(self, message_id: str) -> list[str]:
        """Return the texts that were posted for a message, without the greeting."""
        return [reply.text for reply in self.shown(message_id)]

    def shown(self, message_id: str) -> list[Reply]:
        """Return what was posted for a message, without the greeting."""
        return [_ungreeted(send.reply) for one, send in self.said if one == message_id]

    async def reply(self, message: Message, *, count: int = 1, within: float = 10) -> Reply:
        """Say something and return the last of its `count` replies, whole."""
        await self.answer(message, count=count, within=within)
        return self.shown(message.message_id)[-1]

    async def unanswered(self, message: Message) -> None:
        """Say something and wait until it is done with, without a reply."""
        before = await self.done()
        await self.say(message)

        async def more() -> None:
            assert await self.done() > before

        await succeeds(more, AssertionError)
        assert self.replies(message.message_id) == []

    async def done(self) -> float:
        """Return how many messages the dispatcher is done with."""
        response = await self.service.ops.test_client().get("/metrics")
        shown = str(await response.get_data(as_text=True))
        samples = (sample for metric in text_string_to_metric_families(shown) for sample in metric.samples)
        return sum(one.value for one in samples if one.name == "jeeves_dispatcher_messages_total")

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
        async with self.turn:
            while isinstance(taken := await self._taken(asked.reply_id), Send):
                done = SettleItem(reply_id=taken.reply_id, number=taken.number, outcome="sent", ts="1.1")
                body = SettleRequest(items=[done]).to_bytes()
                await self.users.call("/internal/v1/replies/settle", body, scope="replies:send")
                self.said.append((asked.message_id, taken))
        await delivery.ack()

    async def api(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the public API as the operator's command does; return its JSON."""
        headers = {"Authorization": f"Bearer {self.operator.signer.token('users-service', 'api')}"}
        data = None if body is None else json.dumps(body).encode()
        headers |= {} if body is None else {"Content-Type": "application/json"}
        answer = await self.http.request(method, f"http://users-api/api/v1{path}", body=data, headers=headers)
        assert answer.status < 400, answer
        return json.loads(answer.body)

    async def _taken(self, reply_id: str) -> TakeResult:
        """Take a reply, or an earlier one of its message."""
        body = TakeRequest(items=[TakeItem(reply_id=reply_id)]).to_bytes()
        answer = await self.users.call("/internal/v1/replies/take", body, scope="replies:send")
        return TakeAnswer.from_bytes(answer).results[0]


def _ungreeted(reply: Reply) -> Reply:
    if not reply.text.startswith(GREETING):
        return reply
    blocks = reply.blocks[1:] if reply.blocks == [TextBlock(text=GREETING.strip()), *reply.blocks[1:]] else reply.blocks
    return reply.model_copy(update={"text": reply.text.removeprefix(GREETING), "blocks": blocks})


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
    given = {"JEEVES_DATABASE_URL": url, "JEEVES_ACTIONS": listed, "JEEVES_ADMINS": "T1:UADMIN", **common}
    given["JEEVES_SERVICE_KEY"] = private["users-service"]
    users = create_users(UsersSettings.load(given), bus=bus, http=http, clock=time)
    mounts |= {"users-service": users.ops, "users-api": users.public}
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
    try:
        yield world
    finally:
        await service.stop()
        for lane in lanes:
            await lane.stop()
        await users.stop()
        await bus.stop()
        await http.aclose()
