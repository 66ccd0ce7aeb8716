"""Settings from the environment: typed, each also as `NAME_FILE`, masked when shown, strict about names it does not know."""

import difflib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from jeeves_service.errors import SettingsError
from jeeves_service.tokens import check_key, check_keys

#: Every setting of every service: what `JEEVES_*` may be named at all. Patterns stand for families.
KNOWN = (
    "JEEVES_PUBLIC_URL", "JEEVES_HOST", "JEEVES_PORT", "JEEVES_OPS_PORT", "JEEVES_DATA_DIR", "JEEVES_DATABASE_URL",
    "JEEVES_AMQP_URL", "JEEVES_ACTIONS", "JEEVES_ACTION_ORIGINS", "JEEVES_OPERATORS", "JEEVES_ADMINS",
    "JEEVES_ADMIN_TOKEN", "JEEVES_API_TOKEN", "JEEVES_SESSION_KEYS", "JEEVES_VAULT_KEYS", "JEEVES_SERVICE_KEY",
    "JEEVES_SERVICE_KEYS", "JEEVES_RETENTION_DAYS", "JEEVES_API_RATE", "JEEVES_REPLY_IN_THREAD", "JEEVES_SANDBOX",
    "JEEVES_WEATHER_URL", "JEEVES_GEOCODING_URL",
    "JEEVES_SMTP_URL", "JEEVES_SMTP_FROM", "JEEVES_LOG_LEVEL",
)  # fmt: skip
FAMILIES = (
    r"JEEVES_([A-Z]+_SERVICE|[A-Z]+_INGEST|DISPATCHER|DASHBOARD|ACTIONS_[A-Z]+)_URL",  # peers
    r"JEEVES_PROVIDER_[A-Z0-9]+_(CLIENT_ID|CLIENT_SECRET|AUTHORIZE_URL|TOKEN_URL|API_URL|REVOKE_URL)",
)


def checked(check: Callable[[str], object]) -> AfterValidator:
    """Return the validator of a secret whose text `check` reads, raising ValueError for what is none."""

    def validate(secret: SecretStr) -> SecretStr:
        check(secret.get_secret_value())
        return secret

    return AfterValidator(validate)


def origin(url: str) -> str:
    """Return an origin such as `http://users-service:8001`, without a slash at its end. Raises ValueError."""
    parts = urlsplit(url.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise ValueError("it is an origin: http:// or https://, a host, perhaps a port")
    return url.rstrip("/")


def _bus_url(url: str) -> None:
    if not url.startswith(("amqp://", "amqps://", "sqlite:///")):
        raise ValueError("it begins with amqp:// or amqps://")


Port = Annotated[int, Field(ge=1, le=65535)]
Origin = Annotated[str, AfterValidator(origin)]


class ServiceSettings(BaseModel):
    """Base of each service's `settings.py`: a field named `jeeves_port` is read from `JEEVES_PORT`."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    jeeves_host: str = "127.0.0.1"
    jeeves_port: Port = 8000
    jeeves_ops_port: Port | None = None
    jeeves_service_key: Annotated[SecretStr, checked(check_key)]
    jeeves_service_keys: Annotated[str, AfterValidator(check_keys)]
    jeeves_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def ops_port(self) -> int:
        """The port of `/internal/v1`, health and metrics."""
        return self.jeeves_ops_port or self.jeeves_port + 1

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings of this service.

        Raises SettingsError with one line for each unknown, unreadable, missing or wrong setting.
        """
        values, lines = resolve(environ)
        lines += unknown(values)
        given = {name: values[name.upper()] for name in cls.model_fields if values.get(name.upper(), "") != ""}
        try:
            settings = cls.model_validate(given)
        except ValidationError as error:
            raise SettingsError(lines + [_line(wrong) for wrong in error.errors(include_input=False)]) from None
        if lines:
            raise SettingsError(lines)
        return settings

    def shown(self) -> dict[str, Any]:
        """Return what was given as plain JSON, secrets masked, for the log at start."""
        plain = self.model_dump(mode="json", include=self.model_fields_set)
        return {
            name.upper(): sorted(plain[name]) if isinstance(getattr(self, name), frozenset) else plain[name]
            for name in sorted(plain)
        }


def resolve(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Read each `NAME_FILE` into `NAME`; return the values, and a line for each file that cannot be read."""
    values = {name: value for name, value in environ.items() if not name.endswith("_FILE")}
    lines = []
    for name, path in environ.items():
        if not (name.endswith("_FILE") and name.startswith(("JEEVES_", "SLACK_")) and path):
            continue
        try:
            values[name.removesuffix("_FILE")] = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            lines.append(f"{name} cannot be read: {error.__class__.__name__}. Give the path of a readable text file.")
    return values, lines


def unknown(values: Mapping[str, str]) -> list[str]:
    """Return a line for each `JEEVES_*` name that no service knows, with the nearest one that exists."""
    lines = []
    for name in sorted(values):
        if not name.startswith("JEEVES_") or name in KNOWN or any(re.fullmatch(f, name) for f in FAMILIES):
            continue
        near = difflib.get_close_matches(name, KNOWN, 1)
        lines.append(f"{name} is not a setting of Jeeves." + (f" Did you mean {near[0]}?" if near else " Remove it."))
    return lines


def _line(wrong: ErrorDetails) -> str:
    name = ".".join(str(part) for part in wrong["loc"]).upper()
    if wrong["type"] == "missing":
        return f"{name} is not set. Set it, or {name}_FILE to a file that holds it."
    words = wrong["msg"].removeprefix("Value error, ")
    return f"{name} is wrong: {words[0].lower()}{words[1:]}."


class BusSettings(ServiceSettings):
    """For services that use the bus: `amqp://…`, or `sqlite:///path` where the app host gives them its own."""

    jeeves_amqp_url: Annotated[SecretStr, checked(_bus_url)]


class PeerSettings(BusSettings):
    """For services that also call users-service: the origin of its ops port."""

    jeeves_users_service_url: Origin
