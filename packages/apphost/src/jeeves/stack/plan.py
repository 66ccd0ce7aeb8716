"""Which processes a stack has, with their ports and what each is given."""

import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from jeeves import environment, gateway
from jeeves.environment import Given
from jeeves.registry import Declared
from jeeves.servers.processes import free_ports
from jeeves.stack.state import GATEWAY, Unit

LOCAL = "127.0.0.1"


def services(
    given: Given,
    declared: tuple[Declared, ...],
    own: Mapping[str, str],
    keys: tuple[Mapping[str, str], str],
    *,
    replicas: Mapping[str, int],
    extra: Mapping[str, Mapping[str, str]],
    logs: Path,
) -> list[Unit]:
    """Return every service's processes. Raises SettingsError before any is started.

    Peers call the first replica; the gateway knows them all.
    """
    count = {service.name: replicas.get(service.name, 1) for service in declared}
    free = free_ports(2 * sum(count.values()))
    ports = {name: [(free.pop(), free.pop()) for _ in range(number)] for name, number in count.items()}

    def url(service: Declared) -> str:
        port, ops_port = ports[service.name][0]
        return f"http://{LOCAL}:{port if service.kind == 'action' else ops_port}"

    found = environment.environments(given, declared, url=url, own=own, keys=keys)
    units = [
        Unit(
            name=f"{service.name}-{number}",
            service=service.name,
            command=[sys.executable, "-m", service.package],
            environ={
                **given.inherited(),
                **environ,
                **extra.get(service.name, {}),
                "JEEVES_HOST": LOCAL,
                "JEEVES_PORT": str(port),
                "JEEVES_OPS_PORT": str(ops_port),
            },
            port=port,
            ops_port=ops_port,
            log=logs / f"{service.name}-{number}.log",
        )
        for service, environ in found.items()
        for number, (port, ops_port) in enumerate(ports[service.name], 1)
    ]
    environment.load({service: next(u.environ for u in units if u.service == service.name) for service in declared})
    return units


def edge(given: Given, declared: tuple[Declared, ...], units: list[Unit], folder: Path) -> Unit:
    """Return the gateway's process; its configuration is written to `folder`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = folder / "traefik.yml"
    config.write_text(gateway.static(f"{given.host}:{given.port}", f"{LOCAL}:{given.ops_port}"), encoding="utf-8")
    upstreams = {
        gateway.upstreams(service): ",".join(f"http://{LOCAL}:{unit.port}" for unit in units if unit.service == service.name)
        for service in declared
        if service.routes
    }
    return Unit(
        name=GATEWAY,
        service=GATEWAY,
        command=[str(Path(sysconfig.get_path("scripts")) / "traefik"), f"--configFile={config}"],
        environ={**given.inherited(), **given.named("GATEWAY_"), **upstreams},
        port=given.port,
        ops_port=given.ops_port,
        log=folder.parent / "logs" / f"{GATEWAY}.log",
    )
