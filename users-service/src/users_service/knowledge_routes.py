"""`/internal/v1`: what a dispatcher may ask of the person whose message it holds."""

from quart import Blueprint, Response

from jeeves_contracts.knowledge import HeldRequest, RecallRequest
from jeeves_contracts.shown import ShowRequest
from jeeves_service.web import answer, body_of, problem, scoped
from users_service.service.knowledge import Knowledge, NotHeldError


def knowledge_routes(knowledge: Knowledge) -> Blueprint:
    """Return the calls for a claim that is held; any other is answered 409."""
    routes = Blueprint("knowledge", __name__, url_prefix="/internal/v1")
    routes.register_error_handler(NotHeldError, _not_held)

    @routes.post("/people/book")
    @scoped("people:book")
    async def book() -> Response:
        return answer(await knowledge.book(await body_of(HeldRequest)))

    @routes.post("/messages/recall")
    @scoped("people:book")
    async def recall() -> Response:
        return answer(await knowledge.recall(await body_of(RecallRequest)))

    @routes.post("/show")
    @scoped("people:book")
    async def show() -> Response:
        return answer(await knowledge.show(await body_of(ShowRequest)))

    @routes.post("/reports/list")
    @scoped("people:book")
    async def reports() -> Response:
        return answer(await knowledge.reports(await body_of(HeldRequest)))

    return routes


async def _not_held(_: NotHeldError) -> Response:
    return problem(409, "Not held", "Only for a message that is claimed, under its own fence.", kind="not-held")
