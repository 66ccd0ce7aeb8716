"""Schedules from end to end: a users-service, schedulers and a dispatcher on one bus, and a clock that a test moves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Change, Reply, SchedulePut
from jeeves_contracts.delivery import (
    AnswerAnswer,
    AnswerItem,
    AnswerRequest,
    AnswerResult,
    ClaimAnswer,
    ClaimItem,
    ClaimRequest,
    Verdict,
    Yours,
)  # fmt: skip
from jeeves_contracts.envelope import Envelope
from jeeves_contracts.messages import JobDue
from jeeves_contracts.schedules import LeaseAnswer, LeaseRequest, PublishedAnswer, PublishedRequest, Rule, Timing
from jeeves_dispatcher.app import create_app as create_dispatcher
from jeeves_dispatcher.settings import Settings as DispatcherSettings
from jeeves_service.bus import connect
from jeeves_service.bus.port import Bus, Delivery
from jeeves_service.bus.topology import WORK
from jeeves_service.http import HttpClient, Response
from jeeves_service.peers import Peer
from jeeves_service.service import Service
from jeeves_service.tokens import Signer, Verifier
from scheduler_service.app import create_app as create_scheduler
from scheduler_service.settings import Settings as SchedulerSettings
from support.clock import FakeClock
from support.eventually import succeeds
from support.fake_action import FakeAction
from support.keys import service_keys
from support.messages import item, message
from users_service.app import create_app as create_users
from users_service.engine import Database
from users_service.settings import Settings

JOBS = ["morning-weather", "evening-weather", *(f"job-{n}" for n in range(18))]
TOKEN = "0123456789abcdef0123456789abcdef"
WEEKDAYS = Timing(rule=Rule(cron="30 7 * * 1-5", timezone="Europe/Paris"))


@dataclass
class Office:
    """`peer` calls users-service as the dispatcher, `scheduling` as a scheduler.

    What `scheduler` and `dispatcher` make is not started, and stopped at the end.
    """

    users: Service
    peer: Peer
    scheduling: Peer
    bus: Bus
    http: HttpClient
    clock: FakeClock
    action: FakeAction
    mounts: dict[str, Any]
    keys: tuple[dict[str, str], str]
    url: str
    others: list[Service] = field(default_factory=list)
    published: list[Envelope[JobDue]] = field(default_factory=list)

    async def claim(self, *items: ClaimItem) -> list[Verdict]:
        body = ClaimRequest(items=list(items)).to_bytes()
        return ClaimAnswer.from_bytes(
            await self.peer.call("/internal/v1/messages/claim", body, scope="messages:claim")
        ).verdicts

    async def say(self, *changes: Change, user: str = "U1", said: ClaimItem | None = None, **more: Any) -> AnswerResult:
        """Somebody says something that an action answers with these changes."""
        said = said or item(message(user=user))
        (verdict,) = await self.claim(said)
        assert isinstance(verdict, Yours), verdict
        given = {"outcome": "answered", "feature": "weather", "command": "weather", "replies": [Reply(text="Done.")], **more}
        one = AnswerItem(message_id=said.message.message_id, fence=verdict.fence, changes=list(changes), **given)
        body = AnswerRequest(items=[one]).to_bytes()
        answer = await self.peer.call("/internal/v1/messages/answer", body, scope="messages:answer")
        return AnswerAnswer.from_bytes(answer).results[0]

    async def put(self, name: str = "morning-weather", timing: Timing = WEEKDAYS, *, user: str = "U1", **more: Any) -> None:
        """Somebody asks for a schedule, and gets it."""
        change = SchedulePut(name=name, timing=timing, command=more.pop("command", "weather in Paris"))
        result = await self.say(change, user=user, **more)
        assert result.state == "stored", result

    async def lease(self, owner: str = "one", limit: int = 100) -> LeaseAnswer:
        request = LeaseRequest(owner=owner, limit=limit)
        return await self.scheduling.ask("/internal/v1/runs/lease", request, LeaseAnswer, scope="runs:lease")

    async def note(self, *runs: str, owner: str = "one") -> int:
        request = PublishedRequest(owner=owner, run_ids=list(runs))
        answer = await self.scheduling.ask("/internal/v1/runs/published", request, PublishedAnswer, scope="runs:lease")
        return answer.noted

    def new_tokens(self) -> None:
        """Sign anew: a token that was made before the clock was put back is none yet."""
        signer = Signer(self.keys[0]["scheduler-service"], self.clock)
        self.scheduling = replace(self.scheduling, signer=signer)

    async def until(self, at: str | datetime) -> None:
        """Let it be that late."""
        instant = datetime.fromisoformat(at) if isinstance(at, str) else at
        await self.clock.advance((instant - self.clock.now()).total_seconds())

    async def api(self, method: str, path: str, body: bytes = b"", *, token: str = TOKEN, **headers: str) -> Response:
        """Ask the public API."""
        given = {"Authorization": f"Bearer {token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return await self.http.request(method, "http://public.test" + path, body=body, headers=given)

    def scheduler(self, bus: Bus | None = None, **mounts: Any) -> Service:
        """Make one more scheduler, on this bus or another, with its own way to users-service where one is given."""
        private, public = self.keys
        environ = {
            "JEEVES_AMQP_URL": "sqlite:///unused",
            "JEEVES_USERS_SERVICE_URL": "http://users-service",
            "JEEVES_SERVICE_KEY": private["scheduler-service"],
            "JEEVES_SERVICE_KEYS": public,
        }
        http = HttpClient(mounts={**self.mounts, **mounts})
        made = create_scheduler(SchedulerSettings.load(environ), bus=bus or self.bus, http=http, clock=self.clock)
        made.on_stop.insert(0, http.aclose)
        self.others.append(made)
        return made

    def dispatcher(self) -> Service:
        """Make a dispatcher."""
        private, public = self.keys
        environ = {
            "JEEVES_AMQP_URL": "sqlite:///unused",
            "JEEVES_USERS_SERVICE_URL": "http://users-service",
            "JEEVES_SERVICE_KEY": private["dispatcher"],
            "JEEVES_SERVICE_KEYS": public,
        }
        made = create_dispatcher(DispatcherSettings.load(environ), bus=self.bus, http=self.http, clock=self.clock)
        self.others.append(made)
        return made

    async def listen(self) -> None:
        """Collect what is published, instead of a dispatcher."""

        async def keep(delivery: Delivery) -> None:
            self.published.append(Envelope[JobDue].from_bytes(delivery.body))
            await delivery.ack()

        await self.bus.consume(WORK, keep, prefetch=100)

    async def fired(self, count: int) -> list[JobDue]:
        """Return what was published, once it is so much."""

        async def there() -> None:
            await self.clock.advance(0.05)
            assert len(self.published) >= count

        await succeeds(there, AssertionError)
        return [envelope.data for envelope in self.published]

    async def rows(self, statement: Any) -> list[Any]:
        """Look into the database, for what no route shows."""
        async with self._database() as connection:
            return list(await connection.execute(statement))

    async def change(self, statement: Any) -> None:
        """Change the database behind its owner's back."""
        async with self._database() as connection:
            await connection.execute(statement)

    @contextlib.asynccontextmanager
    async def _database(self) -> AsyncIterator[AsyncConnection]:
        database = Database(self.url)
        try:
            async with database.write() as connection:
                yield connection
        finally:
            await database.aclose()


@contextlib.asynccontextmanager
async def office(url: str, folder: Path, clock: FakeClock | None = None) -> AsyncIterator[Office]:
    """Run a users-service on a migrated database, with one action that may keep schedules."""
    time, keys = clock or FakeClock(), service_keys()
    private, public = keys
    environ = {
        "JEEVES_DATABASE_URL": url,
        "JEEVES_AMQP_URL": f"sqlite:///{folder}/bus.sqlite",
        "JEEVES_SERVICE_KEY": private["users-service"],
        "JEEVES_SERVICE_KEYS": public,
        "JEEVES_ACTIONS": "weather=http://weather.test",
        "JEEVES_ADMIN_TOKEN": TOKEN,
    }
    mounts: dict[str, Any] = {}
    http, bus = HttpClient(mounts=mounts), connect(environ["JEEVES_AMQP_URL"])
    service = create_users(Settings.load(environ), bus=bus, http=http, clock=time)
    action = FakeAction("weather", Verifier(public, "weather", time), jobs=JOBS, command={"effect": "changes"})
    mounts |= {"users-service": service.ops, "public.test": service.public, "weather.test": action.app}

    def peer(who: str) -> Peer:
        return Peer("users-service", "http://users-service", http, Signer(private[who], time))

    made = Office(service, peer("dispatcher"), peer("scheduler-service"), bus, http, time, action, mounts, keys, url)
    await bus.start()
    await service.start()
    try:
        await eventually_ready(service)
        yield made
    finally:
        await asyncio.gather(*(one.stop() for one in made.others))
        await service.stop()
        await bus.stop()
        await http.aclose()


async def eventually_ready(service: Service) -> None:
    """Wait until its actions are known."""

    async def ready() -> None:
        assert (await service.ops.test_client().get("/readyz")).status_code == 200

    await succeeds(ready, AssertionError)
