"""Kept connections to one HTTP server: a request that is ready to be written goes out, its answer's status comes back."""

import asyncio

from httptools import HttpResponseParser

MOST = 256  # connections; beyond that a request waits for one, and its time runs


class Wire(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._answered: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def ask(self, request: bytes) -> "asyncio.Future[int]":
        """Write a request; the future is its answer's status, 0 when the connection ends first."""
        self._answered = asyncio.get_running_loop().create_future()
        self._parser = HttpResponseParser(self)
        self._transport.write(request)
        return self._answered

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._end(self._parser.get_status_code())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._end(0)

    @property
    def open(self) -> bool:
        """Whether a request can be written to it."""
        return not self._transport.is_closing()

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def _end(self, status: int) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(status)


class Wires:
    """The connections to one port of this machine. Those that are free are used first, the one freed last before others."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[Wire] = []
        self._room = asyncio.Semaphore(MOST)

    async def ask(self, request: bytes) -> int:
        """Send a request; return its answer's status, 0 when there was none."""
        async with self._room:
            wire = await self._taken()
            status = await wire.ask(request)
            if status:
                self._free.append(wire)
            return status

    def close(self) -> None:
        """Hang up all that are free."""
        for wire in self._free:
            wire.close()
        self._free.clear()

    async def _taken(self) -> Wire:
        while self._free:
            if (wire := self._free.pop()).open:  # a server ends connections that have long been idle
                return wire
        _, wire = await asyncio.get_running_loop().create_connection(Wire, "127.0.0.1", self._port)
        return wire
