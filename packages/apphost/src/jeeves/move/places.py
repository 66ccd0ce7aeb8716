"""Which database and which bus an operator means, by the data folder and the settings."""

import itertools
from dataclasses import dataclass
from pathlib import Path

from jeeves.environment import Given
from jeeves_service.errors import SettingsError

DATABASE, BUS = "jeeves.sqlite", "bus.sqlite"  # in the data folder, as the embedded form has them
MOVED = ".moved"  # what a file is called on, whose content is elsewhere
DISTRIBUTED = ("postgresql+asyncpg://", "mysql+asyncmy://", "mariadb+asyncmy://")


@dataclass(frozen=True)
class Embedded:
    """The files of an embedded form."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def bus(self) -> Path:
        return self.folder / BUS

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.database}"

    def retire(self) -> None:
        """Call the files something else, so that no Jeeves goes on with them."""
        for path in (self.database, self.bus):
            number = next(n for n in itertools.count() if not _moved(path, n).exists())
            for file in ("", "-wal", "-shm"):  # a log that is left belongs to its database
                if (found := path.with_name(path.name + file)).exists():
                    found.rename(_moved(path, number).with_name(_moved(path, number).name + file))


def _moved(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}{MOVED}{number or ''}")


def database(given: Given) -> str:
    """Return the URL of the database of the settings, else of the one in the data folder."""
    return given.values.get("JEEVES_DATABASE_URL") or Embedded(given.data).url


def destination(given: Given, to: str | None, amqp: str | None) -> tuple[str, str | None]:
    """Return the URLs of database and broker to move to, by options or settings. Raises SettingsError."""
    url = to or given.values.get("JEEVES_DATABASE_URL", "")
    broker = amqp or given.values.get("JEEVES_AMQP_URL")
    lines = []
    if not url.startswith(DISTRIBUTED):
        kinds = " or ".join(DISTRIBUTED[:2])
        lines.append(
            f"Say where to move: --to, or JEEVES_DATABASE_URL (or JEEVES_DATABASE_URL_FILE), which begins with {kinds}."
        )
    if broker and not broker.startswith(("amqp://", "amqps://")):
        lines.append("--amqp, or JEEVES_AMQP_URL, is a RabbitMQ's: it begins with amqp:// or amqps://.")
    if lines:
        raise SettingsError(lines)
    return url, broker
