"""users-service as its peers know it: over HTTP, with tokens, on a clock that a test moves."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeeves_contracts.actions import Change, Reply
from jeeves_contracts.asks import Ask
from jeeves_contracts.base import Json
from jeeves_contracts.delivery import (
    AnswerAnswer,
    AnswerItem,
    AnswerRequest,
    AnswerResult,
    BeginAnswer,
    BeginRequest,
    ClaimAnswer,
    ClaimItem,
    ClaimRequest,
    Context,
    Send,
    SettleAnswer,
    SettleItem,
    SettleRequest,
    TakeAnswer,
    TakeItem,
    TakeRequest,
    TakeResult,
    Verdict,
    Yours,
)  # fmt: skip
from jeeves_contracts.knowledge import Book, HeldRequest, Recalled, RecallRequest, Reports
from jeeves_contracts.messages import JobDue
from jeeves_contracts.schedules import LeaseAnswer, LeaseRequest
from jeeves_contracts.shown import Shown, ShowRequest, Topic
from jeeves_service.bus import connect
from jeeves_service.bus.port import Bus
from jeeves_service.http import HttpClient
from jeeves_service.peers import Peer
from jeeves_service.service import Service
from jeeves_service.tokens import Signer, Verifier
from support.clock import FakeClock
from support.eventually import succeeds
from support.fake_action import FakeAction
from support.keys import service_keys
from users_service.app import create_app
from users_service.engine import Database
from users_service.settings import Settings

CHANGES = {"effect": "changes"}
GRANTED = ["location", "timezone", "units", "a", "b"]  # to the action `config`; `notes` may see and change all

ADMIN_TOKEN = "bootstrap-of-a-test-0123456789"


@dataclass
class Users:
    """A running users-service. `peer` calls it as the dispatcher, `sender` as slack-ingest, `operator` as who runs it."""

    service: Service
    peer: Peer
    sender: Peer
    operator: Peer
    bus: Bus
    clock: FakeClock
    keys: str
    url: str
    scheduler: Peer | None = None

    async def claim(self, *items: ClaimItem) -> list[Verdict]:
        body = ClaimRequest(items=list(items)).to_bytes()
        answer = await self.peer.call("/internal/v1/messages/claim", body, scope="messages:claim")
        return ClaimAnswer.from_bytes(answer).verdicts

    async def claimed(self, item: ClaimItem) -> int:
        """Claim one that must be ours; return the fence."""
        (verdict,) = await self.claim(item)
        assert isinstance(verdict, Yours), verdict
        return verdict.fence

    async def context(self, item: ClaimItem) -> Context:
        """Claim one that must be ours; return what is known with it."""
        (verdict,) = await self.claim(item)
        assert isinstance(verdict, Yours), verdict
        return verdict.context

    async def begin(self, message_id: str, fence: int, *, taken_back: bool = False) -> str:
        body = BeginRequest(message_id=message_id, fence=fence, taken_back=taken_back).to_bytes()
        answer = await self.peer.call("/internal/v1/messages/begin", body, scope="messages:answer")
        return BeginAnswer.from_bytes(answer).state

    async def answer(self, *items: AnswerItem) -> list[AnswerResult]:
        body = AnswerRequest(items=list(items)).to_bytes()
        answer = await self.peer.call("/internal/v1/messages/answer", body, scope="messages:answer")
        return AnswerAnswer.from_bytes(answer).results

    async def answered(self, item: ClaimItem, *texts: str, **more: Any) -> list[str]:
        """Claim and answer one with these texts; return its unsent replies' ids."""
        fence = await self.claimed(item)
        given = {"outcome": "answered", "feature": "config", "replies": [Reply(text=text) for text in texts], **more}
        (result,) = await self.answer(AnswerItem(message_id=item.message.message_id, fence=fence, **given))
        assert result.state == "stored", result
        return [ref.reply_id for ref in result.replies]

    async def change_facts(self, item: ClaimItem, *changes: Change, **more: Any) -> list[Reply]:
        """Claim one and answer it with changes, as the action `notes`; return the replies that its person reads."""
        more = {"feature": "notes", "command": "notes", "changes": list(changes), **more}
        return await self.read(await self.answered(item, *more.pop("texts", ("Noted.",)), **more))

    async def lease(self) -> list[JobDue]:
        """Lease what is due, as a scheduler; return the messages of it."""
        assert self.scheduler is not None
        request = LeaseRequest(owner="a scheduler", limit=100)
        leased = await self.scheduler.ask("/internal/v1/runs/lease", request, LeaseAnswer, scope="runs:lease")
        return [one.job for one in leased.runs]

    async def undo(self, item: ClaimItem, reference: str = "") -> Reply:
        """Claim one and answer it as an undo; return the reply that its person reads."""
        more = {"feature": None, "command": "undo", "undo": reference}
        (reply,) = await self.read(await self.answered(item, **more))
        return reply

    async def refused(self, item: ClaimItem, *changes: Change, **more: Any) -> str:
        """Claim one and answer it with changes that break a rule; return the reason."""
        given = {"outcome": "answered", "feature": "notes", "command": "notes", "changes": list(changes), **more}
        fence = await self.claimed(item)
        (result,) = await self.answer(AnswerItem(message_id=item.message.message_id, fence=fence, **given))
        assert result.state == "refused", result
        assert result.told
        return result.reason

    async def read(self, reply_ids: list[str]) -> list[Reply]:
        """Take replies and settle them as sent; return what they say."""
        replies = []
        for reply_id in reply_ids:
            (sent,) = await self.take(TakeItem(reply_id=reply_id))
            assert isinstance(sent, Send), sent
            assert sent.reply_id == reply_id
            await self.settle(SettleItem(reply_id=reply_id, number=sent.number, outcome="sent", ts="1.1"))
            replies.append(sent.reply)
        return replies

    async def book(self, message_id: str, fence: int) -> Book:
        request = HeldRequest(message_id=message_id, fence=fence)
        return await self.peer.ask("/internal/v1/people/book", request, Book, scope="people:book")

    async def recall(self, message_id: str, fence: int, reference: str) -> Recalled:
        request = RecallRequest(message_id=message_id, fence=fence, reference=reference)
        return await self.peer.ask("/internal/v1/messages/recall", request, Recalled, scope="people:book")

    async def reports(self, message_id: str, fence: int) -> Reports:
        request = HeldRequest(message_id=message_id, fence=fence)
        return await self.peer.ask("/internal/v1/reports/list", request, Reports, scope="people:book")

    async def show(self, said: ClaimItem, topic: Topic, about: str = "") -> list[Reply]:
        """Claim one, and return what its person is shown of a topic."""
        request = ShowRequest(message_id=said.message.message_id, fence=await self.claimed(said), topic=topic, about=about)
        return (await self.peer.ask("/internal/v1/show", request, Shown, scope="people:book")).replies

    async def ask(self, said: ClaimItem, ask: Ask, command: str) -> Reply:
        """Claim one and answer it with what its person asks of users-service; return the reply that they read."""
        (reply,) = await self.read(await self.answered(said, feature=None, command=command, ask=ask))
        return reply

    async def take(self, *items: TakeItem) -> list[TakeResult]:
        answer = await self.sender.call(
            "/internal/v1/replies/take", TakeRequest(items=list(items)).to_bytes(), scope="replies:send"
        )
        return TakeAnswer.from_bytes(answer).results

    async def settle(self, *items: SettleItem) -> list[str]:
        body = SettleRequest(items=list(items)).to_bytes()
        answer = await self.sender.call("/internal/v1/replies/settle", body, scope="replies:send")
        return [result.state for result in SettleAnswer.from_bytes(answer).results]

    async def change(self, statement: Any) -> None:
        """Change its database behind its back."""
        database = Database(self.url)
        try:
            async with database.write() as connection:
                await connection.execute(statement)
        finally:
            await database.aclose()

    async def rows(self, statement: Any) -> list[Any]:
        """Look into its database, for what no route shows yet."""
        database = Database(self.url)
        try:
            async with database.read() as connection:
                return list(await connection.execute(statement))
        finally:
            await database.aclose()


async def eventually_ready(service: Service) -> None:
    """Wait until its actions are known."""

    async def ready() -> None:
        assert (await service.ops.test_client().get("/readyz")).status_code == 200

    await succeeds(ready, AssertionError)


@contextlib.asynccontextmanager
async def running(url: str, folder: Path, *, asks: Json | None = None, **settings: str) -> AsyncIterator[Users]:
    """A users-service with an operator and an admin, or other `settings`, on a migrated database. `asks` is the schema of each
    action's settings.
    """
    private, public = service_keys()
    environ = {
        "JEEVES_DATABASE_URL": url,
        "JEEVES_AMQP_URL": f"sqlite:///{folder}/bus.sqlite",
        "JEEVES_SERVICE_KEY": private["users-service"],
        "JEEVES_SERVICE_KEYS": public,
        "JEEVES_OPERATORS": "T1:UOP",
        "JEEVES_ADMINS": "T1:UADMIN,T2:UADMIN2",
        "JEEVES_ADMIN_TOKEN": ADMIN_TOKEN,
        "JEEVES_ACTIONS": "config=http://config.test,notes=http://notes.test",
        **settings,
    }
    clock, mounts = FakeClock(), dict[str, Any]()
    http, bus = HttpClient(mounts=mounts), connect(environ["JEEVES_AMQP_URL"])
    service = create_app(Settings.load(environ), bus=bus, http=http, clock=clock)
    mounts["users-service"] = service.ops
    for name, facts, jobs in (("config", GRANTED, []), ("notes", ["*"], ["daily", "weekly"])):
        action = FakeAction(
            name, Verifier(public, name, clock), facts=facts, jobs=jobs, command=CHANGES, settings_schema=asks or {}
        )
        mounts[f"{name}.test"] = action.app
    await bus.start()
    await service.start()
    await eventually_ready(service)

    def peer(name: str) -> Peer:
        return Peer("users-service", "http://users-service", http, Signer(private[name], clock))

    yield Users(
        service, peer("dispatcher"), peer("slack-ingest"), peer("operator"), bus, clock, public, url, peer("scheduler-service")
    )
    await service.stop()
    await bus.stop()
    await http.aclose()
