"""Somebody wants everything about them erased: they are told what that is, and asked; then it is done."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Reply
from jeeves_contracts.asks import EraseAsk
from jeeves_contracts.blocks import ButtonsBlock, Choice, TextBlock
from jeeves_contracts.registry import Registry
from users_service.domain.changes import ChangeRefusedError, Origin
from users_service.repository import tokens
from users_service.scope import OPERATOR
from users_service.service import erasure
from users_service.words import words

NOW = "delete everything about me now"
EXPORT = "export my data"


async def erase(connection: AsyncConnection, ask: EraseAsk, origin: Origin, _registry: Registry) -> Reply:
    """Tell what there is and ask whether it is to go; or let it go. Raises ChangeRefusedError where there is nobody."""
    if ask.confirmed:
        done = await erasure.erase(connection, origin.person_id, origin.now, asked_by=None, but=origin.message_id)
        if done is None:
            raise ChangeRefusedError(words("erase.nobody", origin.locale))
        return Reply(text=words("erase.done", origin.locale), visibility="ephemeral")
    found = await erasure.find(connection, origin.person_id)
    if found is None:
        raise ChangeRefusedError(words("erase.nobody", origin.locale))
    text = words("erase.ask", origin.locale, **_counts(vars(found), origin.locale))
    identities = await tokens.identities_of(OPERATOR, connection, origin.person_id)
    if others := [one for one in identities if one != origin.identity]:
        names = ", ".join(f"`{one.platform}:{one.workspace_id}:{one.user_id}`" for one in others)
        text += " " + words("erase.linked", origin.locale, names=names)
    buttons = ButtonsBlock(
        buttons=[
            Choice(label=words("erase.button", origin.locale), command=NOW, style="danger"),
            Choice(label=words("erase.export", origin.locale), command=EXPORT),
        ]
    )
    return Reply(text=text, blocks=[TextBlock(text=text), buttons], visibility="ephemeral")


def _counts(found: dict[str, int], locale: str | None) -> dict[str, Any]:
    return {
        name: words(f"erase.{name}.one" if number == 1 else f"erase.{name}", locale, number=number)
        for name, number in found.items()
    }
