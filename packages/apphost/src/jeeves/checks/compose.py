"""docker-compose.yml has every service, and gives it what `service.toml` says it needs, and no more."""

from typing import Any

import yaml

from jeeves import gateway
from jeeves.registry import ROOT, Declared, services


def disagreements() -> list[str]:
    """Complain about what is missing, and about what is given without need."""
    file = ROOT / "docker-compose.yml"
    if not file.exists():
        return ["docker-compose.yml is missing"]
    composed = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
    wrong = [f"only the gateway publishes ports, not {n}" for n, s in composed.items() if s.get("ports") and n != "gateway"]
    declared = services()
    for service in declared:
        if (given := composed.get(service.name)) is None:
            wrong.append(f"docker-compose.yml has no {service.name}")
        else:
            wrong += [
                f"docker-compose.yml, {service.name}: not so: {fact}" for fact, so in _facts(service, given).items() if not so
            ]
    environ = composed["gateway"]["environment"]
    wrong += [
        f"docker-compose.yml, gateway: {gateway.upstreams(service)} is not set"
        for service in declared
        if service.routes and gateway.upstreams(service) not in environ
    ]
    return wrong


def _settings(service: Declared) -> set[str]:
    """All but those that the image sets."""
    return {name.upper() for name in service.settings.model_fields} - {"JEEVES_HOST", "JEEVES_PORT", "JEEVES_OPS_PORT"}


def _facts(service: Declared, given: dict[str, Any]) -> dict[str, bool]:
    environ, networks = given["environment"], set(given["networks"])
    return {
        "it is built from its own folder": given["build"]["args"].get("SERVICE") == service.name,
        "it has the database's URL when it needs it": ("JEEVES_DATABASE_URL" in environ) == service.needs.database,
        "it has the bus's URL when it needs it": ("JEEVES_AMQP_URL" in environ) == service.needs.bus,
        "it reaches the database when it needs it": ("database" in networks) == service.needs.database,
        "it reaches the broker when it needs it": ("bus" in networks) == service.needs.bus,
        "it is reached by the gateway when it has routes": ("edge" in networks) == bool(service.routes),
        "it may be given each of its settings": _settings(service) <= {name.removesuffix("_FILE") for name in environ},
        "it may write nowhere and gain nothing": given["read_only"] is True
        and given["cap_drop"] == ["ALL"]
        and given["security_opt"] == ["no-new-privileges:true"],
    }
