"""Settings of users-service."""

from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from jeeves_service.settings import BusSettings, checked, origin
from users_service.domain.origins import Place, places

SHORTEST_TOKEN = 16  # characters


def pairs(text: object) -> object:
    """Read `name=url,…` into a dictionary."""
    if not isinstance(text, str):
        return text
    entries = [entry.strip().partition("=") for entry in text.split(",") if entry.strip()]
    if any(not name or not value for name, _, value in entries):
        raise ValueError("it is a list of name=url, separated by commas")
    return {name.strip(): origin(value.strip()) for name, _, value in entries}


def members(text: object) -> object:
    """Read `T123:U456,…` into a set of (workspace, person)."""
    if not isinstance(text, str):
        return text
    entries = [entry.strip().partition(":") for entry in text.split(",") if entry.strip()]
    if any(not workspace or not person for workspace, _, person in entries):
        raise ValueError("it is a list of workspace:person ids such as T123:U456, separated by commas")
    return frozenset((workspace, person) for workspace, _, person in entries)


def _database(url: str) -> None:
    try:
        kind = make_url(url).drivername
    except ArgumentError:
        kind = ""
    if kind not in ("postgresql+asyncpg", "sqlite+aiosqlite") and not kind.startswith(("mysql+", "mariadb+")):
        raise ValueError("it begins with postgresql+asyncpg://, sqlite+aiosqlite:/// or mysql+ and an asynchronous driver")


def _token(text: str) -> None:
    if not (text.isascii() and text.isprintable() and " " not in text and len(text) >= SHORTEST_TOKEN):
        raise ValueError(f"it has {SHORTEST_TOKEN} characters or more, of those that a header may hold: `openssl rand -hex 32`")


Members = Annotated[frozenset[tuple[str, str]], BeforeValidator(members)]


class Settings(BusSettings):
    """`jeeves_actions` are registered at first start; operators and admins are `(workspace_id, user_id)`.

    `jeeves_action_origins` are where operators may put actions in from: empty for anywhere. Without an admin token the API lets
    in nobody.
    """

    jeeves_database_url: Annotated[SecretStr, checked(_database)]
    jeeves_actions: Annotated[dict[str, str], BeforeValidator(pairs)] = {}
    jeeves_action_origins: Annotated[tuple[Place, ...], BeforeValidator(places)] = ()
    jeeves_operators: Members = frozenset()
    jeeves_admins: Members = frozenset()
    jeeves_admin_token: Annotated[SecretStr, checked(_token)] | None = None
    jeeves_api_rate: Annotated[int, Field(ge=60, le=1_000_000)] = 600
    #: Not less than the days for which a platform may deliver a message again; not more than ten years, which is for ever.
    jeeves_retention_days: Annotated[int, Field(ge=8, le=3650)] = 90
