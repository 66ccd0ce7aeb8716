"""users-service, as the dispatcher sees it: batched, patient, never counting a try against a message."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from jeeves_contracts.delivery import (
    AnswerAnswer,
    AnswerItem,
    AnswerRequest,
    AnswerResult,
    Bad,
    BeginAnswer,
    BeginRequest,
    ClaimAnswer,
    ClaimItem,
    ClaimRequest,
    Verdict,
)  # fmt: skip
from jeeves_contracts.knowledge import Book, HeldRequest, Recalled, RecallRequest, Reports
from jeeves_contracts.registry import Registry
from jeeves_dispatcher.intent import Grammar
from jeeves_service.batch import Batcher
from jeeves_service.errors import ForbiddenError, JeevesError, PermanentError, UnauthenticatedError
from jeeves_service.logs import logger
from jeeves_service.patience import Patience
from jeeves_service.peers import Peer, lies_in_the_items

FIRST, LAST = 0.1, 2.0  # seconds between two tries, growing
QUIET = 0.3  # a shorter pause is not worth a line: it happens at every start
ROOT = "/internal/v1/"
PATH = ROOT + "messages/"
BOOK = "people:book"  # the scope of what is told of the person whose claim is held
Result = TypeVar("Result")
log = logger(__name__)


class Users:
    """`registry` and `grammar` are the newest that a claim has brought. Every wait ends with StoppedError at the stop."""

    def __init__(self, peer: Peer, patience: Patience) -> None:
        self._peer, self._patience = peer, patience
        self._claims: Batcher[ClaimItem, Verdict] = Batcher(self._claim, parts=lies_in_the_items)
        self._answers: Batcher[AnswerItem, AnswerResult] = Batcher(self._answer, parts=lies_in_the_items)
        self.registry, self._known = Registry(revision=0), -1
        self.grammar = Grammar(self.registry)
        self._away = False

    async def check(self) -> None:
        """Raise TransientError while it does not answer."""
        await self._peer.check()

    async def learn(self) -> None:
        """Ask for the registry without claiming anything."""
        await self._patiently(lambda: self._claim([]))

    async def claim(self, item: ClaimItem) -> Verdict:
        """Claim one, together with whatever else waits; as often as it takes."""
        try:
            return await self._patiently(lambda: self._claims.submit(item))
        except PermanentError as error:  # of this item alone
            return Bad(reason=str(error))

    async def answer(self, item: AnswerItem) -> AnswerResult:
        """Hand in one, together with whatever else waits; as often as it takes."""
        try:
            return await self._patiently(lambda: self._answers.submit(item))
        except PermanentError as error:
            return AnswerResult(state="refused", reason=str(error))

    async def begin(self, request: BeginRequest) -> BeginAnswer:
        """Note an external call, or take the note back; as often as it takes. Raises PermanentError."""
        return await self._patiently(lambda: self._peer.ask(PATH + "begin", request, BeginAnswer, scope="messages:answer"))

    async def book(self, held: HeldRequest) -> Book:
        """Return all that is known of the person whose claim is held; as often as it takes. Raises PermanentError."""
        return await self._patiently(lambda: self._peer.ask(ROOT + "people/book", held, Book, scope=BOOK))

    async def recall(self, asked: RecallRequest) -> Recalled:
        """Return what an earlier message of theirs was; as often as it takes. Raises PermanentError."""
        return await self._patiently(lambda: self._peer.ask(PATH + "recall", asked, Recalled, scope=BOOK))

    async def reports(self, held: HeldRequest) -> Reports:
        """Return what was reported, where they may know; as often as it takes. Raises PermanentError."""
        return await self._patiently(lambda: self._peer.ask(ROOT + "reports/list", held, Reports, scope=BOOK))

    async def _claim(self, items: list[ClaimItem]) -> list[Verdict]:
        request = ClaimRequest(items=items, registry_revision=self._known)
        found = await self._peer.ask(PATH + "claim", request, ClaimAnswer, scope="messages:claim")
        if found.registry and found.registry.revision != self._known:
            self.registry, self._known, self.grammar = found.registry, found.registry.revision, Grammar(found.registry)
        return found.verdicts

    async def _answer(self, items: list[AnswerItem]) -> list[AnswerResult]:
        request = AnswerRequest(items=items)
        return (await self._peer.ask(PATH + "answer", request, AnswerAnswer, scope="messages:answer")).results

    async def _patiently(self, call: Callable[[], Awaitable[Result]]) -> Result:
        pause = FIRST
        while True:
            try:
                result = await call()
            except JeevesError as error:
                if isinstance(error, PermanentError) and not isinstance(error, UnauthenticatedError | ForbiddenError):
                    raise
                if not self._away and pause > QUIET:
                    log.warning("users-service is away", error=str(error))
                    self._away = True
                await self._patience.pause(pause)
                pause = min(pause * 2, LAST)
            else:
                self._away = False
                return result
