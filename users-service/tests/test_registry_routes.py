"""An operator brings actions in, switches them and takes them out while Jeeves runs (S5, S44, S45)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from jeeves.servers.processes import free_ports
from jeeves_contracts.delivery import ClaimAnswer, ClaimRequest
from jeeves_contracts.registry import Feature, Registry
from jeeves_service.clock import SystemClock
from jeeves_service.serve import hush, listen, listener
from jeeves_service.tokens import Verifier
from support.fake_action import FakeAction
from support.messages import item
from support.users import Users

SCOPE = "features:manage"


class Dice(FakeAction):
    """An action on a port of its own, which nobody has heard of."""

    def __init__(self, users: Users, **more: Any) -> None:
        super().__init__("dice", Verifier(users.keys, "dice", SystemClock()), command={"aliases": ["roll"], **more})
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"


@pytest.fixture
async def dice(users: Users) -> AsyncIterator[Dice]:
    one = Dice(users)
    server = listener(one.app, "127.0.0.1", one.port)
    (task,) = await listen(server)
    yield one
    await asyncio.wait_for(hush(server, task), 10)


async def ask(users: Users, what: str, *, who: str = "operator", **asked: Any) -> tuple[int, Any]:
    """Ask as the operator, or as another service; return the status and what was answered."""
    signer = users.operator.signer if who == "operator" else users.peer.signer
    headers = {"Authorization": f"Bearer {signer.token('users-service', SCOPE)}"}
    body = json.dumps(asked).encode()
    answer = await users.peer.http.request(
        "POST", f"http://users-service/internal/v1/features/{what}", body=body, headers=headers
    )
    return answer.status, json.loads(answer.body or b"null")


async def known(users: Users, revision: int = 0) -> Registry | None:
    """Return the registry that comes with a claim of who knows `revision`."""
    body = ClaimRequest(items=[item()], registry_revision=revision).to_bytes()
    return ClaimAnswer.from_bytes(await users.peer.call("/internal/v1/messages/claim", body, scope="messages:claim")).registry


async def features(users: Users) -> dict[str, Feature]:
    registry = await known(users)
    assert registry is not None
    return {feature.name: feature for feature in registry.features}


async def test_an_action_that_is_put_in_is_known_from_the_next_message_on(users: Users, dice: Dice) -> None:
    before = await known(users)
    assert before is not None
    assert await known(users, before.revision) is None
    status, told = await ask(users, "put", name="dice", url=dice.url)
    assert (status, told["manifest"]["name"], told["enabled"]) == (200, "dice", True)
    after = await known(users, before.revision)
    assert after is not None
    assert [feature.name for feature in after.features] == ["config", "dice", "notes"]
    assert await ask(users, "list") == (200, json.loads(after.to_bytes()))


async def test_an_action_is_switched_off_and_on_and_taken_out(users: Users, dice: Dice) -> None:
    await ask(users, "put", name="dice", url=dice.url)
    assert await ask(users, "switch", name="dice", enabled=False) == (204, None)
    assert not (await features(users))["dice"].enabled
    assert await ask(users, "switch", name="dice", enabled=True) == (204, None)
    assert (await features(users))["dice"].enabled
    assert await ask(users, "remove", name="dice") == (204, None)
    assert "dice" not in await features(users)
    for what in ({"what": "remove"}, {"what": "switch", "enabled": True}):
        status, problem = await ask(users, name="dice", **what)
        assert (status, problem["detail"]) == (404, "There is no action of this name.")


async def test_an_action_that_is_put_in_again_is_granted_anew_and_keeps_its_settings(users: Users, dice: Dice) -> None:
    await ask(users, "put", name="dice", url=dice.url)
    dice.manifest["facts"] = ["location"]
    status, told = await ask(users, "put", name="dice", url=dice.url, enabled=False)
    assert (status, told["manifest"]["facts"], told["enabled"]) == (200, ["location"], False)
    assert (await features(users))["dice"].manifest.facts == ["location"]


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"name": "thief"}, 422, "it calls itself thief, not dice"),
        ({"commands": []}, 422, "its manifest is not valid: commands: "),
        ({"version": 1}, 422, "its manifest is not valid: version: "),
    ],
)
async def test_a_manifest_that_is_wrong_is_refused_with_the_place(
    users: Users, dice: Dice, change: dict[str, Any], status: int, words: str
) -> None:
    dice.manifest |= change
    answered, problem = await ask(users, "put", name="dice", url=dice.url)
    assert answered == status
    assert words in problem["detail"]
    assert "dice" not in await features(users)


@pytest.mark.parametrize(("alias", "whose"), [("config", "config"), ("notes", "notes"), ("stop", "Jeeves itself")])
async def test_a_name_that_is_taken_is_told_with_whose_it_is(users: Users, dice: Dice, alias: str, whose: str) -> None:  # P4
    dice.manifest["commands"][0]["aliases"] = [alias]
    status, problem = await ask(users, "put", name="dice", url=dice.url)
    assert status == 422
    assert f"taken already: {alias} ({whose})" in problem["detail"]


async def test_an_action_that_is_away_can_be_put_in_later(users: Users) -> None:
    (port,) = free_ports(1)
    status, problem = await ask(users, "put", name="dice", url=f"http://127.0.0.1:{port}")
    assert (status, problem["detail"]) == (503, "its manifest cannot be read: no connection")
    status, problem = await ask(users, "put", name="dice", url="http://notes.test/v1")
    assert status == 422


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"name": "dice"},
        {"name": "dice", "url": "file:///etc/passwd"},
        {"name": "dice", "url": "http://notes.test/?x=1"},
        {"name": "dice", "url": "http://" + "x" * 300},
        {"name": "Dice!", "url": "http://notes.test"},
        {"name": "dice", "url": ["http://notes.test"]},
        {"name": "dice", "url": "http://notes.test", "enabled": "yes"},
    ],
)
async def test_what_is_no_request_is_refused(users: Users, asked: dict[str, Any]) -> None:
    status, problem = await ask(users, "put", **asked)
    assert status == 422
    assert problem["errors"]


@pytest.mark.parametrize("what", ["list", "put", "switch", "remove"])
async def test_nobody_but_an_operator_may(users: Users, what: str) -> None:
    status, _ = await ask(users, what, who="dispatcher", name="notes", url="http://notes.test", enabled=True)
    assert status == 403
    answer = await users.peer.http.request("POST", f"http://users-service/internal/v1/features/{what}", body=b"{}")
    assert answer.status == 401
