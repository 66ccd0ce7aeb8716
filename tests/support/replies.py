"""The delivery contract's take and settle, spoken over HTTP with the states of docs/protocol.md: for tests of a sender."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from quart import Quart, Response

from jeeves_contracts.actions import Reply
from jeeves_contracts.delivery import (
    Busy,
    Send,
    SettleAnswer,
    Settled,
    SettleItem,
    SettleRequest,
    SettleResult,
    TakeAnswer,
    TakeItem,
    TakeRequest,
    TakeResult,
)
from jeeves_contracts.ids import reply_id, split_reply_id
from jeeves_contracts.people import Conversation
from jeeves_service.clock import Clock
from jeeves_service.errors import TransientError
from jeeves_service.tokens import Verifier
from jeeves_service.web import answer, body_of, create_quart, scoped

FRESH = 10.0  # seconds that a take may be at work


@dataclass
class Row:
    """One reply."""

    reply: Reply
    conversation: Conversation
    user_id: str = "U0ANA"
    scheduled: bool = False
    asked_at: datetime | None = None
    state: str = "pending"
    number: int = 0
    age_from: float = 0
    ts: str | None = None
    reason: str | None = None
    resent: int = 0


@dataclass
class RepliesStandIn:
    """`away`: it answers 503. `lose`: so many answers are lost after their work is done. `late`: seconds for the next take."""

    verifier: Verifier
    clock: Clock
    rows: dict[str, Row] = field(default_factory=dict)
    takes: list[TakeItem] = field(default_factory=list)
    settles: list[SettleItem] = field(default_factory=list)
    away: bool = False
    lose: int = 0
    late: float = 0

    def put(self, message_id: str, conversation: Conversation, *texts: str | Reply, scheduled: bool = False) -> list[str]:
        """Store the replies of a message; return their ids."""
        ids = [reply_id(message_id, number) for number in range(1, len(texts) + 1)]
        for name, text in zip(ids, texts, strict=True):
            reply = Reply(text=text) if isinstance(text, str) else text
            self.rows[name] = Row(reply, conversation, scheduled=scheduled)
        return ids

    def app(self) -> Quart:
        """Return the app of its ops port."""
        app = create_quart("replies")
        app.extensions["verifier"] = self.verifier

        @app.get("/healthz")
        async def healthz() -> Response:
            return Response("ok", 503 if self.away else 200)

        @app.post("/internal/v1/replies/take")
        @scoped("replies:send")
        async def take() -> Response:
            request = await body_of(TakeRequest)
            told = self._told(lambda: TakeAnswer(results=[self._take(item) for item in request.items]))
            late, self.late = self.late, 0
            await self.clock.sleep(late)
            return told

        @app.post("/internal/v1/replies/settle")
        @scoped("replies:send")
        async def settle() -> Response:
            request = await body_of(SettleRequest)
            return self._told(lambda: SettleAnswer(results=[self._settle(item) for item in request.items]))

        return app

    def _told(self, work: Callable[[], TakeAnswer | SettleAnswer]) -> Response:
        if self.away:
            raise TransientError("away")
        done = work()
        if self.lose:
            self.lose -= 1
            raise TransientError("the answer is lost")
        return answer(done)

    def _take(self, item: TakeItem) -> TakeResult:
        self.takes.append(item)
        message, last = split_reply_id(item.reply_id)
        names = (reply_id(message, number) for number in range(1, last + 1))
        name = next((n for n in names if n in self.rows and self.rows[n].state in ("pending", "sending")), None)
        if name is None:
            return Settled()
        row, age = self.rows[name], self.clock.monotonic() - self.rows[name].age_from
        mine = item.number is not None and name == item.reply_id
        if mine and item.number != row.number:
            return Busy(seconds=max(0.0, FRESH - age))
        if item.yielded and row.state == "sending" and age < FRESH:
            return Busy(seconds=FRESH - age)
        in_doubt = row.state == "sending" and not mine
        row.state, row.number, row.age_from = "sending", row.number + 1, self.clock.monotonic()
        row.resent += item.doubt and item.blind
        return Send(
            reply_id=name,
            number=row.number,
            in_doubt=in_doubt,
            scheduled=row.scheduled,
            asked_at=row.asked_at,
            conversation=row.conversation,
            user_id=row.user_id,
            reply=row.reply,
        )

    def _settle(self, item: SettleItem) -> SettleResult:
        self.settles.append(item)
        row = self.rows[item.reply_id]
        if row.state != "sending":
            return SettleResult(state="settled" if row.state == item.outcome else "stale")
        if item.outcome == "refused" and item.number != row.number:
            return SettleResult(state="stale")
        row.state, row.ts, row.reason = item.outcome, item.ts, item.reason
        return SettleResult(state="settled")

    def done(self) -> bool:
        """Whether every reply is sent or refused."""
        return all(row.state in ("sent", "refused") for row in self.rows.values())
