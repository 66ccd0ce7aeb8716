"""Passwords: kept as hashes, checked in the same time for everybody, not guessed (S120, S121, S122)."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from jeeves import operator, registry
from jeeves_service.errors import ForbiddenError
from jeeves_service.http import Response
from jeeves_service.peers import Peer
from jeeves_service.tokens import Signer, new_keys
from support.people import NOBODY, spoken
from support.users import Users, running
from users_service.models import people
from users_service.password_routes import SetRequest, Verified, VerifyRequest

SECRET, EMAIL = "correct horse battery stäple", "ada@example.org"
ARGON = re.compile(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$")


@dataclass
class Dashboard:
    """A service to come that lets people log in, and a person of it."""

    users: Users
    peer: Peer
    person: str

    async def set(self, password: str = SECRET) -> None:
        body = {"person_id": self.person, "password": password}
        answer = await self.post("set", body)
        assert answer.status == 204, answer

    async def post(self, path: str, body: dict[str, str]) -> Response:
        token = self.peer.signer.token("users-service", "passwords:check")
        response = await self.users.service.ops.test_client().post(
            f"/internal/v1/passwords/{path}", json=body, headers={"Authorization": f"Bearer {token}"}
        )
        raw = await response.get_data(as_text=False)
        return Response(response.status_code, {k.lower(): v for k, v in response.headers.items()}, bytes(raw))

    async def verify(self, password: str = SECRET, email: str = EMAIL) -> Response:
        return await self.post("verify", {"email": email, "password": password})

    async def whose(self, password: str = SECRET, email: str = EMAIL) -> str | None:
        answer = await self.verify(password, email)
        assert answer.status == 200, answer
        return Verified.from_bytes(answer.body).person_id

    async def kept(self) -> str:
        (row,) = await self.users.rows(sa.select(people.c.password_hash).where(people.c.id == self.person))
        return str(row.password_hash)


@pytest.fixture
async def dashboard(db_url: str, tmp_path: Path) -> AsyncIterator[Dashboard]:
    """A users-service that knows a service with the scope, and somebody with an address."""
    private, public = new_keys({**operator.scopes(registry.services()), "dashboard": ["passwords:check"]})
    keys = {"JEEVES_SERVICE_KEY": private["users-service"], "JEEVES_SERVICE_KEYS": public}
    async with running(db_url, tmp_path, **keys) as made:

        def peer(name: str) -> Peer:
            return replace(made.peer, signer=Signer(private[name], made.clock))

        users = replace(made, peer=peer("dispatcher"))
        yield Dashboard(users, peer("dashboard"), await spoken(users, email=EMAIL))


async def test_what_is_kept_is_an_argon2id_hash_at_or_above_the_floor(dashboard: Dashboard) -> None:  # S120, S122
    await dashboard.set()
    found = ARGON.match(await dashboard.kept())
    assert found
    memory, passes, _ = map(int, found.groups())
    assert (memory >= 19 * 1024, passes >= 2) == (True, True)
    assert SECRET not in await dashboard.kept()


async def test_the_right_one_is_known_however_it_was_typed_and_no_other(dashboard: Dashboard) -> None:
    await dashboard.set()
    assert await dashboard.whose() == dashboard.person
    assert await dashboard.whose("correct horse battery sta\u0308ple", "Ada@Example.org") == dashboard.person
    assert await dashboard.whose(SECRET.upper()) is None
    assert await dashboard.whose(email="nobody@example.org") is None
    await dashboard.users.change(sa.update(people).values(is_active=False))
    assert await dashboard.whose() is None


async def test_after_ten_wrong_ones_the_right_one_waits_for_an_hour_too(dashboard: Dashboard) -> None:  # S121
    await dashboard.set()
    answers = await asyncio.gather(*(dashboard.verify(f"wrong number {n}") for n in range(14)))
    assert sorted(answer.status for answer in answers) == [200] * 10 + [429] * 4
    refused = await dashboard.verify()
    assert (refused.status, int(refused.headers["retry-after"])) == (429, 3600)
    for _ in range(10):  # whom nobody knows is no different
        await dashboard.verify(email="nobody@example.org")
    assert (await dashboard.verify(email="nobody@example.org")).status == 429
    await dashboard.users.clock.advance(3600)
    assert await dashboard.whose() == dashboard.person


async def test_a_hash_of_older_parameters_is_made_anew_at_the_next_login(dashboard: Dashboard) -> None:  # S121
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("an old password of mine")
    await dashboard.users.change(sa.update(people).values(password_hash=old))
    assert await dashboard.whose("a wrong password") is None
    assert await dashboard.kept() == old
    assert await dashboard.whose("an old password of mine") == dashboard.person
    assert f"m={19 * 1024},t=2" in await dashboard.kept()
    assert await dashboard.whose("an old password of mine") == dashboard.person


async def test_an_unknown_address_takes_as_long_as_a_wrong_password(dashboard: Dashboard) -> None:  # S121
    await dashboard.set()
    await dashboard.whose(email="nobody@example.org")

    async def took(email: str) -> float:
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            await dashboard.whose("a wrong password", email)
            times.append(time.perf_counter() - begun)
        return min(times)

    assert 0.3 < await took(EMAIL) / await took("nobody@example.org") < 3


async def test_it_is_neither_logged_nor_echoed(dashboard: Dashboard, capsys: pytest.CaptureFixture[str]) -> None:
    short = "hunter22222"
    wrong = [
        await dashboard.post("set", {"person_id": dashboard.person, "password": short}),
        await dashboard.post("set", {"person_id": NOBODY, "password": SECRET}),
        await dashboard.post("set", {"person_id": "x", "password": SECRET}),
        await dashboard.post("verify", {"email": SECRET, "password": SECRET}),
        await dashboard.verify(),
    ]
    assert [answer.status for answer in wrong] == [422, 404, 422, 422, 200]
    told = capsys.readouterr()
    for text in (told.out, told.err, *(answer.body.decode() for answer in wrong)):
        assert short not in text
        assert SECRET not in text
    assert SECRET not in repr(VerifyRequest.model_validate({"email": EMAIL, "password": SECRET}, strict=False))


async def test_only_a_service_with_the_scope_may_ask(dashboard: Dashboard) -> None:  # S124
    asked = SetRequest.model_validate({"person_id": dashboard.person, "password": SECRET}, strict=False)
    for peer in (dashboard.users.peer, dashboard.peer):
        scope = "messages:claim" if peer is dashboard.peer else "passwords:check"
        with pytest.raises(ForbiddenError):
            await peer.call("/internal/v1/passwords/set", asked.to_bytes(), scope=scope)
