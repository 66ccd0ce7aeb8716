"""Each operation lets in whom the table says, and nobody else (S109, F3)."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from jeeves.registry import ROOT
from support.api import SCOPES, Api, Told
from support.asking import operations
from support.things import QUERIES, Things, body, made, told
from support.users import ADMIN_TOKEN
from users_service.api import matrix
from users_service.api.matrix import Asker, MatrixError, verdict
from users_service.api.policies import Policy
from users_service.api.routing import Operation

ASKERS: tuple[Asker, ...] = get_args(Asker)


async def token(api: Api, name: str, **of: Any) -> str:
    """Make a token of its own; return it."""
    asked = {"name": "of a test", "scopes": SCOPES, "expires_at": (api.users.clock.now() + timedelta(days=9)).isoformat(), **of}
    answer = await api.ask("POST", "/tokens", asked, token=ADMIN_TOKEN)
    assert answer.status == 201, (name, told(answer))
    return str(answer.json["token"])


async def standing(api: Api) -> dict[str, str]:
    """Return the tokens of all whose things no path names."""
    gone, other, _ = await made(api), await made(api), await made(api, "T2")
    early = (api.users.clock.now() + timedelta(seconds=30)).isoformat()
    tokens = {
        "JEEVES_ADMIN_TOKEN": ADMIN_TOKEN,
        "somebody else": await token(api, "other", person=other.identity),
        "admin": await token(api, "admin", installation_id="slack:T1"),
        "admin elsewhere": await token(api, "elsewhere", installation_id="slack:T2"),
        "operator": await token(api, "operator"),
        "expired": await token(api, "expired", expires_at=early),
        "deactivated": await token(api, "gone", person=gone.identity),
        "but facts": await token(api, "narrow", scopes=[scope for scope in SCOPES if scope != "statistics:read"]),
    }
    await api.users.clock.advance(31)
    assert (await api.operator("PATCH", f"/people/{gone.person}", {"is_active": False})).status == 200
    return tokens


async def ask(api: Api, one: Operation, things: Things, given: str | None) -> Told:
    later = (api.users.clock.now() + timedelta(days=1)).isoformat()
    return await api.ask(one.method, things.path(one) + QUERIES.get(one.name, ""), body(one, things, later), token=given)


def said(answer: Told) -> str:
    """Say what became of a request, as the table does."""
    if answer.status in (401, 403, 404):
        return str(answer.status)
    return "yes" if answer.status < 300 or answer.status == 409 else f"{answer.status}"


async def test_every_operation_answers_each_asker_as_the_table_says(api: Api) -> None:  # S109, S112
    tokens = await standing(api)
    wrong, asked, things = [], 0, None
    for one in operations(api):
        narrow = [scope for scope in SCOPES if scope != one.policy.scope]
        tokens["without the scope"] = await token(api, "narrow", scopes=narrow)
        for asker in sorted(ASKERS, key=lambda asker: verdict(one, asker) == "yes"):  # who is refused changes nothing
            if things is None:
                things = await made(api)
                tokens["themself"] = await token(api, "own", person=things.identity)
            answer = await ask(api, one, things, tokens.get(asker))
            asked += 1
            if said(answer) != verdict(one, asker):
                wrong.append(f"{one.method} {one.path} as {asker}: {told(answer)}, and the table says {verdict(one, asker)}")
            if one.method != "GET" and answer.status < 400:  # it has changed or removed something
                things = None
    print(f"matrix: {len(operations(api))} operations × {len(ASKERS)} askers = {asked} requests, {len(wrong)} unlike the table")
    assert wrong == [], "\n".join(wrong)


def test_the_table_is_the_one_that_is_committed() -> None:
    assert matrix.main(["check", str(ROOT / matrix.FILE)]) == 0


def test_a_parameter_whose_owner_nobody_told_stops_the_table() -> None:
    async def look(_: Any) -> None: ...

    one = Operation("GET", "/secrets/{secret_id}", Policy("x", "admin"), look)
    with pytest.raises(MatrixError, match=r"say in WHOSE of .* whose thing a path names by `secret_id`"):
        matrix.page([one])
    with pytest.raises(AssertionError, match="nobody knows what `secret_id` is"):
        Things("T1", "U1", "", {}).path(one)
