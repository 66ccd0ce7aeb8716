"""A Quart app as every service wants it: bounded bodies, and every error as a problem (RFC 9457)."""

import math
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from pydantic import ValidationError
from quart import Quart, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from jeeves_contracts.base import Contract
from jeeves_contracts.problem import MEDIA_TYPE, FieldError, Problem
from jeeves_service.errors import (
    ConflictError,
    DeniedError,
    ForbiddenError,
    InvalidError,
    JeevesError,
    NotFoundError,
    PermanentError,
    PreconditionFailedError,
    TooManyError,
    TransientError,
    UnauthenticatedError,
)
from jeeves_service.logs import logger
from jeeves_service.tokens import Verifier
from jeeves_service.trace import begin, trace_id

MAX_BODY = 1024 * 1024  # bytes
STATUS: tuple[tuple[type[JeevesError], int, str, str], ...] = (
    (UnauthenticatedError, 401, "Not authenticated", "unauthenticated"),
    (ForbiddenError, 403, "Not allowed", "forbidden"),
    (NotFoundError, 404, "Not found", "not-found"),
    (ConflictError, 409, "Not in this state", "conflict"),
    (PreconditionFailedError, 412, "It has changed", "changed"),
    (PermanentError, 422, "Not possible", "not-possible"),
    (TooManyError, 429, "Too many requests", "too-many"),
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
    app.after_request(_bare)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(JeevesError, _own_error)
    app.register_error_handler(Exception, _unexpected)
    return app


async def _bare(response: Response) -> Response:
    """Let no answer be a page that does something, unless it says what its own page may."""
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    return response


def answer(value: Contract, status: int = 200) -> Response:
    """Return a contract as JSON."""
    return Response(value.to_bytes(), status, content_type="application/json")


def problem(
    status: int,
    title: str,
    detail: str = "",
    errors: list[FieldError] | None = None,
    kind: str = "",
    *,
    policy: str | None = None,
) -> Response:
    """Return a problem. `kind` is the last word of its stable type; without one the status says all."""
    value = Problem(
        type=f"urn:jeeves:problem:{kind}" if kind else "about:blank",
        title=title,
        status=status,
        detail=detail,
        errors=errors or [],
        policy=policy,
        trace_id=_trace(),
    )
    return Response(value.model_dump_json(exclude_defaults=True), status, content_type=MEDIA_TYPE)


def _trace() -> str:
    """Return the id of the request's trace, by which its log lines are found: one of its own where it came without."""
    if "traceparent" not in g:
        given = request.headers.get("traceparent")
        g.traceparent = given if trace_id(given) else begin()
    return trace_id(g.traceparent) or ""


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
    code = error.code or 500
    words = "There is nothing at this address." if isinstance(error, NotFound) else str(error.description or "")
    told = problem(code, error.name, "" if code >= 500 else words, kind=error.name.lower().replace(" ", "-"))  # noqa: PLR2004
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        told.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return told


async def _invalid(error: ValidationError) -> Response:
    errors = [
        FieldError(field=".".join(str(part) for part in wrong["loc"]), message=wrong["msg"])
        for wrong in error.errors(include_input=False, include_url=False, include_context=False)[:20]
    ]
    return problem(
        422, "Not valid", "The body does not have the shape that is asked for; see `errors`.", errors, kind="not-valid"
    )


async def _own_error(error: JeevesError) -> Response:
    if isinstance(error, InvalidError):
        wrong = [FieldError(field=field, message=message) for field, message in error.errors.items()]
        return problem(422, "Not valid", "Something that was given breaks a rule; see `errors`.", wrong, kind="not-valid")
    for kind, status, title, name in STATUS:
        if isinstance(error, kind):
            policy = error.policy if isinstance(error, DeniedError) else None
            response = problem(status, title, str(error), kind=name, policy=policy)
            if isinstance(error, TooManyError):
                response.headers["Retry-After"] = str(max(1, math.ceil(error.seconds)))
            if isinstance(error, UnauthenticatedError):
                response.headers["WWW-Authenticate"] = "Bearer"
            return response
    return problem(500, "Something went wrong", str(error))


async def _unexpected(error: Exception) -> Response:
    log.error("unexpected error", path=request.path, trace_id=_trace(), exc_info=error)
    return problem(500, "Something went wrong")
