"""What a service is asked, written down on its way."""

from typing import Any


class Recorded:
    """An app in the place of another one, which it passes everything on to. `asked` are path and body of each call."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.asked: list[tuple[str, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a call on, and keep what it asked."""
        body = bytearray()

        async def heard() -> Any:
            event = await receive()
            body.extend(event.get("body", b""))
            return event

        await self._app(scope, heard, send)
        self.asked.append((scope["path"], bytes(body)))

    def bodies(self, path: str) -> list[bytes]:
        """Return the bodies of the calls whose paths end so."""
        return [body for asked, body in self.asked if asked.endswith(path)]
