"""Every operation of a running API, asked with one thing wrong: what comes back, and what became of the rows."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from quart import Quart

from support.api import Api, Told
from support.things import QUERIES, Things, body
from users_service.api.routing import Operation
from users_service.engine import Database
from users_service.models import metadata

#: What changes by asking alone.
BY_ASKING = frozenset({"buckets", "api_tokens", "idempotency"})


def operations(api: Api) -> list[Operation]:
    """Return the operations of a running service, by their path."""
    public = api.users.service.public
    assert isinstance(public, Quart)
    found: list[Operation] = public.extensions["operations"]
    return sorted(found, key=lambda one: (one.path, one.method))


def with_body(api: Api) -> list[Operation]:
    return [one for one in operations(api) if one.body is not None]


def later(api: Api) -> str:
    return (api.users.clock.now() + timedelta(days=1)).isoformat()


async def token(api: Api, one: Operation, things: Things) -> str:
    """Return the token of somebody whom an operation lets in to these things."""
    if one.policy.who == "self" or one.name.endswith("_form") or one.name == "export_me":
        return await api.token(f"{things.workspace} {things.user}", person=things.identity)
    return await api.token("operator")


async def ask(api: Api, one: Operation, things: Things, given: Any = None, query: str | None = None, **headers: str) -> Told:
    """Ask an operation about things, with this body."""
    path = things.path(one) + (QUERIES.get(one.name, "") if query is None else query)
    return await api.ask(one.method, path, given, token=await token(api, one, things), **headers)


def plausible(api: Api, one: Operation, things: Things) -> Any:
    """Return a body that the operation takes."""
    return body(one, things, later(api))


def is_problem(told: Told, *statuses: int) -> bool:
    """Say whether an answer is one clear problem of one of these statuses."""
    clear = told.headers["Content-Type"] == "application/problem+json" and told.json["status"] == told.status
    return told.status in statuses and clear and bool(told.json["title"]) and len(told.body) < 8000


def texts(one: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the fields of a body that are free text, with their schemas: or any JSON, where a text is one, too."""
    assert one.body is not None
    shape = one.body.model_json_schema()
    for name, schema in shape["properties"].items():
        kinds = [schema, *schema.get("anyOf", [])]
        if (
            any(kind.get("type") == "string" and not {"enum", "const", "format"} & kind.keys() for kind in kinds)
            or not kinds[0]
        ):
            yield name, schema


async def rows(api: Api) -> dict[str, list[str]]:
    """Return all rows that asking alone does not change."""
    database, found = Database(api.users.url), {}
    try:
        async with database.read() as connection:
            for table in metadata.sorted_tables:
                if table.name not in BY_ASKING:
                    found[table.name] = sorted(str(row) for row in await connection.execute(sa.select(table)))
    finally:
        await database.aclose()
    return found


def said(one: Operation, told: Told) -> str:
    """Return an answer in a line, for a failed comparison."""
    return f"{one.method} {one.path}: {told.status} {json.dumps(told.json)[:400]}"
