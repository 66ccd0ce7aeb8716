"""What each service is given: the operator's settings that it has, and what the app host adds."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from jeeves.registry import Declared
from jeeves_sandbox.guard import is_loopback
from jeeves_service.errors import SettingsError
from jeeves_service.settings import ServiceSettings, resolve, unknown

#: Of what is no setting of Jeeves, only this reaches a service's process.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")

#: What says that there is a Slack already: the sandbox would be a second one.
SLACK = (
    "SLACK_SIGNING_SECRET",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_API_URL",
)


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
        if _switch(values.get("JEEVES_SANDBOX") or "off") is None:
            lines.append("JEEVES_SANDBOX is wrong: it is on or off.")
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
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def sandbox(self) -> bool | None:
        """Whether the sandbox is to be on; None where nobody has said."""
        return _switch(self.values.get("JEEVES_SANDBOX", ""))

    @property
    def data(self) -> Path:
        """The folder of all that is kept, made with access for its owner only."""
        folder = Path(self.values.get("JEEVES_DATA_DIR", ".jeeves")).absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def with_slack(self, settings: Mapping[str, str]) -> "Given":
        """Return the same with a Slack of our own. Its admins come to those that the operator named."""
        admins = ",".join(filter(None, (self.values.get("JEEVES_ADMINS"), settings.get("JEEVES_ADMINS"))))
        return Given({**self.values, **settings, "JEEVES_ADMINS": admins})

    def inherited(self) -> dict[str, str]:
        """Return what a service's process has beside settings."""
        return {name: value for name, value in self.values.items() if name in INHERITED or name.startswith("OTEL_")}

    def named(self, prefix: str) -> dict[str, str]:
        """Return what is set under names that begin so."""
        return {name: value for name, value in self.values.items() if name.startswith(prefix)}


def opens_sandbox(given: Given) -> bool:
    """Tell whether the embedded form opens the sandbox: asked for or not, never beside a Slack, nor for other machines.

    Raises SettingsError where it is asked for and may not be.
    """
    against = [name for name in SLACK if name in given.values] + _reached(given)
    if against and given.sandbox:
        names = f"{', '.join(against[:-1])} and {against[-1]}" if len(against) > 1 else against[0]
        words = "it takes the place of Slack, and is for this machine alone. Unset them, or set JEEVES_SANDBOX=off."
        raise SettingsError([f"JEEVES_SANDBOX cannot be on beside {names} as set: {words}"])
    return given.sandbox is not False and not against


def _reached(given: Given) -> list[str]:
    """Return the settings by which others than this machine reach Jeeves."""
    url = given.values.get("JEEVES_PUBLIC_URL")
    found = {"JEEVES_HOST": given.host, "JEEVES_PUBLIC_URL": (urlsplit(url).hostname or "") if url else "localhost"}
    return [name for name, host in found.items() if not is_loopback(host)]


def no_sandbox(given: Given) -> None:
    """Raise SettingsError where the sandbox is asked of a form that cannot open it."""
    if given.sandbox:
        words = "To try the distributed form with it, run `python -m jeeves_sandbox`, which prints the settings for that."
        raise SettingsError([f"JEEVES_SANDBOX is on, and only `make run` opens the sandbox. {words}"])


def no_slack(given: Given) -> str | None:
    """Return what to tell an operator whose settings let no Slack workspace reach this Jeeves; None when they do."""
    missing = [name for name in ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN") if name not in given.values]
    if not missing:
        return None
    names = f"{' and '.join(missing)} {'are' if len(missing) > 1 else 'is'} not set"
    if any(name in given.values for name in SLACK):
        sandbox = "with none of the SLACK_* settings set, `make run` opens a sandbox to try it in (JEEVES_SANDBOX)."
    elif reached := _reached(given):
        why = " and ".join(f"{name} is {given.values[name]}" for name in reached)
        sandbox = f"`make run` opens no sandbox, which is for this machine alone, because {why}."
    elif given.sandbox is False:
        sandbox = "`make run` opens no sandbox to try it in, because JEEVES_SANDBOX is off."
    else:
        sandbox = "as they are, `make run` opens a sandbox to try it in (JEEVES_SANDBOX)."
    return f"{names}: no Slack workspace can talk with this Jeeves. Take the values from your Slack app; {sandbox}"


def _switch(text: str) -> bool | None:
    try:
        return TypeAdapter(bool).validate_python(text)
    except ValidationError:
        return None


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
