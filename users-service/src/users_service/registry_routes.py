"""`/internal/v1/features`: what an operator may do with the registry while Jeeves runs."""

from typing import Annotated

from pydantic import AfterValidator, Field
from quart import Blueprint, Response

from jeeves_contracts.actions import Name
from jeeves_contracts.base import Contract
from jeeves_service.settings import origin
from jeeves_service.web import answer, body_of, problem, scoped
from users_service.scope import OPERATOR
from users_service.service.features import Features

SCOPE = "features:manage"


class PutRequest(Contract):
    """`url` is the action's origin, its manifest at `/v1/manifest` below it."""

    name: Name
    url: Annotated[str, Field(max_length=300), AfterValidator(origin)]
    enabled: bool = True


class SwitchRequest(Contract):
    name: Name
    enabled: bool


class RemoveRequest(Contract):
    name: Name


def registry_routes(features: Features) -> Blueprint:
    """Return the routes. What they change holds from the next message on: each claim brings the newer registry."""
    routes = Blueprint("features", __name__, url_prefix="/internal/v1/features")

    @routes.post("/list")
    @scoped(SCOPE)
    async def listed() -> Response:
        return answer(await features.registry(OPERATOR))

    @routes.post("/put")
    @scoped(SCOPE)
    async def put() -> Response:
        asked = await body_of(PutRequest)
        return answer(await features.register(OPERATOR, asked.name, asked.url, enabled=asked.enabled))

    @routes.post("/switch")
    @scoped(SCOPE)
    async def switch() -> Response:
        asked = await body_of(SwitchRequest)
        return _done(await features.switch(OPERATOR, asked.name, enabled=asked.enabled))

    @routes.post("/remove")
    @scoped(SCOPE)
    async def remove() -> Response:
        return _done(await features.remove(OPERATOR, (await body_of(RemoveRequest)).name))

    return routes


def _done(found: bool) -> Response:
    return Response(status=204) if found else problem(404, "Not found", "There is no action of this name.")
