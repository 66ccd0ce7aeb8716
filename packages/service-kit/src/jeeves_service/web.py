"""A Quart app as every service wants it: bounded bodies, and every error as a problem (RFC 9457)."""

from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from pydantic import ValidationError
from quart import Quart, Response, current_app, request
from werkzeug.exceptions import HTTPException

from jeeves_contracts.base import Contract
from jeeves_contracts.problem import MEDIA_TYPE, FieldError, Problem
from jeeves_service.errors import ForbiddenError, JeevesError, PermanentError, TransientError, UnauthenticatedError
from jeeves_service.logs import logger
from jeeves_service.tokens import Verifier
from jeeves_service.trace import trace_id

MAX_BODY = 1024 * 1024  # bytes
STATUS: tuple[tuple[type[JeevesError], int, str, str], ...] = (
    (UnauthenticatedError, 401, "Not authenticated", "unauthenticated"),
    (ForbiddenError, 403, "Not allowed", "forbidden"),
    (PermanentError, 422, "Not possible", "not-possible"),
    (TransientError, 503, "Not possible just now", "not-now"),
)
P = ParamSpec("P")
R = TypeVar("R")
Body = TypeVar("Body", bound=Contract)
log = logger(__name__)


def create_quart(name: str) -> Quart:
    """Return an app without routes, without cookies, without static files."""
    # A root of our own: else Flask looks for a module of this name, and finds the folder `slack-ingest` when started beside it.
    app = Quart(name, static_folder=None, root_path=str(Path(__file__).parent))
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, BODY_TIMEOUT=10)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(JeevesError, _own_error)
    app.register_error_handler(Exception, _unexpected)
    return app


def answer(value: Contract, status: int = 200) -> Response:
    """Return a contract as JSON."""
    return Response(value.to_bytes(), status, content_type="application/json")


def problem(status: int, title: str, detail: str = "", errors: list[FieldError] | None = None, kind: str = "") -> Response:
    """Return a problem. `kind` is the last word of its stable type; without one the status says all."""
    value = Problem(
        type=f"urn:jeeves:problem:{kind}" if kind else "about:blank",
        title=title,
        status=status,
        detail=detail,
        errors=errors or [],
        trace_id=trace_id(request.headers.get("traceparent")),
    )
    return Response(value.model_dump_json(exclude_defaults=True), status, content_type=MEDIA_TYPE)


async def body_of(kind: type[Body]) -> Body:
    """Read the request's body. Raises ValidationError, answered 422 with a line for each field."""
    return kind.from_bytes(await request.get_data(cache=False))


def scoped(*scopes: str) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    """Let a route be called only with a service token that has one of `scopes`. The app's `verifier` extension decides."""

    def decorate(route: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        @wraps(route)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            verifier: Verifier = current_app.extensions["verifier"]
            verifier.issuer(request.headers.get("Authorization", ""), *scopes)
            return await route(*args, **kwargs)

        return guarded

    return decorate


async def _http_error(error: HTTPException) -> Response:
    return problem(error.code or 500, error.name, "" if (error.code or 500) >= 500 else str(error.description or ""))  # noqa: PLR2004


async def _invalid(error: ValidationError) -> Response:
    errors = [
        FieldError(field=".".join(str(part) for part in wrong["loc"]), message=wrong["msg"])
        for wrong in error.errors(include_input=False, include_url=False, include_context=False)[:20]
    ]
    return problem(
        422, "Not valid", "The body does not have the shape that is asked for; see `errors`.", errors, kind="not-valid"
    )


async def _own_error(error: JeevesError) -> Response:
    for kind, status, title, name in STATUS:
        if isinstance(error, kind):
            return problem(status, title, str(error), kind=name)
    return problem(500, "Something went wrong", str(error))


async def _unexpected(error: Exception) -> Response:
    log.error("unexpected error", path=request.path, exc_info=error)
    return problem(500, "Something went wrong")
