"""How the `jeeves` command reaches a Jeeves: by its settings, else what runs on this machine, kept for its owner only."""

import asyncio
import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, ValidationError

from jeeves.environment import Given
from jeeves.registry import Declared
from jeeves_service.clock import SystemClock
from jeeves_service.errors import PermanentError, SettingsError, TransientError
from jeeves_service.http import HttpClient, Response
from jeeves_service.settings import origin
from jeeves_service.tokens import Signer

NAME = "operator"
SCOPES = ("api",)
API = "/api/v1"
PATIENCE = 60  # seconds
LONGEST = 256 * 1024 * 1024  # bytes of an answer: a whole export
ASKED_FOR = (403, 404, 409, 412, 422, 429, 503)  # answers about what was asked for, whose words are enough


def scopes(declared: Iterable[Declared]) -> dict[str, tuple[str, ...]]:
    """Return who may sign for which scopes: each service as its `service.toml` says, and the operator."""
    return {**{service.name: service.needs.scopes for service in declared}, NAME: SCOPES}


class Operator(BaseModel):
    """`api_url` is the origin of the public API, asked with `token` or, without one, in the operator's name with `key`.

    `key` is a private JWK that signs as the operator, `keys` the JWKS of all public keys: what an action needs to believe its
    dispatcher. `amqp_url` is the bus.
    """

    key: str = ""
    amqp_url: str = ""
    keys: str = ""
    api_url: str = ""
    token: str = ""

    def save(self, folder: Path) -> None:
        """Keep it until `forget`."""
        with os.fdopen(os.open(_file(folder), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(self.model_dump_json())

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """Ask the API: `path` is below /api/v1, `body` becomes JSON.

        Returns what was answered: JSON as it is read, None for nothing, and bytes where `headers` have another `Accept`.
        Raises SettingsError when it is not told where, PermanentError in its words when it refuses, TransientError when away.
        """
        if not self.api_url or not (self.token or self.key):
            raise SettingsError(["Set JEEVES_PUBLIC_URL and JEEVES_API_TOKEN to ask the API of a Jeeves."])
        sent = {"Authorization": f"Bearer {self.token or self._signed()}", **(headers or {})}
        data = None if body is None else json.dumps(body).encode()
        answer = asyncio.run(_request(method, self.api_url + API + path, data, sent))
        if answer.status < 400 and "Accept" in sent and not _is_json(answer):  # noqa: PLR2004
            return answer.body
        return _read(answer)

    def pages(self, path: str, **query: str | int | None) -> Iterator[Any]:
        """Ask for a list, page after page; return its items. A parameter that is None is left out. Raises as `ask`."""
        asked = {name: value for name, value in query.items() if value is not None}
        while True:
            page = self.ask("GET", f"{path}?{urlencode(asked)}" if asked else path)
            if not isinstance(page, dict) or not {"items", "next"} <= page.keys():
                raise TransientError("what answers there is not Jeeves")
            yield from page["items"]
            if not page["next"]:
                return
            asked["cursor"] = page["next"]

    def _signed(self) -> str:
        try:
            return Signer(self.key, SystemClock()).token("users-service", *SCOPES)
        except Exception:  # noqa: BLE001 - whatever is made of what is no key; its words may be a part of it
            raise SettingsError(["JEEVES_SERVICE_KEY is no private key (a JWK)."]) from None


def part(name: str) -> str:
    """Return a name as a part of a path."""
    return quote(name, safe="")


async def _request(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Response:
    http = HttpClient()
    try:
        return await http.request(method, url, body=body, headers=headers, timeout=PATIENCE, limit=LONGEST)
    except TransientError as error:
        raise TransientError(f"Jeeves does not answer: {error}") from error
    finally:
        await http.aclose()


def _is_json(answer: Response) -> bool:
    return "json" in answer.headers.get("content-type", "")


def _read(answer: Response) -> Any:
    """Return what was answered. Raises PermanentError with the words of a problem."""
    try:
        found = json.loads(answer.body or b"null")
    except ValueError:
        found = answer.body
    if isinstance(found, bytes) or (answer.status >= 300 and not isinstance(found, dict)):  # noqa: PLR2004
        raise TransientError(f"what answers there is not Jeeves (it answered {answer.status})")
    if answer.status >= 400:  # noqa: PLR2004
        by = "" if answer.status in ASKED_FOR else f"Jeeves answered {answer.status}: "
        raise PermanentError(by + _words(found))
    return found


def _words(problem: Mapping[str, Any]) -> str:
    """Return what a problem says, with what is wrong in each field."""
    wrong = problem.get("errors", ())
    fields = "; ".join(f"{one['field']}: {one['message'].removeprefix('Value error, ')}" for one in wrong)
    return fields or problem.get("detail") or str(problem.get("title"))


def forget(folder: Path) -> None:
    """Nothing runs any more."""
    _file(folder).unlink(missing_ok=True)


def found(given: Given) -> Operator:
    """Return how to reach it: by the settings where they say so, else what runs on the data folder. Raises SettingsError."""
    operator = reached(given)
    if not operator.api_url and not operator.amqp_url:
        raise SettingsError(
            [f"Nothing runs on the data in {given.data}. Start it, or set JEEVES_PUBLIC_URL and JEEVES_API_TOKEN."]
        )
    return operator


def reached(given: Given) -> Operator:
    """As `found`, with empty addresses where nothing runs. Raises SettingsError for an address that is none."""
    kept = Operator()
    with contextlib.suppress(FileNotFoundError, ValidationError):  # just ended, or just being written
        kept = Operator.model_validate_json(_file(given.data).read_bytes())
    token = given.values.get("JEEVES_API_TOKEN", "")
    # The public address of what runs here may be one that only others reach: without a way to ask of its own it is not taken.
    asks = token or given.values.get("JEEVES_SERVICE_KEY", "")
    return Operator(
        key=given.values.get("JEEVES_SERVICE_KEY", kept.key),
        amqp_url=given.values.get("JEEVES_AMQP_URL", kept.amqp_url),
        keys=given.values.get("JEEVES_SERVICE_KEYS", kept.keys),
        api_url=(_public(given) if asks else None) or kept.api_url,
        token=token,
    )


def _public(given: Given) -> str | None:
    url = given.values.get("JEEVES_PUBLIC_URL")
    try:
        return origin(url) if url else None
    except ValueError as error:
        raise SettingsError([f"JEEVES_PUBLIC_URL is wrong: {error}."]) from None


def _file(folder: Path) -> Path:
    return folder / "operator.json"
