"""What `service.toml` declares is what the code has: settings, queues, tables, routes, features."""

import asyncio
import importlib
import json
import tempfile
from collections.abc import Mapping
from fnmatch import fnmatch

from quart import Quart

from jeeves import embedded, environment, gateway, operator, registry
from jeeves.environment import Given
from jeeves.registry import Declared
from jeeves_contracts import messages
from jeeves_service import logs
from jeeves_service.bus import connect
from jeeves_service.bus.topology import overflow_queue, queues
from jeeves_service.errors import SettingsError
from jeeves_service.http import Asgi, HttpClient
from jeeves_service.settings import BusSettings, ServiceSettings
from jeeves_service.tokens import new_keys

ABSENT = {404, 405}
EVENTS = {value for name, value in vars(messages).items() if name.isupper() and isinstance(value, str)}


def disagreements() -> list[str]:
    """Complain about each thing that is declared and not there, or there and not declared."""
    try:
        declared = registry.services()
        gateway.table(declared)
    except (SettingsError, ValueError) as error:
        return str(error).splitlines()
    logs.configure("ERROR")
    wrong = [line for service in declared for line in _static(service, {other.name for other in declared})]
    return wrong or asyncio.run(_running(declared))


def gateway_file() -> list[str]:
    """Complain when Traefik's file is not what the services declare."""
    return ["gateway/dynamic/jeeves.yml is not what service.toml says: run `jeeves gateway write`"] if gateway.differs() else []


def _static(service: Declared, names: set[str]) -> list[str]:
    known = {queue.name for queue in queues()} | {overflow_queue("*").name}
    fields = service.settings.model_fields
    facts = {
        "its folder has the service's name": service.folder.name == service.name,
        "an action, and nothing else, has a feature": (service.kind == "action") == bool(service.feature),
        "needs.bus is whether its settings have a bus": service.needs.bus == issubclass(service.settings, BusSettings),
        "needs.database is whether its settings have a database": service.needs.database == ("jeeves_database_url" in fields),
        "queues.consumes are queues of the topology": all(any(fnmatch(k, q) for k in known) for q in service.queues.consumes),
        "queues.publishes are events or queues": all(
            q.removesuffix(".slack") in EVENTS or any(fnmatch(k, q) for k in known) for q in service.queues.publishes
        ),
        "needs.services are services": set(service.needs.services) <= names,
        "no internal route is public": not any(
            r.path.startswith(("/internal", "/healthz", "/readyz", "/metrics", "/v1/")) for r in service.routes
        ),
        "tables are those of its models": set(service.tables) == _tables(service),
    }
    return [f"{service.name}/service.toml: not so: {fact}" for fact, holds in facts.items() if not holds]


def _tables(service: Declared) -> set[str]:
    if not service.needs.database:
        return set()
    models = importlib.import_module(f"{service.package}.models")
    metadata = next(value for value in vars(models).values() if hasattr(value, "sorted_tables"))
    return {table.name for table in metadata.sorted_tables}


async def _running(declared: tuple[Declared, ...]) -> list[str]:
    """Compose every service, start none, and ask each for what it declares."""
    with tempfile.TemporaryDirectory() as folder:
        given = Given.read({"JEEVES_DATA_DIR": folder})
        settings: Mapping[Declared, ServiceSettings] = environment.load(
            embedded.environments(given, declared, new_keys(operator.scopes(declared)))
        )
        apps: dict[str, Asgi] = {}
        http = HttpClient(mounts=apps)
        try:
            services = embedded.compose(settings, http, connect(embedded.bus_url(given)))
            apps |= {f"public.{service.name}": service.public for service in services if service.public is not None}
            return [line for service in declared for line in await _asked(service, http, apps)]
        finally:
            await http.aclose()


async def _asked(service: Declared, http: HttpClient, apps: Mapping[str, Asgi]) -> list[str]:
    origin = f"http://public.{service.name}"
    if f"public.{service.name}" not in apps:
        return [f"{service.name} has routes and no public app"] if service.routes else []
    wrong = []
    for route in service.routes:
        wrong += [
            f"{service.name}/service.toml: {method} {route.path} is not in its public app"
            for method in route.methods
            if not await _has(apps[f"public.{service.name}"], http, method, origin, route.path)
        ]
    if service.feature:
        manifest = json.loads((await http.request("GET", f"{origin}/v1/manifest")).body)
        if manifest.get("name") != service.feature:
            wrong.append(
                f"{service.name}/service.toml: its feature is {service.feature}, its manifest's {manifest.get('name')}"
            )
    return wrong


async def _has(app: Asgi, http: HttpClient, method: str, origin: str, path: str) -> bool:
    """Tell whether an app has a route: of a prefix, one that lies below it."""
    if not path.endswith(gateway.ALL):
        return (await http.request(method, origin + path, body=b"")).status not in ABSENT
    rules = app.url_map.iter_rules() if isinstance(app, Quart) else ()
    return any(gateway.below(path, rule.rule) and method in (rule.methods or ()) for rule in rules)
