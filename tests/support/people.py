"""People who have spoken to Jeeves, and who join two of their accounts."""

import re
from typing import Any

from jeeves_contracts.asks import LinkAsk
from jeeves_contracts.delivery import Yours
from support.messages import item, message
from support.users import Users

NOBODY = "00000000-0000-4000-8000-000000000000"  # whom there is not
CODE = re.compile(r"`link ([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3})`")


async def spoken(users: Users, user: str = "U1", team: str = "T1", **more: Any) -> str:
    """Somebody has spoken; return their number."""
    (verdict,) = await users.claim(item(message(user=user, team=team, **more)))
    assert isinstance(verdict, Yours), verdict
    return verdict.context.actor.person_id


async def link(users: Users, user: str, team: str, code: str = "") -> str:
    """Somebody says `link accounts`, or `link CODE`; return what they read."""
    said = item(message(f"link {code or 'accounts'}", user=user, team=team))
    reply = await users.ask(said, LinkAsk(code=code), "link")
    assert reply.visibility == "ephemeral"
    return reply.text


def code_in(text: str) -> str:
    """Return the code that somebody was told."""
    found = CODE.search(text)
    assert found, text
    return found[1]


async def joined(users: Users, first: tuple[str, str], second: tuple[str, str]) -> str:
    """Two accounts `(user, team)` become one person in three steps; return what the first reads at the end."""
    begun = code_in(await link(users, *first))
    told = code_in(await link(users, *second, begun))
    return await link(users, *first, told)
