"""users-service, as a scheduler sees it."""

import uuid
from dataclasses import dataclass, field

from jeeves_contracts.schedules import LeaseAnswer, LeaseRequest, PublishedAnswer, PublishedRequest
from jeeves_service.peers import Peer

PATH, SCOPE = "/internal/v1/runs/", "runs:lease"


@dataclass(frozen=True)
class Users:
    """`owner` names this process among those that lease."""

    peer: Peer
    owner: str = field(default_factory=lambda: str(uuid.uuid4()))

    async def lease(self, limit: int) -> LeaseAnswer:
        """Lease up to `limit` runs. Raises JeevesError."""
        return await self.peer.ask(PATH + "lease", LeaseRequest(owner=self.owner, limit=limit), LeaseAnswer, scope=SCOPE)

    async def published(self, runs: list[str]) -> None:
        """Say that runs are on the bus. Raises JeevesError."""
        request = PublishedRequest(owner=self.owner, run_ids=runs)
        await self.peer.ask(PATH + "published", request, PublishedAnswer, scope=SCOPE)
