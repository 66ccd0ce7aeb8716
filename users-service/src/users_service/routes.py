"""`/internal/v1`: what other services ask of users-service. Every route names the scope that it takes."""

import uuid
from datetime import datetime

from pydantic import Field
from quart import Blueprint, Response

from jeeves_contracts.base import Contract, Json
from jeeves_contracts.delivery import AnswerRequest, BeginRequest, ClaimRequest, SettleRequest, TakeRequest
from jeeves_contracts.envelope import Envelope, routing_key
from jeeves_contracts.messages import JOB_DUE, MESSAGE_RECEIVED, Message
from jeeves_service.bus.port import Bus
from jeeves_service.clock import Clock
from jeeves_service.web import answer, body_of, problem, scoped
from users_service.scope import OPERATOR
from users_service.service.answers import Answers
from users_service.service.claims import Claims
from users_service.service.dead_letters import DeadLetters
from users_service.service.sending import Sending


def delivery_routes(claims: Claims, answers: Answers, sending: Sending) -> Blueprint:
    """Return the calls that carry a message through its states."""
    routes = Blueprint("delivery", __name__, url_prefix="/internal/v1")

    @routes.post("/messages/claim")
    @scoped("messages:claim")
    async def claim() -> Response:
        return answer(await claims.claim(await body_of(ClaimRequest)))

    @routes.post("/messages/begin")
    @scoped("messages:answer")
    async def begin() -> Response:
        return answer(await answers.begin(await body_of(BeginRequest)))

    @routes.post("/messages/answer")
    @scoped("messages:answer")
    async def store_answer() -> Response:
        return answer(await answers.answer(await body_of(AnswerRequest)))

    @routes.post("/replies/take")
    @scoped("replies:send")
    async def take() -> Response:
        return answer(await sending.take(await body_of(TakeRequest)))

    @routes.post("/replies/settle")
    @scoped("replies:send")
    async def settle() -> Response:
        return answer(await sending.settle(await body_of(SettleRequest)))

    return routes


class ListRequest(Contract):
    after: int = 0
    limit: int = Field(default=50, ge=1, le=200)


class LetterRequest(Contract):
    id: int


class Letters(Contract):
    items: list[Json]


class LetterShown(Contract):
    letter: Json


def dead_letter_routes(letters: DeadLetters, bus: Bus, clock: Clock) -> Blueprint:
    """Return what an operator may do with dead letters."""
    routes = Blueprint("dead-letters", __name__, url_prefix="/internal/v1/dead-letters")

    @routes.post("/list")
    @scoped("dead-letters:manage")
    async def listed() -> Response:
        asked = await body_of(ListRequest)
        found = await letters.listed(OPERATOR, after=asked.after, limit=asked.limit)
        return answer(Letters(items=[_plain(row) for row in found]))

    @routes.post("/show")
    @scoped("dead-letters:manage")
    async def show() -> Response:
        found = await letters.show(OPERATOR, (await body_of(LetterRequest)).id)
        return (
            answer(LetterShown(letter=_plain(found))) if found else problem(404, "Not found", "There is no such dead letter.")
        )

    @routes.post("/drop")
    @scoped("dead-letters:manage")
    async def drop() -> Response:
        if await letters.drop(OPERATOR, (await body_of(LetterRequest)).id):
            return Response(status=204)
        return problem(404, "Not found", "There is no such dead letter, or it was dropped before.")

    @routes.post("/replay")
    @scoped("dead-letters:manage")
    async def replay() -> Response:
        marked = await letters.replay(OPERATOR, (await body_of(LetterRequest)).id)
        if marked is None:
            return problem(
                409, "Not possible", "Only a letter that was not dropped, whose message has failed, can be replayed."
            )
        row, message, delivery_id = marked
        if message is None:
            await bus.send(row.origin, row.body)
        else:
            await bus.publish(*_again(message, delivery_id, clock))
        return Response(status=204)

    return routes


def _again(message: Message, delivery_id: str, clock: Clock) -> tuple[str, bytes]:
    event = JOB_DUE if message.trigger == "schedule" else MESSAGE_RECEIVED
    envelope = Envelope[Message](
        id=delivery_id or str(uuid.uuid4()),
        source="users-service",
        type=event,
        time=clock.now(),
        installationid=message.conversation.installation_id,
        correlationid=message.message_id,
        data=message,
    )
    return routing_key(event, message.identity.platform), envelope.to_bytes()


def _plain(row: dict[str, object]) -> Json:
    """Return a row as JSON: instants as text, no digest."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value  # type: ignore[misc]
        for name, value in row.items()
        if name != "digest"
    }
