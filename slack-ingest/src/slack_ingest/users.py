"""Taking and settling replies at users-service, in batches of what is waiting."""

from typing import TypeVar

from pydantic import ValidationError

from jeeves_contracts.delivery import (
    SettleAnswer,
    SettleItem,
    SettleRequest,
    SettleResult,
    TakeAnswer,
    TakeItem,
    TakeRequest,
    TakeResult,
)
from jeeves_service.batch import Batcher
from jeeves_service.errors import TransientError
from jeeves_service.peers import Peer

SCOPE = "replies:send"
In = TypeVar("In")
Out = TypeVar("Out")


class Replies:
    """The replies as users-service keeps them. Every call raises JeevesError while users-service cannot be asked."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._takes = Batcher(self._take)
        self._settles = Batcher(self._settle)

    async def take(self, item: TakeItem) -> TakeResult:
        """Take a reply, or an earlier unsent one of its message."""
        return await self._takes.submit(item)

    async def settle(self, item: SettleItem) -> SettleResult:
        """Tell what became of a reply."""
        return await self._settles.submit(item)

    async def _take(self, items: list[TakeItem]) -> list[TakeResult]:
        body = await self._peer.call("/internal/v1/replies/take", TakeRequest(items=items).to_bytes(), scope=SCOPE)
        try:
            return _matching(TakeAnswer.from_bytes(body).results, items)
        except ValidationError as error:
            raise TransientError("users-service gave an answer that is none") from error

    async def _settle(self, items: list[SettleItem]) -> list[SettleResult]:
        body = await self._peer.call("/internal/v1/replies/settle", SettleRequest(items=items).to_bytes(), scope=SCOPE)
        try:
            return _matching(SettleAnswer.from_bytes(body).results, items)
        except ValidationError as error:
            raise TransientError("users-service gave an answer that is none") from error


def _matching(results: list[Out], items: list[In]) -> list[Out]:
    if len(results) != len(items):
        raise TransientError("users-service gave a list of another length")
    return results
