"""Settings of users-service."""

from typing import Annotated

from pydantic import BeforeValidator, SecretStr

from jeeves_service.settings import BusSettings


def pairs(text: object) -> object:
    """Read `a=b,c=d` into a dictionary."""
    if not isinstance(text, str):
        return text
    entries = [entry.strip().partition("=") for entry in text.split(",") if entry.strip()]
    if any(not name or not value for name, _, value in entries):
        raise ValueError("it is a list of name=url, separated by commas")
    return {name.strip(): value.strip() for name, _, value in entries}


def members(text: object) -> object:
    """Read `T123:U456,…` into a set of (workspace, person)."""
    if not isinstance(text, str):
        return text
    entries = [entry.strip().partition(":") for entry in text.split(",") if entry.strip()]
    if any(not workspace or not person for workspace, _, person in entries):
        raise ValueError("it is a list of workspace:person ids such as T123:U456, separated by commas")
    return frozenset((workspace, person) for workspace, _, person in entries)


Members = Annotated[frozenset[tuple[str, str]], BeforeValidator(members)]


class Settings(BusSettings):
    """`jeeves_actions` are registered at first start; operators and admins are `(workspace_id, user_id)`."""

    jeeves_database_url: SecretStr
    jeeves_actions: Annotated[dict[str, str], BeforeValidator(pairs)] = {}
    jeeves_operators: Members = frozenset()
    jeeves_admins: Members = frozenset()
