"""The embedded form: every service in one process on one loop, with SQLite for database and bus."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

from jeeves import environment, gateway, operator, registry
from jeeves.edge import create_edge
from jeeves.environment import Given
from jeeves.hold import holding
from jeeves.overview import create_overview
from jeeves_sandbox.app import PREFIX, Credentials, Sandbox, create_sandbox
from jeeves_service import logs, serve, tokens
from jeeves_service.bus import connect
from jeeves_service.bus.port import Bus
from jeeves_service.clock import SystemClock
from jeeves_service.http import Asgi, HttpClient
from jeeves_service.service import Service
from jeeves_service.settings import ServiceSettings

PATIENCE = 10.0  # seconds after which the address of the sandbox is told though not all is ready
LOOK = 0.05  # seconds between two looks whether it is


def bus_url(given: Given) -> str:
    """Return the bus of this process."""
    return given.values.get("JEEVES_AMQP_URL", f"sqlite:///{given.data}/bus.sqlite")


def environments(
    given: Given, declared: tuple[registry.Declared, ...], keys: tuple[Mapping[str, str], str]
) -> dict[registry.Declared, dict[str, str]]:
    """Return each service's settings: peers by name in this process, SQLite unless the operator gave another database."""
    own = {"JEEVES_AMQP_URL": bus_url(given), "JEEVES_DATABASE_URL": f"sqlite+aiosqlite:///{given.data}/jeeves.sqlite"}
    return environment.environments(given, declared, url=lambda service: f"http://{service.name}", own=own, keys=keys)


def migrate(settings: Mapping[registry.Declared, ServiceSettings]) -> None:
    """Bring the database of the one service that owns it to the newest revision."""
    for service, loaded in settings.items():
        if service.needs.database:
            service.migrate(loaded.jeeves_database_url.get_secret_value())  # type: ignore[attr-defined]


def compose(settings: Mapping[registry.Declared, ServiceSettings], http: HttpClient, bus: Bus) -> list[Service]:
    """Build every service over one bus and one HTTP client."""
    clock = SystemClock()
    return [
        service.create_app(loaded, http=http, clock=clock, **({"bus": bus} if service.needs.bus else {}))
        for service, loaded in settings.items()
    ]


def mounts(declared: tuple[registry.Declared, ...], services: list[Service]) -> dict[str, Asgi]:
    """Return who answers for which host: an action with its public app, any other with its internal one."""
    both = list(zip(declared, services, strict=True))
    found: dict[str, Asgi] = {f"ops.{name.name}": service.ops for name, service in both}
    for name, service in both:
        app = service.public if name.kind == "action" else service.ops
        if app is not None:
            found[name.name] = app
    return found


def _ops(declared: tuple[registry.Declared, ...], http: HttpClient, apps: Mapping[str, Asgi]) -> Asgi:
    """Return the app of the ops port: all services' health and metrics, and the internal routes of the database's owner."""
    overview = create_overview([service.name for service in declared], http)
    owner = next((apps[service.name] for service in declared if service.needs.database), overview)

    async def ops(scope: Any, receive: Any, send: Any) -> None:
        await (owner if scope["path"].startswith("/internal/") else overview)(scope, receive, send)

    return ops


def edge(declared: tuple[registry.Declared, ...], services: list[Service], sandbox: Sandbox | None) -> Asgi:
    """Return the app of the public port."""
    table = gateway.table(declared)
    apps = {service.name: service.public for service in services if service.public is not None}
    if sandbox is None:
        return create_edge(table, apps)
    table |= {(method, f"{PREFIX}{gateway.ALL}"): "sandbox" for method in ("GET", "POST")}
    return create_edge(table, {**apps, "sandbox": sandbox.app}, trusted=["sandbox"])


async def serve_all(
    given: Given, settings: Mapping[registry.Declared, ServiceSettings], credentials: Credentials | None, began: float
) -> None:
    """Serve until told to stop: then the edge ends first, and what is needed by others last."""
    told = serve.told_to_stop()
    declared = tuple(settings)
    apps: dict[str, Asgi] = {}
    http = HttpClient(mounts=apps)
    bus = connect(bus_url(given))
    services = compose(settings, http, bus)
    apps |= mounts(declared, services)
    sandbox = create_sandbox(credentials, given.url, http=http, clock=SystemClock()) if credentials else None
    servers = [
        serve.listener(edge(declared, services, sandbox), given.host, given.port),
        serve.listener(_ops(declared, http, apps), "127.0.0.1", given.ops_port),
    ]
    async with contextlib.AsyncExitStack() as ends:
        ends.push_async_callback(http.aclose)
        for start, stop in [(bus.start, bus.stop), *((service.start, service.stop) for service in services)]:
            await start()
            ends.push_async_callback(stop)
        tasks = await serve.listen(*servers)
        serve.spare_the_collector()
        words = f"Jeeves is ready on {given.url} after {time.monotonic() - began:.1f} s"
        logs.logger("jeeves").info(words, ops_port=given.ops_port)
        if sandbox:
            sandbox.start()
            ends.push_async_callback(sandbox.stop)
            inviting = asyncio.create_task(_invite(f"{given.url}{PREFIX}/", declared, http))
            ends.callback(inviting.cancel)
        await told.wait()
        if sandbox:
            sandbox.hush()
        await asyncio.gather(*(serve.hush(server, task) for server, task in zip(servers, tasks, strict=True)))


async def _invite(address: str, declared: tuple[registry.Declared, ...], http: HttpClient) -> None:
    """Say where to try it once all is ready: the last line of a start, plain, and no log for those who read logs."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            for service in declared:
                while (await http.request("GET", f"http://ops.{service.name}/readyz")).status != 200:  # noqa: ASYNC110, PLR2004
                    await asyncio.sleep(LOOK)
    sys.stdout.write(f"Try it: {address}\n")
    sys.stdout.flush()


def shown(settings: Iterable[ServiceSettings]) -> dict[str, Any]:
    """Return all that was given, secrets masked, without what the app host makes up."""
    merged = {name: value for loaded in settings for name, value in loaded.shown().items()}
    return {name: value for name, value in sorted(merged.items()) if not name.startswith("JEEVES_SERVICE_KEY")}


def run(environ: Mapping[str, str], began: float) -> None:
    """Run the embedded form. `began` is when the process started, by the monotonic clock, in seconds.

    Raises SettingsError, AlreadyRunningError, OSError when a port is taken.
    """
    import uvloop

    os.umask(0o077)
    given = Given.read(environ)
    logs.configure(given.values.get("JEEVES_LOG_LEVEL", "INFO"))
    say = logs.logger("jeeves")
    declared = registry.services()
    credentials = Credentials() if environment.opens_sandbox(given) else None
    if credentials:
        given = given.with_slack(credentials.settings(given.url))
    with holding(given.data, given.port):
        private, public = tokens.new_keys(operator.scopes(declared))
        settings = environment.load(environments(given, declared, (private, public)))
        say.info("settings", **shown(settings.values()))
        if words := environment.no_slack(given):
            say.warning(words)
        migrate(settings)
        kept = operator.Operator(api_url=given.url, key=private[operator.NAME], amqp_url=bus_url(given), keys=public)
        kept.save(given.data)
        try:
            uvloop.run(serve_all(given, settings, credentials, began))
        finally:
            operator.forget(given.data)
