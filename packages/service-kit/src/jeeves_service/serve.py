"""Run a service alone: two listeners, SIGTERM finishes what it holds and ends with exit code 0."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import uvicorn
import uvloop

from jeeves_service import logs
from jeeves_service.bus import connect
from jeeves_service.clock import SystemClock
from jeeves_service.errors import SettingsError
from jeeves_service.http import KEEP_ALIVE, Asgi, HttpClient
from jeeves_service.service import Service
from jeeves_service.settings import BusSettings, ServiceSettings

Given = TypeVar("Given", bound=ServiceSettings)
GRACE = 10  # seconds that requests under way may take at the end


class Listener(uvicorn.Server):
    """A uvicorn that leaves signals to `told_to_stop`."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """A port that is taken would end the process from inside a task; `listen` tells it instead."""
        try:
            await super().startup(sockets)
        except SystemExit:
            self.should_exit = True


def listener(app: Asgi, host: str, port: int) -> Listener:
    """Return a server for one port."""
    return Listener(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=int(KEEP_ALIVE * 6),
            timeout_graceful_shutdown=GRACE,
        )
    )


async def listen(*listeners: Listener) -> list[asyncio.Task[None]]:
    """Start servers and return once each accepts connections. Raises OSError when a port cannot be had."""
    tasks = [asyncio.create_task(server.serve()) for server in listeners]
    while not all(server.started for server in listeners):
        if any(task.done() for task in tasks):
            await asyncio.gather(*(hush(server, task) for server, task in zip(listeners, tasks, strict=True)))
            raise OSError("a port is taken: " + ", ".join(str(server.config.port) for server in listeners))
        await asyncio.sleep(0.005)
    return tasks


async def hush(server: Listener, task: asyncio.Task[None]) -> None:
    """End one server, letting requests under way finish."""
    server.should_exit = True
    with contextlib.suppress(SystemExit, asyncio.CancelledError):
        await task


def told_to_stop() -> asyncio.Event:
    """Return what SIGTERM and SIGINT set from now on."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    return told


async def until_told() -> None:
    """Wait for SIGTERM or SIGINT."""
    await told_to_stop().wait()


async def run(service: Service, settings: ServiceSettings) -> None:
    """Serve until told to stop: listen, work, then take no more, finish, disconnect."""
    told = told_to_stop()  # first: being told during the start must not end it halfway
    servers = [listener(service.ops, settings.jeeves_host, settings.ops_port)]
    if service.public is not None:
        servers.append(listener(service.public, settings.jeeves_host, settings.jeeves_port))
    await service.start()
    tasks = await listen(*servers)
    gc.freeze()
    logs.logger(service.name).info("ready", service=service.name, port=settings.jeeves_port, ops_port=settings.ops_port)
    await told.wait()
    await asyncio.gather(*(hush(server, task) for server, task in zip(servers, tasks, strict=True)))
    await service.stop()


def compose(settings: Given, create_app: Callable[..., Service]) -> Service:
    """Build a service of the distributed form: its own HTTP client, the machine's clock, the broker where it needs one."""
    http = HttpClient()
    parts: dict[str, Any] = {"http": http, "clock": SystemClock()}
    if isinstance(settings, BusSettings):
        parts["bus"] = connect(settings.jeeves_amqp_url.get_secret_value())
    service = create_app(settings, **parts)
    if bus := parts.get("bus"):
        service.on_start.insert(0, bus.start)
        service.on_stop.insert(0, bus.stop)
    service.on_stop.insert(0, http.aclose)
    return service


def main(kind: type[Given], create_app: Callable[..., Service], name: str) -> None:
    """Run a service from its `__main__`: settings, or one line for each mistake; then serve until told to stop."""
    try:
        settings = kind.load(os.environ)
    except SettingsError as error:
        sys.exit("\n".join(f"{name}: {line}" for line in error.lines))
    logs.configure(settings.jeeves_log_level)
    logs.logger(name).info("settings", service=name, **settings.shown())

    async def body() -> None:
        await run(compose(settings, create_app), settings)

    try:
        uvloop.run(body())
    except OSError as error:
        sys.exit(f"{name}: cannot start: {error}. Choose another JEEVES_PORT or JEEVES_OPS_PORT, or end what uses it.")
