"""users-service, as the dispatcher sees it: batched, patient, never counting a try against a message."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from jeeves_contracts.base import Contract
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
from jeeves_contracts.shown import Shown, ShowRequest
from jeeves_dispatcher.intent import Grammar
from jeeves_service.batch import Batcher
from jeeves_service.errors import (
    ForbiddenError,
    JeevesError,
    NoAnswerError,
    PermanentError,
    TransientError,
    UnauthenticatedError,
)
from jeeves_service.logs import logger
from jeeves_service.patience import Patience
from jeeves_service.peers import Peer, lies_in_the_items

FIRST, LAST = 0.1, 2.0  # seconds between two tries, growing
QUIET = 0.3  # a shorter pause is not worth a line: it happens at every start
ROOT = "/internal/v1/"
PATH = ROOT + "messages/"
BOOK = "people:book"  # the scope of what is told of the person whose claim is held
Result = TypeVar("Result")
Told = TypeVar("Told", bound=Contract)
log = logger(__name__)


def _is_refused(error: JeevesError) -> bool:
    return isinstance(error, PermanentError) and not isinstance(error, UnauthenticatedError | ForbiddenError)


def _lies_in_the_question(error: JeevesError) -> bool:
    """Say whether another question may well be answered; not so of who is away, or does not believe us."""
    return _is_refused(error) or isinstance(error, NoAnswerError) or type(error) is TransientError


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
        """Return all that is known of the person whose claim is held. Raises PermanentError, TransientError: see `_told`."""
        return await self._told("people/book", held, Book)

    async def recall(self, asked: RecallRequest) -> Recalled:
        """Return what an earlier message of theirs was. Raises PermanentError, TransientError: see `_told`."""
        return await self._told("messages/recall", asked, Recalled)

    async def reports(self, held: HeldRequest) -> Reports:
        """Return what was reported, where they may know. Raises PermanentError, TransientError: see `_told`."""
        return await self._told("reports/list", held, Reports)

    async def show(self, asked: ShowRequest) -> Shown:
        """Return what the person reads about what is kept. Raises PermanentError, TransientError: see `_told`."""
        return await self._told("show", asked, Shown)

    async def _told(self, path: str, held: Contract, kind: type[Told]) -> Told:
        """Ask something about the person whose claim is held; as often as it takes while users-service is away.

        Raises TransientError where this question alone may have no answer: to ask it again and again would hold the message
        for ever.
        """
        return await self._patiently(lambda: self._peer.ask(ROOT + path, held, kind, scope=BOOK), raised=_lies_in_the_question)

    async def _claim(self, items: list[ClaimItem]) -> list[Verdict]:
        request = ClaimRequest(items=items, registry_revision=self._known)
        found = await self._peer.ask(PATH + "claim", request, ClaimAnswer, scope="messages:claim")
        if found.registry:
            self._learn(found.registry, request.registry_revision)
        return found.verdicts

    def _learn(self, registry: Registry, asked_with: int) -> None:
        """Take what a claim brought: claims overtake each other, so an older registry may arrive after a newer one.

        One that is older than what was known when it was asked for is the truth: the database came back from a copy of it.
        """
        if registry.revision > self._known or (asked_with == self._known and registry.revision != self._known):
            self.registry, self._known, self.grammar = registry, registry.revision, Grammar(registry)

    async def _answer(self, items: list[AnswerItem]) -> list[AnswerResult]:
        request = AnswerRequest(items=items)
        return (await self._peer.ask(PATH + "answer", request, AnswerAnswer, scope="messages:answer")).results

    async def _patiently(
        self, call: Callable[[], Awaitable[Result]], raised: Callable[[JeevesError], bool] = _is_refused
    ) -> Result:
        pause = FIRST
        while True:
            try:
                result = await call()
            except JeevesError as error:
                if raised(error):
                    raise
                if not self._away and pause > QUIET:
                    log.warning("users-service is away", error=str(error))
                    self._away = True
                await self._patience.pause(pause)
                pause = min(pause * 2, LAST)
            else:
                self._away = False
                return result
