"""How the `jeeves` command reaches what runs on this machine: kept in the data folder, for its owner only."""

import asyncio
import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from jeeves.environment import Given
from jeeves.registry import Declared
from jeeves_service.clock import SystemClock
from jeeves_service.errors import PermanentError, SettingsError, TransientError
from jeeves_service.http import HttpClient
from jeeves_service.tokens import Signer

NAME = "operator"
SCOPES = ("dead-letters:manage", "features:manage")
PATIENCE = 20  # seconds
ASKED_FOR = (404, 409, 422, 503)  # answers about what was asked for, whose words are enough


def scopes(declared: Iterable[Declared]) -> dict[str, tuple[str, ...]]:
    """Return who may sign for which scopes: each service as its `service.toml` says, and the operator."""
    return {**{service.name: service.needs.scopes for service in declared}, NAME: SCOPES}


class Operator(BaseModel):
    """`users_url` is the origin of users-service's internal routes, `key` a private JWK that signs as the operator.

    `keys` is the JWKS of all public keys: what an action needs to believe its dispatcher.
    """

    users_url: str
    key: str
    amqp_url: str
    keys: str = ""

    def save(self, folder: Path) -> None:
        """Keep it until `forget`."""
        with os.fdopen(os.open(_file(folder), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(self.model_dump_json())

    def ask(self, path: str, asked: Mapping[str, Any], *, scope: str) -> Any:
        """Ask users-service, and return what it answered.

        Raises SettingsError when it is not told where, PermanentError in its words when it refuses, TransientError when away.
        """
        if not self.users_url or not self.key:
            raise SettingsError(["Set JEEVES_USERS_SERVICE_URL and JEEVES_SERVICE_KEY to ask users-service."])
        return asyncio.run(self._ask(path, json.dumps(asked).encode(), scope))

    async def _ask(self, path: str, body: bytes, scope: str) -> Any:
        headers = {"Authorization": f"Bearer {Signer(self.key, SystemClock()).token('users-service', scope)}"}
        http = HttpClient()
        try:
            answer = await http.request("POST", self.users_url + path, body=body, headers=headers, timeout=PATIENCE)
        except TransientError as error:
            raise TransientError(f"users-service does not answer: {error}") from error
        finally:
            await http.aclose()
        try:
            found = json.loads(answer.body or b"{}")
        except ValueError:
            raise TransientError("what answers there is not users-service") from None
        if answer.status >= 400:  # noqa: PLR2004
            by = "" if answer.status in ASKED_FOR else f"users-service answered {answer.status}: "
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
    if not operator.users_url and not operator.amqp_url:
        raise SettingsError(
            [f"Nothing runs on the data in {given.data}. Start it, or set JEEVES_USERS_SERVICE_URL and JEEVES_SERVICE_KEY."]
        )
    return operator


def reached(given: Given) -> Operator:
    """As `found`, with empty addresses where nothing runs."""
    kept = Operator(users_url="", key="", amqp_url="")
    with contextlib.suppress(FileNotFoundError, ValidationError):  # just ended, or just being written
        kept = Operator.model_validate_json(_file(given.data).read_bytes())
    return Operator(
        users_url=given.values.get("JEEVES_USERS_SERVICE_URL", kept.users_url),
        key=given.values.get("JEEVES_SERVICE_KEY", kept.key),
        amqp_url=given.values.get("JEEVES_AMQP_URL", kept.amqp_url),
        keys=given.values.get("JEEVES_SERVICE_KEYS", kept.keys),
    )


def _file(folder: Path) -> Path:
    return folder / "operator.json"
