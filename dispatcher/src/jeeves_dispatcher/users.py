"""users-service, as the dispatcher sees it: batched, patient, never counting a try against a message."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from jeeves_contracts.delivery import (
    AnswerAnswer,
    AnswerItem,
    AnswerRequest,
    AnswerResult,
    BeginAnswer,
    BeginRequest,
    ClaimAnswer,
    ClaimItem,
    ClaimRequest,
    Verdict,
)  # fmt: skip
from jeeves_contracts.registry import Registry
from jeeves_dispatcher.intent import Grammar
from jeeves_service.batch import Batcher
from jeeves_service.clock import Clock
from jeeves_service.errors import JeevesError
from jeeves_service.logs import logger
from jeeves_service.peers import Peer

FIRST, LAST = 0.1, 2.0  # seconds between two tries, growing
Result = TypeVar("Result")
log = logger(__name__)


class Users:
    """`registry` and `grammar` are the newest that a claim has brought."""

    def __init__(self, peer: Peer, clock: Clock) -> None:
        self._peer, self._clock = peer, clock
        self._claims: Batcher[ClaimItem, Verdict] = Batcher(self._claim)
        self._answers: Batcher[AnswerItem, AnswerResult] = Batcher(self._answer)
        self.registry, self._known = Registry(revision=0), -1
        self.grammar = Grammar(self.registry)
        self._away = False

    async def check(self) -> None:
        """Raise TransientError while it does not answer."""
        await self._peer.check()

    async def claim(self, item: ClaimItem) -> Verdict:
        """Claim one, together with whatever else waits; as often as it takes."""
        return await self._patiently(lambda: self._claims.submit(item))

    async def answer(self, item: AnswerItem) -> AnswerResult:
        """Hand in one, together with whatever else waits; as often as it takes."""
        return await self._patiently(lambda: self._answers.submit(item))

    async def begin(self, request: BeginRequest) -> BeginAnswer:
        """Note an external call, or take the note back; as often as it takes."""

        async def once() -> BeginAnswer:
            body = await self._peer.call("/internal/v1/messages/begin", request.to_bytes(), scope="messages:answer")
            return BeginAnswer.from_bytes(body)

        return await self._patiently(once)

    async def _claim(self, items: list[ClaimItem]) -> list[Verdict]:
        request = ClaimRequest(items=items, registry_revision=self._known)
        body = await self._peer.call("/internal/v1/messages/claim", request.to_bytes(), scope="messages:claim")
        found = ClaimAnswer.from_bytes(body)
        if found.registry and found.registry.revision > self._known:
            self.registry, self._known, self.grammar = found.registry, found.registry.revision, Grammar(found.registry)
        return found.verdicts

    async def _answer(self, items: list[AnswerItem]) -> list[AnswerResult]:
        body = await self._peer.call(
            "/internal/v1/messages/answer", AnswerRequest(items=items).to_bytes(), scope="messages:answer"
        )
        return AnswerAnswer.from_bytes(body).results

    async def _patiently(self, call: Callable[[], Awaitable[Result]]) -> Result:
        pause = FIRST
        while True:
            try:
                result = await call()
            except JeevesError as error:
                if not self._away:
                    log.warning("users-service is away", error=str(error))
                self._away = True
                await self._clock.sleep(pause)
                pause = min(pause * 2, LAST)
            else:
                self._away = False
                return result
