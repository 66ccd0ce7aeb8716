"""`/internal/v1/runs`: what a scheduler asks of users-service."""

from quart import Blueprint, Response

from jeeves_contracts.schedules import LeaseRequest, PublishedRequest
from jeeves_service.web import answer, body_of, scoped
from users_service.service.runs import Runs


def run_routes(runs: Runs) -> Blueprint:
    """Return the calls that carry a run from due to published."""
    routes = Blueprint("runs", __name__, url_prefix="/internal/v1/runs")

    @routes.post("/lease")
    @scoped("runs:lease")
    async def lease() -> Response:
        return answer(await runs.lease(await body_of(LeaseRequest)))

    @routes.post("/published")
    @scoped("runs:lease")
    async def published() -> Response:
        return answer(await runs.published(await body_of(PublishedRequest)))

    return routes
