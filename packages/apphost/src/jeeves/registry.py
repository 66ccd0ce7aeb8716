"""Which services there are: every `service.toml` of the checkout, and nothing else lists them."""

import graphlib
import importlib
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jeeves_service.errors import SettingsError
from jeeves_service.service import Service
from jeeves_service.settings import ServiceSettings

ROOT = Path(__file__).resolve().parents[4]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Route(_Table):
    """A public path that the gateway lets through to the service: exact, or with all below it when it ends in `/*`."""

    path: Annotated[str, Field(pattern=r"^/$|^(/[A-Za-z0-9._~-]+)+(/\*)?$")]
    methods: tuple[str, ...]


class Queues(_Table):
    consumes: tuple[str, ...] = ()
    publishes: tuple[str, ...] = ()


class Needs(_Table):
    """What a service cannot work without: peers by name, the bus, the database.

    `scopes` are those it may ask others under.
    `outside` names those of its checks that look at the far side of the internet: it starts without them.
    """

    services: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    bus: bool = False
    database: bool = False
    outside: tuple[str, ...] = ()


class Declared(_Table):
    """A service as its `service.toml` declares it. `feature` is the name of an action's feature."""

    name: str
    package: str
    summary: str
    kind: Literal["core", "action"]
    feature: str | None = None
    routes: tuple[Route, ...] = ()
    queues: Queues = Queues()
    needs: Needs = Needs()
    tables: tuple[str, ...] = ()
    folder: Path

    @property
    def variable(self) -> str:
        """The name as it stands in names of settings: `users-service` → `USERS_SERVICE`."""
        return self.name.upper().replace("-", "_")

    @property
    def settings(self) -> type[ServiceSettings]:
        """The class of its settings (imports the service)."""
        return cast(type[ServiceSettings], importlib.import_module(f"{self.package}.settings").Settings)

    @property
    def create_app(self) -> Callable[..., Service]:
        """Its composition root (imports the service)."""
        return cast(Callable[..., Service], importlib.import_module(f"{self.package}.app").create_app)

    def migrate(self, url: str) -> None:
        """Bring the database that it owns to the newest revision (imports the service)."""
        importlib.import_module(f"{self.package}.migrate").upgrade(url)


def services(root: Path = ROOT) -> tuple[Declared, ...]:
    """Read every `service.toml` one folder below `root`: what is needed comes before what needs it.

    Raises SettingsError with a line for each that cannot be read, and when there is none.
    """
    found, lines = dict[str, Declared](), []
    for path in sorted(root.glob("*/service.toml")):
        try:
            read = tomllib.loads(path.read_text(encoding="utf-8"))
            declared = Declared.model_validate({**read, "folder": path.parent})
            found[declared.name] = declared
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            lines.append(f"{path.relative_to(root)} is wrong: {error}")
    if not found and not lines:
        lines.append(f"No service is found below {root}: Jeeves runs from a checkout of its repository.")
    if lines:
        raise SettingsError(lines)
    return tuple(found[name] for name in _ordered(found) if name in found)


def _ordered(found: Mapping[str, Declared]) -> list[str]:
    sorter = graphlib.TopologicalSorter({name: declared.needs.services for name, declared in found.items()})
    sorter.prepare()
    names: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        names += ready
        sorter.done(*ready)
    return names
