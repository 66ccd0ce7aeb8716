"""The OpenAPI 3.1 document, made from the operations: nothing in it is written twice.

`python -m users_service.api.openapi write|check [folder]` keeps what is committed of it.
"""

import json
import re
import sys
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any, Literal

from pydantic.json_schema import models_json_schema

from jeeves_contracts.base import Contract
from jeeves_contracts.problem import MEDIA_TYPE, Problem
from users_service.api.call import Nothing
from users_service.api.routing import Operation

LONGEST_KEY = 200  # characters of an Idempotency-Key
Mode = Literal["validation", "serialization"]
PROBLEMS = {
    400: "The request is not HTTP as it should be", 401: "No token, or none that is valid",
    403: "Not for this token: `policy` names the rule", 404: "Not there, or not yours to know of",
    408: "The body did not arrive in time", 409: "Not in the state that it is in", 412: "It has changed since it was read",
    413: "The body is longer than 1 MB", 415: "The body is not JSON", 422: "Not valid: see `errors`",
    429: "Too many requests: see Retry-After", 500: "A fault of Jeeves", 503: "Not just now: try again",
}  # fmt: skip
LIMITS = {
    name: {"schema": {"type": "string"}, "description": words}
    for name, words in {
        "RateLimit": "what is left, and when the bucket is full",
        "RateLimit-Policy": "requests, and seconds",
    }.items()
}


def document(operations: Iterable[Operation], address: str = "/") -> dict[str, Any]:
    """Return the document. Every error is a problem (RFC 9457)."""
    every = list(operations)
    schemas, definitions = models_json_schema(_models(every), ref_template="#/components/schemas/{model}")
    paths: dict[str, dict[str, Any]] = {}
    for operation in every:
        paths.setdefault(f"/api/v1{operation.path}", {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Jeeves", "version": version("users-service"), "description": DESCRIPTION},
        "servers": [{"url": address}],
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "tags": [{"name": name} for name in sorted({operation.about for operation in every})],
    }


DESCRIPTION = (
    "People, features and what they did. A token is made by POST /api/v1/tokens. Lists come in pages: `next` is the "
    "`cursor` of the next one. A change may carry If-Match with the ETag that was read; a POST an Idempotency-Key."
)


def _models(operations: Iterable[Operation]) -> list[tuple[type[Contract], Mode]]:
    found: dict[tuple[type[Contract], Mode], None] = {(Problem, "serialization"): None}
    for one in operations:
        for model in (one.takes, one.query, one.body):
            if model not in (None, Nothing):
                found[model, "validation"] = None
        if one.answers:
            found[one.answers, "serialization"] = None
    return list(found)


def _operation(one: Operation, schemas: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"{(one.handler.__doc__ or '').strip()}\n\nPolicy `{one.policy.name}`: {one.policy.says}.",
        "tags": [one.about],
        "parameters": _parameters(one),
        "responses": _responses(one, schemas),
        "x-policy": one.policy.name,
    }
    if one.policy.who != "anyone":
        made["security"] = [{"token": []}]
    if one.body:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schemas[one.body, "validation"]}}}
    return made


def _parameters(one: Operation) -> list[dict[str, Any]]:
    found = []
    for model, where in ((one.takes, "path"), (one.query, "query")):
        shape = model.model_json_schema(ref_template="#/components/schemas/{model}")
        for name, schema in shape.get("properties", {}).items():
            required = where == "path" or name in shape.get("required", [])
            found.append({"name": name, "in": where, "required": required, "schema": schema})
    headers = {"If-Match": one.has_etag and one.method in ("PUT", "PATCH", "DELETE")}
    headers |= {"If-None-Match": one.has_etag and one.method == "GET", "Idempotency-Key": _is_once(one)}
    key = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
    schemas = {"Idempotency-Key": key}  # an ETag is compared, whatever it is
    return found + [
        {"name": name, "in": "header", "required": False, "schema": schemas.get(name, {"type": "string"})}
        for name, has in headers.items()
        if has
    ]


def _responses(one: Operation, schemas: Any) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done", "headers": LIMITS}
    if one.answers:
        success["content"] = {"application/json": {"schema": schemas[one.answers, "serialization"]}}
    for kind in one.media_types:
        success.setdefault("content", {})[kind] = {"schema": {"type": "string"}}
    found: dict[str, Any] = {str(one.status if one.answers or one.media_types else 204): success}
    if one.has_etag and one.method == "GET":
        found["304"] = {"description": "As you have it"}
    wrong = {"content": {MEDIA_TYPE: {"schema": schemas[Problem, "serialization"]}}}
    for status, words in PROBLEMS.items():
        if _may(one, status):
            found[str(status)] = {"description": words, **wrong}
    return found


def _may(one: Operation, status: int) -> bool:
    """Say whether an operation may answer with a problem of this status."""
    public = one.policy.who == "anyone"
    return {
        401: not public,
        403: not public,
        404: True,
        409: one.transaction != "read",
        412: one.has_etag and one.method != "GET",
        408: one.body is not None,
        413: one.body is not None,
        415: one.body is not None,
    }.get(status, True)


def _is_once(one: Operation) -> bool:
    return one.method == "POST" and one.transaction == "write"


def text(document: dict[str, Any]) -> str:
    """Return the document as it is told and committed."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def placeholders(path: str) -> list[str]:
    """Return the names in a path's template."""
    return re.findall(r"{(\w+)}", path)


if __name__ == "__main__":
    from users_service.api.committed import main

    sys.exit(main(sys.argv[1:]))
