"""What people ask to be done of what users-service keeps: a module for each kind, inside the answer's transaction."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Reply
from jeeves_contracts.asks import Ask, EraseAsk, FeatureAsk, LinkAsk
from jeeves_contracts.registry import Registry
from users_service.domain.changes import ChangeRefusedError, Origin
from users_service.service.asks.erase import erase
from users_service.service.asks.feature import feature
from users_service.service.asks.link import link
from users_service.words import words

#: Each returns the reply that says what was done, or raises ChangeRefusedError with a sentence for the person.
Doing = Callable[[AsyncConnection, Any, Origin, Registry], Awaitable[Reply]]
ASKS: Mapping[type[Any], Doing] = {
    FeatureAsk: feature,
    LinkAsk: link,
    EraseAsk: erase,
}


async def do(connection: AsyncConnection, ask: Ask, origin: Origin, registry: Registry) -> Reply:
    """Do what is asked. Raises ChangeRefusedError."""
    doing = ASKS.get(type(ask))
    if doing is None:
        raise ChangeRefusedError(words("refused.not_offered", origin.locale, op=ask.kind))
    return await doing(connection, ask, origin, registry)
