"""Taking and settling replies at users-service, in batches of what is waiting."""

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
from jeeves_service.peers import Peer, lies_in_the_items

SCOPE = "replies:send"
PATH = "/internal/v1/replies/"


class Replies:
    """The replies as users-service keeps them. Every call raises JeevesError while users-service cannot be asked."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._takes: Batcher[TakeItem, TakeResult] = Batcher(self._take, parts=lies_in_the_items)
        self._settles: Batcher[SettleItem, SettleResult] = Batcher(self._settle, parts=lies_in_the_items)

    async def take(self, item: TakeItem) -> TakeResult:
        """Take a reply, or an earlier unsent one of its message."""
        return await self._takes.submit(item)

    async def settle(self, item: SettleItem) -> SettleResult:
        """Tell what became of a reply."""
        return await self._settles.submit(item)

    async def _take(self, items: list[TakeItem]) -> list[TakeResult]:
        return (await self._peer.ask(PATH + "take", TakeRequest(items=items), TakeAnswer, scope=SCOPE)).results

    async def _settle(self, items: list[SettleItem]) -> list[SettleResult]:
        return (await self._peer.ask(PATH + "settle", SettleRequest(items=items), SettleAnswer, scope=SCOPE)).results
