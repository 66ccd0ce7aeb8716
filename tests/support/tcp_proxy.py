"""A TCP proxy on loopback that can do to a connection what networks do: cut it, or swallow all of it."""

import asyncio
import contextlib
from typing import Self


class TcpProxy:
    """`async with TcpProxy("127.0.0.1", 5672) as proxy: connect to proxy.port`."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._server: asyncio.Server
        self._flows = asyncio.Event()
        self._back = asyncio.Event()
        self._refuses = False
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.accepted = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.resume()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self._drop()
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """Reset all connections, and every new one until `resume`."""
        self._refuses = True
        self._drop()

    def reset(self) -> None:
        """Reset all connections; new ones are welcome."""
        self._drop()

    def blackhole(self) -> None:
        """Keep connections open, and pass nothing on in either direction."""
        self._flows.clear()
        self._back.clear()

    def swallow_answers(self) -> None:
        """Pass on what the client says, and nothing that it is told."""
        self._back.clear()

    def resume(self) -> None:
        """Be a plain proxy again. What was held up flows on."""
        self._refuses = False
        self._flows.set()
        self._back.set()

    def _drop(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        self.accepted += 1
        with contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            ways = (self._pass(reader, far_writer, self._flows), self._pass(far_reader, writer, self._back))
            for way in ways:
                task = asyncio.create_task(way)
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flows: asyncio.Event) -> None:
        self._open.add(writer)
        try:
            with contextlib.suppress(OSError):
                while data := await reader.read(65536):
                    await flows.wait()
                    writer.write(data)
                    await writer.drain()
        finally:
            self._open.discard(writer)
            writer.transport.abort()
