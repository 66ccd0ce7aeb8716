"""The API's routes on the public app, made from its resources."""

import re
from collections.abc import Iterable

from quart import Blueprint, Response
from quart.blueprints import BlueprintSetupState

from users_service.api import openapi
from users_service.api.door import Door, UnsupportedError, unsupported
from users_service.api.page import docs_page
from users_service.api.routing import Operation, Resource

PREFIX = "/api/v1"
#: What anybody may read, without a token.
PUBLIC = ("/openapi.json", "/docs")


def api_routes(door: Door, resources: Iterable[Resource]) -> Blueprint:
    """Return the routes of all operations, and of their description."""
    routes = Blueprint("api", __name__, url_prefix=PREFIX)
    operations = [operation for resource in resources for operation in resource.operations]
    for operation in operations:
        _add(routes, door, operation)

    @routes.record
    def _known(state: BlueprintSetupState) -> None:
        state.app.extensions["operations"] = operations
        state.app.url_map.merge_slashes = False  # a path that is not quite one of these is none: no redirect

    routes.register_error_handler(UnsupportedError, unsupported)
    described = openapi.document(operations)

    @routes.get("/openapi.json")
    async def describe() -> Response:
        return Response(openapi.text(described), content_type="application/json")

    @routes.get("/docs")
    async def docs() -> Response:
        return docs_page(described)

    return routes


def _add(routes: Blueprint, door: Door, operation: Operation) -> None:
    async def view(**parts: str) -> Response:
        return await door.enter(operation, parts)

    rule = re.sub(r"{(\w+)}", r"<\1>", operation.path)
    routes.add_url_rule(rule, operation.name, view, methods=[operation.method], provide_automatic_options=False)
