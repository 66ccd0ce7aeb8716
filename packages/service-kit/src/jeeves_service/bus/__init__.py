"""The bus: a port (`port`), the queues (`topology`), and two adapters with the same behaviour (`rabbit`, `sqlite`)."""

from pathlib import Path

from jeeves_service.bus.port import Bus
from jeeves_service.bus.topology import Queue, queues
from jeeves_service.errors import SettingsError


def connect(url: str, declared: tuple[Queue, ...] | None = None) -> Bus:
    """Return the bus that a URL names: `amqp(s)://…` or `sqlite:///path`. Raises SettingsError for any other."""
    wanted = queues() if declared is None else declared
    if url.startswith(("amqp://", "amqps://")):
        from jeeves_service.bus.rabbit import RabbitBus

        return RabbitBus(url, wanted)
    if url.startswith("sqlite:///"):
        from jeeves_service.bus.sqlite import SqliteBus

        return SqliteBus(Path(url.removeprefix("sqlite:///")), wanted)
    raise SettingsError(["JEEVES_AMQP_URL is wrong: it begins with amqp://, amqps:// or sqlite:///."])
