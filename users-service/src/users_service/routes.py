"""`/internal/v1`: what other services ask of users-service. Every route names the scope that it takes."""

from quart import Blueprint, Response

from jeeves_contracts.delivery import AnswerRequest, BeginRequest, ClaimRequest, SettleRequest, TakeRequest
from jeeves_service.web import answer, body_of, scoped
from users_service.service.answers import Answers
from users_service.service.claims import Claims
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
