"""Work on one claimed message: parse, policy, call (docs/protocol.md, step 3)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from jeeves_contracts.actions import Reply
from jeeves_contracts.delivery import AnswerItem, BeginRequest
from jeeves_dispatcher.breaker import Breakers
from jeeves_dispatcher.builtin import Builtin
from jeeves_dispatcher.calls import Actions, Done, Failed, Final, Outcome
from jeeves_dispatcher.hint import accepted
from jeeves_dispatcher.intent import Intent, Parsed, Unknown
from jeeves_dispatcher.manners import Manners
from jeeves_dispatcher.menu import sorry, with_corrections
from jeeves_dispatcher.own import Own
from jeeves_dispatcher.policy import Refusal, inactive, refusal
from jeeves_dispatcher.task import Again, Bulkheads, Full, Stale, Task, request_for, wants_all
from jeeves_dispatcher.users import Users
from jeeves_dispatcher.words import words
from jeeves_service.bus.replies import Replies
from jeeves_service.clock import Clock
from jeeves_service.errors import JeevesError, PermanentError, TransientError
from jeeves_service.logs import logger

LIMIT = 45.0  # seconds from a claim within which every call ends
STATUS_AFTER = 2.0  # seconds of silence until people are told that work is going on
BRIDGED = 2  # retries for which an action that is left alone is waited for: 2 and 8 seconds
log = logger(__name__)


class Work:
    """Turns a task into an answer."""

    def __init__(self, users: Users, actions: Actions, replies: Replies, clock: Clock, bulkheads: Bulkheads) -> None:
        self._users, self._actions, self._replies, self._clock = users, actions, replies, clock
        self._builtin = Builtin(users, clock)
        self.bulkheads, self.breakers = bulkheads, Breakers(clock)

    async def do(self, task: Task) -> AnswerItem | Again:
        """Find out what is asked, and do it. Raises Stale, Full."""
        if no := inactive(task.yours.context.actor):  # whatever is asked
            return self._refused(task, no)
        parsed = self._parsed(task)
        if task.yours.in_doubt:  # whatever is asked: an earlier call may have been taken
            feature = parsed.feature.name if isinstance(parsed, Intent) else "Jeeves"
            told = sorry(task, "cannot_tell", feature=feature)
            return task.result("answered", told, reason="external call in doubt")
        try:
            return await (self._by_action(task, parsed) if isinstance(parsed, Intent) else self._by_itself(task, parsed))
        except PermanentError as error:  # nothing was done; where the claim is not ours any more, the answer will find out
            log.warning("users-service refused a call", error=str(error), message=task.message.message_id)
            return self._unable(task, error)
        except TransientError as error:  # it answers others
            log.warning("users-service did not answer a call", error=str(error), message=task.message.message_id)
            return Again(self._unable(task, error))

    @staticmethod
    def _unable(task: Task, error: JeevesError) -> AnswerItem:
        return task.result("failed", sorry(task, "apology", feature="Jeeves"), reason=str(error)[:300])

    def _parsed(self, task: Task) -> Parsed:
        """Find out what is asked: yes to a suggestion is what was suggested."""
        parse, previous = self._users.grammar.parse, task.previous
        is_admin = "admin" in task.yours.context.actor.roles and task.message.trigger != "schedule"
        parsed = parse(task.message.text, previous, is_admin=is_admin)
        meant = accepted(parsed.text, previous) if isinstance(parsed, Unknown) else ""
        return parse(meant, is_admin=is_admin) if meant else parsed

    async def _by_action(self, task: Task, intent: Intent) -> AnswerItem | Again:
        """Let the action answer, if the person may use it here."""
        if no := refusal(intent, task.yours.context.actor, task.message.conversation, self._clock.now()):
            return self._refused(task, no, feature=intent.feature.name, command=intent.command.name)
        return await self._call(task, intent)

    @staticmethod
    def _refused(task: Task, no: Refusal, **names: str) -> AnswerItem:
        """Say why not, to the person alone. What may not be done any more is not told at each run of a schedule."""
        said = [] if task.message.trigger == "schedule" else [Reply(text=no.text, visibility="ephemeral")]
        return task.result("answered", said, reason=no.policy, **names)

    async def _by_itself(self, task: Task, parsed: Own | Manners | Unknown) -> AnswerItem:
        """Answer without an action. A schedule talks to actions only: what became unknown since is not told at each run."""
        if task.message.trigger == "schedule":
            return task.result("answered", [], reason="unknown command")
        if isinstance(parsed, Unknown):
            return self._builtin.unknown(task, parsed.text)
        return await self._builtin.answer(task, parsed)

    async def _call(self, task: Task, intent: Intent) -> AnswerItem | Again:
        slots, breaker = self.bulkheads.of(intent.feature.name), self.breakers.of(intent.feature.name)
        if not task.has_slot and not await self.bulkheads.has_room(intent.feature.name):
            raise Full(intent.feature.name)
        if not breaker.allows():
            apology = self._sorry(task, intent, "later", "breaker open")
            return Again(apology) if task.tries < BRIDGED else apology  # a short absence is bridged, a longer one told
        try:
            async with contextlib.nullcontext() if task.has_slot else slots:
                outcome = await self._invoke(task, intent)
        except BaseException:
            breaker.unknown()
            raise
        if isinstance(outcome, Failed):
            breaker.failed()
            log.warning("an action failed", feature=intent.feature.name, why=outcome.why, message=task.message.message_id)
        else:
            breaker.succeeded()
        return await self._judge(task, intent, outcome)

    async def _invoke(self, task: Task, intent: Intent) -> Outcome:
        book = await self._users.book(task.held) if wants_all(intent) else None
        if intent.command.effect == "external":
            begun = await self._users.begin(BeginRequest(message_id=task.message.message_id, fence=task.yours.fence))
            if begun.state == "stale":
                raise Stale
        left = task.claimed + LIMIT - self._clock.monotonic()
        seconds = min(intent.feature.manifest.timeout_seconds, left)
        if seconds <= 0:
            return Failed("its turn came too late", surely_not_taken=True)
        async with self._status(task):
            return await self._actions.invoke(intent.feature, request_for(task, intent, book), task.traceparent, seconds)

    async def _judge(self, task: Task, intent: Intent, outcome: Outcome) -> AnswerItem | Again:
        names = {"feature": intent.feature.name, "command": intent.command.name}
        if isinstance(outcome, Done):
            answer = outcome.answer
            if answer.changes and intent.command.effect == "none":
                return self._sorry(task, intent, "apology", "it changes what its manifest does not say")
            replies = with_corrections(task, answer.messages)
            return task.result("answered", replies, changes=answer.changes, memo=answer.memo, **names)
        external = intent.command.effect == "external"
        if isinstance(outcome, Final):
            log.warning("an action refused", feature=intent.feature.name, why=outcome.why, message=task.message.message_id)
            if external and outcome.perhaps_done:
                return self._cannot_tell(task, intent)
            if outcome.detail:
                return task.result("answered", [Reply(text=outcome.detail)], reason="refused", **names)
            return self._sorry(task, intent, "apology", outcome.why)
        if external:
            if not outcome.surely_not_taken:
                return self._cannot_tell(task, intent)
            back = BeginRequest(message_id=task.message.message_id, fence=task.yours.fence, taken_back=True)
            if (await self._users.begin(back)).state == "stale":
                raise Stale
        return Again(self._sorry(task, intent, "apology", outcome.why))

    @staticmethod
    def _cannot_tell(task: Task, intent: Intent) -> AnswerItem:
        names = {"feature": intent.feature.name, "command": intent.command.name}
        said = sorry(task, "cannot_tell", feature=intent.feature.name)
        return task.result("answered", said, reason="external call in doubt", **names)

    @staticmethod
    def _sorry(task: Task, intent: Intent, key: str, why: str) -> AnswerItem:
        said = sorry(task, key, feature=intent.feature.name)
        names = {"feature": intent.feature.name, "command": intent.command.name}
        return task.result("failed", said, reason=why[:300], **names)

    @contextlib.asynccontextmanager
    async def _status(self, task: Task) -> AsyncIterator[None]:
        """Show that work goes on, where it takes long and somebody waits."""

        async def show() -> None:
            await self._clock.sleep(STATUS_AFTER)
            with contextlib.suppress(JeevesError):
                message = task.message
                await self._replies.status(message.message_id, message.conversation, words("working"), task.traceparent)

        if task.message.trigger == "schedule":
            yield
            return
        showing = asyncio.create_task(show())
        try:
            yield
        finally:
            showing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await showing
