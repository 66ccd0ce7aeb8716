"""The gateway's routing table, made from every `service.toml`: for the embedded edge, and as Traefik's file.

`gateway/dynamic/jeeves.yml` is this module's output; `make check` compares them.
"""

from collections.abc import Iterable
from pathlib import Path

from jeeves.registry import ROOT, Declared, services

FILE = Path("gateway/dynamic/jeeves.yml")
MAX_BODY = 1024 * 1024  # bytes
RATE = 1000  # requests a second from one address, and twice that in a burst; GATEWAY_RATE changes it
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
ALL = "/*"  # at a path's end: all below it, too
HSTS = 31536000  # seconds; sent only over TLS


def table(declared: Iterable[Declared]) -> dict[tuple[str, str], str]:
    """Return which service answers for a method and a path: exact, or with all below it when it ends in `/*`.

    Raises ValueError when two services would answer for one path, so that no order of the routes can matter.
    """
    found: dict[tuple[str, str], str] = {}
    for service in declared:
        for route in service.routes:
            for method in route.methods:
                for (other, path), owner in found.items():
                    if owner != service.name and other == method and _meet(path, route.path):
                        raise ValueError(f"{method} {route.path} of {service.name} is declared by {owner} as {path}")
                found[method, route.path] = service.name
    return found


def below(prefix: str, path: str) -> bool:
    """Tell whether a path is `prefix`, which ends in `/*`, or lies below it."""
    return prefix.endswith(ALL) and f"{path}/".startswith(prefix.removesuffix("*"))


def _meet(one: str, other: str) -> bool:
    return one == other or below(one, other.removesuffix(ALL)) or below(other, one.removesuffix(ALL))


def upstreams(service: Declared) -> str:
    """Name the variable that gives the gateway a service's origins, separated by commas."""
    return f"GATEWAY_{service.variable}"


def render(declared: Iterable[Declared]) -> str:
    """Return Traefik's dynamic configuration."""
    public = [service for service in declared if service.routes]
    table(public)
    routers = "".join(_router(service, number) for service in public for number in range(len(service.routes)))
    headers = "".join(f'          {name}: "{value}"\n' for name, value in HEADERS.items())
    return (
        "# Made from every service.toml by `jeeves gateway write`; `make check` compares them.\n"
        "http:\n"
        "  routers:\n" + routers + "  middlewares:\n"
        f"    body: {{buffering: {{maxRequestBodyBytes: {MAX_BODY}, memRequestBodyBytes: {MAX_BODY}}}}}\n"
        f'    rate: {{rateLimit: {{average: {{{{ env "GATEWAY_RATE" | default "{RATE}" }}}}, '
        f'burst: {{{{ env "GATEWAY_RATE" | default "{RATE}" | int | mul 2 }}}}, period: 1s}}}}\n'
        "    # Only what surely reached nobody is tried again: Traefik gives up once a request is written.\n"
        "    again: {retry: {attempts: 3, initialInterval: 50ms}}\n"
        "    headers:\n"
        "      headers:\n"
        f"        stsSeconds: {HSTS}\n"
        "        customResponseHeaders:\n"
        '          Server: ""\n' + headers + "  services:\n" + "".join(map(_service, public))
    )


def _router(service: Declared, number: int) -> str:
    route = service.routes[number]
    methods = " || ".join(f"Method(`{method}`)" for method in route.methods)
    return (
        f"    {service.name}-{number}:\n"
        f'      rule: "{_matcher(route.path)} && ({methods})"\n'
        f"      entryPoints: [web]\n"
        f"      middlewares: [headers, rate, body, again]\n"
        f"      service: {service.name}\n"
    )


def _matcher(path: str) -> str:
    if not path.endswith(ALL):
        return f"Path(`{path}`)"
    base = path.removesuffix(ALL)
    return f"(Path(`{base}`) || PathPrefix(`{base}/`))"  # PathPrefix alone would take `base` plus any letters


def _service(service: Declared) -> str:
    return (
        f"    {service.name}:\n"
        f"      loadBalancer:\n"
        f"        servers:\n"
        f'{{{{- range splitList "," (env "{upstreams(service)}") }}}}\n'
        f'          - url: "{{{{ . }}}}"\n'
        f"{{{{- end }}}}\n"
    )


def differs(root: Path = ROOT) -> bool:
    """Tell whether Traefik's file is not what the services declare."""
    path = root / FILE
    return not path.exists() or path.read_text(encoding="utf-8") != render(services(root))


def static(web: str, internal: str, root: Path = ROOT) -> str:
    """Return Traefik's static configuration for this machine: the file's, with other addresses and the checkout's routes."""
    text = (root / "gateway/traefik.yml").read_text(encoding="utf-8")
    replaced = {'":8000"': f'"{web}"', '":8001"': f'"{internal}"', "/etc/traefik/dynamic": str(root / FILE.parent)}
    for old, new in replaced.items():
        if text.count(old) != 1:
            raise ValueError(f"gateway/traefik.yml must hold {old} once")
        text = text.replace(old, new)
    return text
