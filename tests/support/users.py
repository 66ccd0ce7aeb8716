"""users-service as its peers know it: over HTTP, with tokens, on a clock that a test moves."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeeves_contracts.actions import Reply
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

    async def claim(self, *items: ClaimItem) -> list[Verdict]:
        body = ClaimRequest(items=list(items)).to_bytes()
        answer = await self.peer.call("/internal/v1/messages/claim", body, scope="messages:claim")
        return ClaimAnswer.from_bytes(answer).verdicts

    async def claimed(self, item: ClaimItem) -> int:
        """Claim one that must be ours; return the fence."""
        (verdict,) = await self.claim(item)
        assert isinstance(verdict, Yours), verdict
        return verdict.fence

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
async def running(url: str, folder: Path) -> AsyncIterator[Users]:
    """A users-service with an operator and an admin on a migrated database."""
    private, public = service_keys()
    environ = {
        "JEEVES_DATABASE_URL": url,
        "JEEVES_AMQP_URL": f"sqlite:///{folder}/bus.sqlite",
        "JEEVES_SERVICE_KEY": private["users-service"],
        "JEEVES_SERVICE_KEYS": public,
        "JEEVES_OPERATORS": "T1:UOP",
        "JEEVES_ADMINS": "T1:UADMIN,T2:UADMIN2",
        "JEEVES_ACTIONS": "config=http://config.test",
    }
    clock, mounts = FakeClock(), dict[str, Any]()
    http, bus = HttpClient(mounts=mounts), connect(environ["JEEVES_AMQP_URL"])
    service = create_app(Settings.load(environ), bus=bus, http=http, clock=clock)
    mounts["users-service"] = service.ops
    granted = ["location", "units", "a", "b"]
    mounts["config.test"] = FakeAction("config", Verifier(public, "config", clock), facts=granted, command=CHANGES).app
    await bus.start()
    await service.start()
    await eventually_ready(service)

    def peer(name: str) -> Peer:
        return Peer("users-service", "http://users-service", http, Signer(private[name], clock))

    yield Users(service, peer("dispatcher"), peer("slack-ingest"), peer("operator"), bus, clock, public, url)
    await service.stop()
    await bus.stop()
    await http.aclose()
