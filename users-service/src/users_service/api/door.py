"""What is the same for every request: who asks, may they, how often, is it well formed, was it asked before."""

import contextlib
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError
from quart import Response, request
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.base import Contract
from jeeves_service.clock import Clock
from jeeves_service.errors import ConflictError, InvalidError, NotFoundError, UnauthenticatedError
from jeeves_service.web import problem
from users_service.api.authenticate import Authenticator
from users_service.api.call import Call, Nothing, etag, render
from users_service.api.limits import Limits
from users_service.api.openapi import LONGEST_KEY
from users_service.api.principals import Principal
from users_service.api.routing import Made, Operation, Outcome, Raw
from users_service.engine import Database
from users_service.repository import idempotency
from users_service.scope import OPERATOR
from users_service.service.batches import again, database

JSON = "application/json"
NOBODY = Principal("nobody")
KEPT = ("Content-Type", "Location", "ETag")  # headers that are answered again to the same Idempotency-Key


@dataclass
class Door:
    """Lets requests in to operations."""

    database: Database
    clock: Clock
    authenticator: Authenticator
    limits: Limits

    async def enter(self, operation: Operation, parts: Mapping[str, str]) -> Response:
        """Answer a request to an operation. Raises JeevesError or ValidationError, which are answered as problems."""
        with database():
            principal = await self._principal(operation)
            told = await self.limits.spend(principal.name if principal else request.remote_addr or "nobody")
            operation.policy.check(principal)
            made = {**_read(operation, parts), "body": await _body(operation)}
            response = await again(lambda: self._in_transaction(operation, principal or NOBODY, made))
        response.headers.update(told)
        return response

    async def _in_transaction(self, operation: Operation, principal: Principal, made: dict[str, Contract]) -> Response:
        async with self._connection(operation) as connection:
            if operation.transaction == "write":
                await self.authenticator.hold(connection, principal)
            now, headers = self.clock.now(), dict(request.headers)
            call: Call[Any, Any, Any] = Call(
                principal, operation.policy, now=now, headers=headers, connection=connection, **made
            )
            return await self._once(operation, call)

    async def _principal(self, operation: Operation) -> Principal | None:
        try:
            return await self.authenticator.of(request.headers.get("Authorization", ""))
        except UnauthenticatedError:
            if operation.policy.who == "anyone":
                return None
            raise

    @contextlib.asynccontextmanager
    async def _connection(self, operation: Operation) -> AsyncIterator[AsyncConnection]:
        if operation.transaction == "none":
            yield cast("AsyncConnection", None)  # it would be held while others are asked: whoever does that opens its own
        elif operation.transaction == "write":
            async with self.database.write() as connection:
                yield connection
        else:
            async with self.database.read() as connection:
                yield connection

    async def _once(self, operation: Operation, call: Call[Any, Any, Any]) -> Response:
        """Do it, unless the same was asked before under the same Idempotency-Key: then answer the same."""
        key = request.headers.get("Idempotency-Key")
        if key is None or operation.transaction != "write" or operation.method != "POST":
            return _response(operation, await operation.handler(call))
        if not 0 < len(key) <= LONGEST_KEY:
            raise InvalidError({"Idempotency-Key": f"it has 1 to {LONGEST_KEY} characters"})
        digest, asked = _digest(call.principal.name, key), await _asked()
        before = await idempotency.begin(OPERATOR, call.connection, digest, asked, call.now)
        if before is not None:
            if before.request != asked:
                raise ConflictError("This Idempotency-Key was used for another request.")
            return Response(before.body, before.status, headers={**before.headers, "Idempotency-Replayed": "true"})
        outcome = await operation.handler(call)
        response = _response(operation, outcome)
        kept = {name: response.headers[name] for name in KEPT if name in response.headers}
        body = await response.get_data(as_text=False)
        if isinstance(outcome, Made) and outcome.secret:
            body = render(outcome.value.model_copy(update=dict.fromkeys(outcome.secret)))
        await idempotency.end(OPERATOR, call.connection, digest, response.status_code, kept, body)
        return response


def _read(operation: Operation, parts: Mapping[str, str]) -> dict[str, Contract]:
    """Read the path and the query. What cannot be a name of anything is not found."""
    if any("\x00" in part for part in (*parts.values(), *request.args.values())):
        raise NotFoundError("There is nothing of this name.")
    if any(part.endswith(" ") for part in parts.values()):  # a database that pads would find another name
        raise NotFoundError("There is nothing of this name.")
    try:
        path = operation.takes.model_validate_strings(dict(parts))
    except ValidationError:
        raise NotFoundError("There is nothing of this name.") from None
    if len(request.args) != sum(1 for _ in request.args.items(multi=True)):
        raise InvalidError({"query": "each parameter may be given once"})
    return {"path": path, "query": operation.query.model_validate_strings(request.args.to_dict())}


async def _body(operation: Operation) -> Contract:
    if operation.body is None:
        return Nothing()
    if request.mimetype not in (JSON, "application/merge-patch+json"):
        raise UnsupportedError
    raw = await request.get_data(cache=True)
    if b"\\u0000" in raw:
        raise InvalidError({"body": "the character U+0000 cannot be kept"})
    return operation.body.from_bytes(raw)


class UnsupportedError(InvalidError):
    """The body is of another kind."""

    def __init__(self) -> None:
        super().__init__({"Content-Type": "the body is application/json"})


async def unsupported(_: UnsupportedError) -> Response:
    """Answer 415."""
    return problem(415, "Unsupported media type", "The body is JSON: send Content-Type: application/json.", kind="not-json")


async def _asked() -> str:
    raw = await request.get_data(cache=True, as_text=False)
    body = hashlib.sha256(bytes(raw)).hexdigest() if isinstance(raw, bytes) else ""
    return _digest(request.method, request.full_path, body)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def _response(operation: Operation, outcome: Outcome) -> Response:
    if outcome is None:
        return Response(status=204)
    if isinstance(outcome, Raw):
        response = Response(outcome.body, operation.status, content_type=outcome.media_type)
        if outcome.filename:
            response.headers["Content-Disposition"] = f'attachment; filename="{outcome.filename}"'
        return response
    value = outcome.value if isinstance(outcome, Made) else outcome
    response = Response(render(value), operation.status, content_type=JSON)
    if isinstance(outcome, Made):
        response.headers["Location"] = outcome.location
    if operation.has_etag:
        response.headers["ETag"] = etag(value)
        wanted = request.headers.get("If-None-Match", "")
        if operation.method == "GET" and etag(value) in [one.strip() for one in wanted.split(",")]:
            return Response(status=304, headers={"ETag": etag(value)})
    return response
