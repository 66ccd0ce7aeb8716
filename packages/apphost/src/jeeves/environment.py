"""What each service is given: the operator's settings that it has, and what the app host adds."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jeeves.registry import Declared
from jeeves_service.errors import SettingsError
from jeeves_service.settings import ServiceSettings, resolve, unknown

#: Of what is no setting of Jeeves, only this reaches a service's process.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True)
class Given:
    """What the operator set: every value of `NAME_FILE` is read, every name is one that Jeeves knows."""

    values: Mapping[str, str]

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Given":
        """Raises SettingsError with a line for each unknown name, unreadable file and wrong port."""
        values, lines = resolve(environ)
        lines += unknown(values)
        for name in ("JEEVES_PORT", "JEEVES_OPS_PORT"):
            text = values.get(name) or "1"
            if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):  # noqa: PLR2004
                lines.append(f"{name} is wrong: it is a port, a number from 1 to 65535.")
        if lines:
            raise SettingsError(lines)
        return cls({name: value for name, value in values.items() if value})

    @property
    def host(self) -> str:
        return self.values.get("JEEVES_HOST", "127.0.0.1")

    @property
    def port(self) -> int:
        """The edge."""
        return int(self.values.get("JEEVES_PORT", "8000"))

    @property
    def ops_port(self) -> int:
        """Health and metrics of the whole."""
        return int(self.values.get("JEEVES_OPS_PORT", str(self.port + 1)))

    @property
    def url(self) -> str:
        """Where the edge is reached from this machine."""
        return f"http://{'127.0.0.1' if self.host in ('0.0.0.0', '::') else self.host}:{self.port}"  # noqa: S104

    @property
    def data(self) -> Path:
        """The folder of all that is kept, made with access for its owner only."""
        folder = Path(self.values.get("JEEVES_DATA_DIR", ".jeeves")).absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def inherited(self) -> dict[str, str]:
        """Return what a service's process has beside settings."""
        return {name: value for name, value in self.values.items() if name in INHERITED or name.startswith("OTEL_")}

    def named(self, prefix: str) -> dict[str, str]:
        """Return what is set under names that begin so."""
        return {name: value for name, value in self.values.items() if name.startswith(prefix)}


def no_slack(given: Given) -> str | None:
    """Return what to tell an operator whose settings let no Slack workspace reach this Jeeves; None when they do."""
    missing = [name for name in ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN") if name not in given.values]
    if not missing:
        return None
    names = f"{' and '.join(missing)} {'are' if len(missing) > 1 else 'is'} not set"
    return (
        f"{names}: no Slack workspace can talk with this Jeeves. Take the values from your Slack app; "
        "`make demo` shows a conversation without Slack."
    )


def environments(
    given: Given,
    declared: Iterable[Declared],
    *,
    url: Callable[[Declared], str],
    own: Mapping[str, str],
    keys: tuple[Mapping[str, str], str],
) -> dict[Declared, dict[str, str]]:
    """Return each service's settings, and only those that it has.

    `url` is where a service is called: an action at its public port, any other at its internal one. `own` stands where the
    operator set nothing; `keys` are those of `tokens.new_keys`.
    """
    services = {service.name: service for service in declared}
    defaults = {
        "JEEVES_ACTIONS": ",".join(f"{s.feature}={url(s)}" for s in services.values() if s.feature),
        "SLACK_SIGNING_SECRET": secrets.token_hex(32),  # nobody knows it: every request is refused until one is set
        **own,
    }
    private, public = keys
    return {
        service: {
            **_of(service, defaults),
            **_of(service, given.values),
            **{f"JEEVES_{services[name].variable}_URL": url(services[name]) for name in service.needs.services},
            "JEEVES_SERVICE_KEY": private[service.name],
            "JEEVES_SERVICE_KEYS": public,
        }
        for service in services.values()
    }


def _of(service: Declared, values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if name.lower() in service.settings.model_fields}


def load(environments: Mapping[Declared, Mapping[str, str]]) -> dict[Declared, ServiceSettings]:
    """Load every service's settings. Raises SettingsError with the lines of all of them, each once."""
    loaded: dict[Declared, ServiceSettings] = {}
    lines: dict[str, None] = {}
    for service, environ in environments.items():
        try:
            loaded[service] = service.settings.load(environ)
        except SettingsError as error:
            lines |= dict.fromkeys(error.lines)
    if lines:
        raise SettingsError(list(lines))
    return loaded
