"""How the `jeeves` command reaches what runs on this machine: kept in the data folder, for its owner only."""

import os
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel

from jeeves.environment import Given
from jeeves.registry import Declared
from jeeves_service.errors import SettingsError

NAME = "operator"
SCOPES = ("dead-letters:manage",)


def scopes(declared: Iterable[Declared]) -> dict[str, tuple[str, ...]]:
    """Return who may sign for which scopes: each service as its `service.toml` says, and the operator."""
    return {**{service.name: service.needs.scopes for service in declared}, NAME: SCOPES}


class Operator(BaseModel):
    """`users_url` is the origin of users-service's internal routes, `key` a private JWK that signs as the operator."""

    users_url: str
    key: str
    amqp_url: str

    def save(self, folder: Path) -> None:
        """Keep it until `forget`."""
        with os.fdopen(os.open(_file(folder), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(self.model_dump_json())


def forget(folder: Path) -> None:
    """Nothing runs any more."""
    _file(folder).unlink(missing_ok=True)


def found(given: Given) -> Operator:
    """Return how to reach it: by the settings where they say so, else what runs on the data folder. Raises SettingsError."""
    if _file(given.data).exists():
        kept = Operator.model_validate_json(_file(given.data).read_bytes())
    else:
        kept = Operator(users_url="", key="", amqp_url="")
    operator = Operator(
        users_url=given.values.get("JEEVES_USERS_SERVICE_URL", kept.users_url),
        key=given.values.get("JEEVES_SERVICE_KEY", kept.key),
        amqp_url=given.values.get("JEEVES_AMQP_URL", kept.amqp_url),
    )
    if not operator.users_url and not operator.amqp_url:
        raise SettingsError(
            [f"Nothing runs on the data in {given.data}. Start it, or set JEEVES_USERS_SERVICE_URL and JEEVES_SERVICE_KEY."]
        )
    return operator


def _file(folder: Path) -> Path:
    return folder / "operator.json"
