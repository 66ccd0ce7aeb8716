"""What belongs to one installation is not seen from another (S112, F1)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import FactSet
from jeeves_contracts.ids import reference
from jeeves_contracts.people import Identity
from support.clock import START
from support.messages import item, message
from support.users import Users
from users_service.engine import Database
from users_service.models import dead_letters
from users_service.repository import dead_letters as letters
from users_service.repository import messages, receipts, replies
from users_service.scope import OPERATOR, Scope, Tenant
from users_service.service.roles import Roles


async def seen(users: Users, scope: Scope, ids: list[str]) -> list[int]:
    """Count what each question shows."""
    database = Database(users.url)
    try:
        async with database.read() as connection:
            return [
                len(await messages.locked(scope, connection, ids)),
                len(await messages.told(scope, connection, ids)),
                len(await messages.places(scope, connection, ids)),
                sum([len(await messages.of_reference(scope, connection, reference(one))) for one in ids]),
                sum([await receipts.can_undo(scope, connection, one, START - timedelta(days=1)) for one in ids]),
                len(await replies.unsent(scope, connection, ids)),
                len(await replies.locked(scope, connection, ids)),
                len(await replies.contents(scope, connection, [(one, 1) for one in ids])),
                sum([await messages.data_of(scope, connection, one) is not None for one in ids]),
                len(await letters.listed(scope, connection, letters.Wanted(), 9)),
            ]
    finally:
        await database.aclose()


async def test_a_tenant_sees_its_own_and_an_operator_all(users: Users) -> None:
    said = [item(message(team=team)) for team in ("T1", "T1", "T2")]
    for one in said:
        await users.answered(one, "x", changes=[FactSet(name="a", value=one.delivery_id)])
        await users.change(
            sa.insert(dead_letters).values(
                digest=one.delivery_id, kind="message", subject="x", installation_id=one.message.conversation.installation_id,
                origin="work", reason="x", tries=0, body=b"", state="open", stored_at=users.clock.now(),
            )
        )  # fmt: skip
    ids = [one.message.message_id for one in said]
    assert await seen(users, OPERATOR, ids) == [3] * 10
    assert await seen(users, Tenant("slack:T1"), ids) == [2] * 10
    assert await seen(users, Tenant("slack:T2"), ids) == [1] * 10
    assert await seen(users, Tenant("slack:T"), ids) == [0] * 10


@pytest.mark.parametrize(
    ("workspace", "user", "scope"),
    [
        ("T1", "UOP", OPERATOR),
        ("T1", "UADMIN", Tenant("slack:T1")),
        ("T1", "U1", None),
        ("T2", "UOP", None),
        ("T2", "UADMIN", None),
    ],
)
def test_who_may_administer_what(workspace: str, user: str, scope: Scope | None) -> None:
    roles = Roles(operators=frozenset({("T1", "UOP")}), admins=frozenset({("T1", "UADMIN")}))
    assert roles.scope_of(Identity(platform="slack", workspace_id=workspace, user_id=user), "slack:T1", "p") == scope
