"""Run a service alone: two listeners, SIGTERM finishes what it holds and ends with exit code 0."""

import asyncio
import contextlib
import errno
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
from jeeves_service.protocol import BoundedProtocol
from jeeves_service.service import Service
from jeeves_service.settings import BusSettings, ServiceSettings

Given = TypeVar("Given", bound=ServiceSettings)
GRACE = 10  # seconds that requests under way may take at the end


class Listener(uvicorn.Server):
    """A uvicorn that leaves signals to `told_to_stop`."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listener(app: Asgi, host: str, port: int) -> Listener:
    """Return a server for one port."""
    return Listener(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            loop="uvloop",
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=int(KEEP_ALIVE * 6),
            timeout_graceful_shutdown=GRACE,
        )
    )


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that has the port. Raises OSError that names it."""
    # The protocol is named: asyncio switches Nagle's delay off only for sockets that say they are TCP.
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, proto=socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise OSError(error.errno, f"{host}:{port}: {error.strerror}") from error
    return taken


async def listen(*listeners: Listener) -> list[asyncio.Task[None]]:
    """Start servers and return once each accepts connections. Raises OSError when a port cannot be had."""
    with contextlib.ExitStack() as undo:
        sockets = [undo.enter_context(bound(server.config.host, server.config.port)) for server in listeners]
        undo.pop_all()  # from here on they are the servers' to close
    tasks = [asyncio.create_task(server.serve([one])) for server, one in zip(listeners, sockets, strict=True)]
    while not all(server.started for server in listeners):
        await asyncio.wait(tasks, timeout=0.005)
        for task in tasks:
            if task.done():
                await task
    return tasks


def cannot_start(name: str, error: OSError) -> str:
    """Return one line for a start that the machine refused."""
    told = f"{name}: cannot start: {error.strerror or error}."
    if error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
        told += " Choose another JEEVES_HOST, JEEVES_PORT or JEEVES_OPS_PORT, or end what uses it."
    return told


async def hush(server: Listener, task: asyncio.Task[None]) -> None:
    """End one server, letting requests under way finish."""
    server.should_exit = True
    with contextlib.suppress(SystemExit, asyncio.CancelledError):
        await task


def spare_the_collector() -> None:
    """Keep what the start has made out of the collector's sight, and let it look more rarely.

    A message makes thousands of objects, hardly any of them in cycles: looking at every 700 takes a tenth of all CPU.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def told_to_stop() -> asyncio.Event:
    """Return what SIGTERM and SIGINT set from now on."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    return told


async def run(service: Service, settings: ServiceSettings) -> None:
    """Serve until told to stop: listen, work, then take no more, finish, disconnect."""
    told = told_to_stop()  # first: being told during the start must not end it halfway
    servers = [listener(service.ops, settings.jeeves_host, settings.ops_port)]
    if service.public is not None:
        servers.append(listener(service.public, settings.jeeves_host, settings.jeeves_port))
    await service.start()
    tasks = await listen(*servers)
    spare_the_collector()
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
    except SettingsError as error:
        sys.exit("\n".join(f"{name}: {line}" for line in error.lines))
    except OSError as error:
        sys.exit(cannot_start(name, error))
