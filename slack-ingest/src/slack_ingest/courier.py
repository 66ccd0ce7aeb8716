"""One reply on its way to Slack: pace → take → (upload → take) → post → settle, and what to do when any of them goes wrong.

docs/protocol.md has the states, the steps, and each failure with the test that shows it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from jeeves_contracts.delivery import Busy, Send, Settled, SettleItem, TakeItem, TakeResult
from jeeves_service.clock import Clock
from jeeves_service.errors import JeevesError
from jeeves_service.logs import logger
from jeeves_service.patience import Patience
from slack_ingest.attachments import Attached, Attachments
from slack_ingest.body import text_at
from slack_ingest.installations import Installations
from slack_ingest.late import notice
from slack_ingest.lookup import BLIND, Sighting, look
from slack_ingest.metrics import Metrics
from slack_ingest.outcomes import INVALID_FILE, Kind, Outcome
from slack_ingest.pace import Pace, Way
from slack_ingest.post import UNRENDERABLE, Beside, Form, call_of, place_of
from slack_ingest.slack_api import SlackApi
from slack_ingest.users import Replies

FRESH = 1.0  # seconds after a take within which its post must begin
DOUBT = 2.0  # seconds after a take from which on no earlier holder can begin a post, and it is time to look
LOOKS = 5  # times to look while Slack does not answer
UNREADY = 4  # times to wait for Slack, which looks at pictures a second or so after it has them
FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0  # seconds between two tries
UNKNOWN_TS = "-"  # sent, as an answer without a ts told
Value = TypeVar("Value")
log = logger(__name__)


@dataclass
class Trip:
    """What one delivery remembers. `failures` in a row: Slack could not be reached. `unready`: its pictures were not ready."""

    way: Way
    reply_id: str
    asked_at: datetime
    form: Form = field(default_factory=Form)
    attached: Attached = field(default_factory=Attached)
    failures: int = 0
    unready: int = 0

    def own(self, *, yielded: bool = False) -> TakeItem:
        """Ask for the delivery's own reply."""
        return TakeItem(reply_id=self.reply_id, yielded=yielded)

    def attached_to(self, send: Send) -> Attached:
        """Return what was brought for the reply in hand."""
        if self.attached.reply_id != send.reply_id:
            self.attached, self.unready = Attached(send.reply_id), 0
        return self.attached


@dataclass(frozen=True)
class Courier:
    """Carries replies. `in_thread`: whether top-level messages in channels are answered in a thread."""

    api: SlackApi
    replies: Replies
    attachments: Attachments
    installations: Installations
    pace: Pace
    patience: Patience
    metrics: Metrics
    clock: Clock
    in_thread: bool

    async def carry(self, way: Way, reply_id: str, asked_at: datetime) -> None:
        """Return once `reply_id` is sent or refused, and every earlier reply of its message with it.

        The caller holds the way's turn. Raises StoppedError when the service stops before that.
        """
        trip = Trip(way, reply_id, asked_at)
        ask: TakeItem | None = trip.own()
        while ask is not None:
            ask = await self._step(trip, ask)

    async def _step(self, trip: Trip, ask: TakeItem) -> TakeItem | None:
        """Take once and do what the answer says. Returns what to take next: None when there is nothing left."""
        await self.patience.wait(self.installations.known())
        while (seconds := self.pace.wait(trip.way)) > 0:
            await self.patience.pause(seconds)
        async with self.pace.slots:
            taken, since = await self._take(ask)
            outcome = await self._post(trip, taken, since) if isinstance(taken, Send) else None
        if isinstance(taken, Settled):
            return None if ask.reply_id == trip.reply_id else trip.own()
        if isinstance(taken, Busy):
            await self.patience.pause(taken.seconds)
            return trip.own(yielded=True)
        if outcome is None:
            return await self._bring(trip, taken)
        return await self._next(trip, taken, outcome)

    async def _take(self, ask: TakeItem) -> tuple[TakeResult, float]:
        """Take; with the monotonic time from which on the take may be counted."""

        async def once() -> tuple[TakeResult, float]:
            since = self.clock.monotonic()
            return await self.replies.take(ask), since

        return await self._insist(once)

    async def _post(self, trip: Trip, send: Send, since: float) -> Outcome | None:
        """Post what was taken. None when its second has passed, or something is to be uploaded before; in doubt, when an
        earlier take may have posted it.
        """
        if not self.installations.accepts(send.conversation.installation_id):
            return Outcome(Kind.REFUSED, "unknown_installation")
        attached = trip.attached_to(send)
        if send.in_doubt:
            attached.perhaps = True
            return Outcome(Kind.DOUBT, "taken_before")
        if not attached.holds(send.reply):
            return None
        try:
            place = place_of(send, trip.form, in_thread=self.in_thread)
            beside = Beside(notice(send, self.clock.now()), attached.note, attached.shown)
            call = call_of(send, place, trip.form, beside)
        except Exception:
            log.exception("a reply cannot be rendered", reply_id=send.reply_id)
            return Outcome(Kind.REFUSED, UNRENDERABLE)
        now = self.clock.monotonic()
        outcome = await self.api.post(*call, fresh=lambda: self.clock.monotonic() - since <= FRESH)
        if outcome.kind is Kind.LATE:
            return None
        trip.way.spend(now)
        if outcome.kind is Kind.LIMITED:  # noted before anybody else has the way
            self.pace.limited(trip.way, outcome.retry_after)
        self.metrics.replied(outcome.kind)
        return outcome

    async def _bring(self, trip: Trip, send: Send) -> TakeItem:
        """Upload what the reply comes with and Slack has not yet, outside the slots of posts; then take it again."""
        place = place_of(send, trip.form, in_thread=self.in_thread)
        outcome = await self.attachments.bring(send, place, trip.attached_to(send), trip.asked_at)
        if outcome.kind is Kind.BARRED:
            await self.installations.lost(outcome.code)
        if outcome.kind is not Kind.OK:
            log.warning("slack cannot be reached", code=outcome.code)
            await self._back_off(trip)
        return TakeItem(reply_id=send.reply_id, number=send.number)

    async def _next(self, trip: Trip, send: Send, outcome: Outcome) -> TakeItem | None:
        again = TakeItem(reply_id=send.reply_id, number=send.number)
        if outcome.kind is Kind.OK:
            ts = text_at(outcome.data, "ts") or text_at(outcome.data, "message_ts")  # the latter of ephemeral ones
            return await self._settle(trip, send, ts=ts or UNKNOWN_TS)
        if outcome.kind is Kind.DOUBT:
            log.warning("a post is in doubt", reply_id=send.reply_id, code=outcome.code)
            return await self._doubt(trip, send, self.clock.monotonic())
        if outcome.kind is Kind.LIMITED:
            return again
        if outcome.kind is Kind.NOT_SENT:
            log.warning("slack cannot be reached", code=outcome.code)
            await self._back_off(trip)
            return again
        if outcome.kind is Kind.BARRED:
            await self.installations.lost(outcome.code)
            await self._back_off(trip)  # auth.test may be good where a post is not
            return again
        if outcome.code == INVALID_FILE and trip.unready < UNREADY:
            trip.unready += 1
            await self.patience.pause(FIRST_WAIT * 2**trip.unready)
            return again
        if form := trip.form.plainer(outcome.code, send.reply):
            if trip.form.pictures and not form.pictures:
                self.attachments.dropped(trip.attached_to(send), outcome)
            trip.form = form
            return again
        log.warning("slack refused a reply", reply_id=send.reply_id, code=outcome.code)
        return await self._settle(trip, send, reason=outcome.code)

    async def _doubt(self, trip: Trip, send: Send, since: float) -> TakeItem | None:
        """It may have been posted: wait until nobody can begin that any more, look, settle or take it again."""
        await self.patience.pause(since + DOUBT - self.clock.monotonic())
        sighting = await self._look(trip, send)
        if sighting.ts is not None:
            self.metrics.replied("found_in_doubt")
            return await self._settle(trip, send, ts=sighting.ts)
        if sighting.clear:
            self.metrics.replied("absent_in_doubt")
            return TakeItem(reply_id=send.reply_id, number=send.number, doubt=True)
        if send.scheduled:
            self.metrics.replied("refused_in_doubt")
            return await self._settle(trip, send, reason="in_doubt")
        self.metrics.replied("resent_in_doubt")
        return TakeItem(reply_id=send.reply_id, number=send.number, doubt=True, blind=True)

    async def _look(self, trip: Trip, send: Send) -> Sighting:
        place = place_of(send, trip.form, in_thread=self.in_thread)
        for _ in range(LOOKS):
            await self.patience.wait(self.installations.known())
            sighting = await look(self.api, place, send.reply_id, self.installations.bot_id, trip.asked_at)
            if not sighting.later:
                return sighting
            if sighting.barred:
                await self.installations.lost(sighting.barred)
            await self._back_off(trip)
        return BLIND

    async def _settle(self, trip: Trip, send: Send, *, ts: str | None = None, reason: str | None = None) -> TakeItem | None:
        item = SettleItem(reply_id=send.reply_id, number=send.number, outcome="sent" if ts else "refused", ts=ts, reason=reason)
        result = await self._insist(lambda: self.replies.settle(item))
        trip.failures, trip.form, trip.attached = 0, Form(), Attached()
        if result.state == "stale":
            return trip.own(yielded=True)
        return None if send.reply_id == trip.reply_id else trip.own()

    async def _insist(self, call: Callable[[], Awaitable[Value]]) -> Value:
        """Ask users-service until it answers: nothing is lost meanwhile, for nothing is acked."""
        failures = 0
        while True:
            try:
                return await call()
            except JeevesError as error:
                log.warning("users-service cannot be asked", error=str(error))
                await self.patience.pause(min(FIRST_WAIT * 2**failures, LONGEST_WAIT))
                failures = min(failures + 1, 10)

    async def _back_off(self, trip: Trip) -> None:
        await self.patience.pause(min(FIRST_WAIT * 2**trip.failures, LONGEST_WAIT))
        trip.failures = min(trip.failures + 1, 10)
