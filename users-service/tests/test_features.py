"""Actions become known at first start, and stay what they were granted (S44, S45, P4)."""

import asyncio
from copy import copy
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from jeeves_contracts.delivery import ClaimAnswer, ClaimRequest
from jeeves_contracts.registry import Registry
from jeeves_service.bus import connect
from jeeves_service.errors import TransientError
from jeeves_service.http import HttpClient
from jeeves_service.peers import Peer
from jeeves_service.tokens import Signer, Verifier
from support.clock import FakeClock
from support.fake_action import FakeAction
from support.keys import service_keys
from support.messages import item
from users_service.app import create_app
from users_service.engine import create_engine
from users_service.migrate import upgrade
from users_service.models import audit
from users_service.settings import Settings


class Started:
    """users-service with actions beside it, started as often as a test likes on one database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder, self.clock = url, folder, FakeClock()
        self.private, self.public = service_keys()
        self.actions: dict[str, FakeAction] = {}

    def beside(self, name: str) -> "Started":
        """Another process on the same database, with the same actions and a bus of its own."""
        other = copy(self)
        other.folder = self.folder / name
        other.folder.mkdir()
        return other

    def action(self, name: str, **more: Any) -> FakeAction:
        self.actions[name] = FakeAction(name, Verifier(self.public, name, self.clock), **more)
        return self.actions[name]

    async def registry(self, seed: str, *, waits: bool = True) -> Registry:
        """Start it with JEEVES_ACTIONS, claim once, stop; return the registry that came with the claim."""
        mounts: dict[str, Any] = {f"{name}.test": action.app for name, action in self.actions.items()}
        http, bus = HttpClient(mounts=mounts), connect(f"sqlite:///{self.folder}/bus.sqlite")
        environ = {
            "JEEVES_DATABASE_URL": self.url,
            "JEEVES_AMQP_URL": f"sqlite:///{self.folder}/bus.sqlite",
            "JEEVES_SERVICE_KEY": self.private["users-service"],
            "JEEVES_SERVICE_KEYS": self.public,
            "JEEVES_ACTIONS": seed,
        }
        service = create_app(Settings.load(environ), bus=bus, http=http, clock=self.clock)
        mounts["users-service"] = service.ops
        peer = Peer("users-service", "http://users-service", http, Signer(self.private["dispatcher"], self.clock))
        await bus.start()
        await service.start()
        found: list[Registry] = []

        async def claim() -> None:
            body = ClaimRequest(items=[item()]).to_bytes()
            answer = ClaimAnswer.from_bytes(await peer.call("/internal/v1/messages/claim", body, scope="messages:claim"))
            assert answer.registry is not None
            found.append(answer.registry)

        try:
            if waits:
                for _ in range(200):
                    ready = await service.ops.test_client().get("/readyz")
                    if ready.status_code == 200:
                        break
                    await asyncio.sleep(0.01)
            await claim()
        finally:
            await service.stop()
            await bus.stop()
            await http.aclose()
        return found[0]


@pytest.fixture
async def started(db_url: str, tmp_path: Path) -> Started:
    await asyncio.to_thread(upgrade, db_url)
    return Started(db_url, tmp_path)


async def test_actions_of_the_setting_are_registered_with_their_manifests(started: Started) -> None:
    started.action("echo", facts=["location"])
    started.action("other")
    registry = await started.registry("echo=http://echo.test,other=http://other.test")
    assert [feature.name for feature in registry.features] == ["echo", "other"]
    assert registry.features[0].manifest.facts == ["location"]
    assert registry.revision == 2


async def test_an_action_that_moved_or_learned_new_words_is_followed(started: Started) -> None:
    started.action("echo")
    first = await started.registry("echo=http://echo.test")
    moved = started.action("echo")
    moved.manifest["commands"][0]["phrases"] = ["say {what}"]
    started.actions["elsewhere"] = moved
    second = await started.registry("echo=http://elsewhere.test")
    assert second.revision > first.revision
    assert second.features[0].url == "http://elsewhere.test"
    assert second.features[0].manifest.commands[0].phrases == ["say {what}"]
    assert (await started.registry("echo=http://elsewhere.test")).revision == second.revision


async def test_two_processes_that_start_at_one_moment_register_an_action_once(started: Started) -> None:
    started.action("echo")
    others = [started.beside(name) for name in ("one", "two", "three")]
    await asyncio.gather(*(one.registry("echo=http://echo.test") for one in others))
    engine = create_engine(started.url)
    async with engine.connect() as connection:
        kept = (await connection.execute(sa.select(audit.c.action, audit.c.subject))).all()
    await engine.dispose()
    assert kept == [("feature.put", "echo")]


@pytest.mark.parametrize("more", [{"facts": ["location"]}, {"connections": ["github"]}, {"command": {"effect": "external"}}])
async def test_an_action_that_asks_for_more_keeps_its_old_grant(started: Started, more: dict[str, Any]) -> None:
    started.action("echo")
    first = await started.registry("echo=http://echo.test")
    started.action("echo", **more)
    assert (await started.registry("echo=http://echo.test")).features == first.features


@pytest.mark.parametrize("more", [{"roles": ["member"]}, {"roles": ["admin", "member"]}, {"name": "another"}])
async def test_an_action_cannot_open_its_commands_to_others_by_itself(started: Started, more: dict[str, Any]) -> None:
    started.action("boss", command={"roles": ["admin"]})
    first = await started.registry("boss=http://boss.test")
    started.action("boss", command={"roles": ["admin"], **more})
    assert (await started.registry("boss=http://boss.test")).features == first.features


async def test_two_actions_cannot_have_one_name_for_a_command(started: Started) -> None:  # P4
    started.action("echo", command={"aliases": ["say"]})
    started.action("other", command={"aliases": ["say"]})
    started.action("helper", command={"aliases": ["help"]})
    seeding = asyncio.create_task(
        started.registry("echo=http://echo.test,other=http://other.test,helper=http://helper.test", waits=False)
    )
    with pytest.raises(TransientError):  # messages wait until every action had its time
        await seeding
    await started.clock.advance(11)
    registry = await started.registry("echo=http://echo.test")
    assert [feature.name for feature in registry.features] == ["echo"]


async def test_an_action_with_another_name_or_no_manifest_is_not_registered(started: Started) -> None:
    started.action("echo").manifest["name"] = "thief"
    started.action("broken").manifest = {"name": "broken"}
    with pytest.raises(TransientError):
        await started.registry("echo=http://echo.test,broken=http://broken.test,away=http://127.0.0.1:1", waits=False)
