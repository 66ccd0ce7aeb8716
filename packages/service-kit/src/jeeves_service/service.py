"""What a service is to whatever runs it: two apps, a start, a stop."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from quart import Quart

from jeeves_service.http import Asgi

Step = Callable[[], Awaitable[None]]


@dataclass
class Service:
    """The outcome of every `create_app`. `public` may be None: a service without a public face."""

    name: str
    ops: Quart
    public: Asgi | None = None
    on_start: list[Step] = field(default_factory=list)
    on_stop: list[Step] = field(default_factory=list)

    async def start(self) -> None:
        """Begin its work: consumers, background tasks. Does not wait for other services."""
        for step in self.on_start:
            await step()

    async def stop(self) -> None:
        """Finish what it holds, take no more, in the opposite order of the start."""
        for step in reversed(self.on_stop):
            await step()
