"""No route of any service does anything for who has no credential, but for those that are meant to (S109, F3)."""

import contextlib
from pathlib import Path

from quart import Quart

from jeeves import embedded, environment, operator, registry
from jeeves.environment import Given
from jeeves_service.bus import connect
from jeeves_service.http import HttpClient
from jeeves_service.service import Service
from jeeves_service.tokens import new_keys

#: What anybody may ask, by app, and why.
PUBLIC = {
    ("ops", "/healthz"): "is it alive; not routed by the gateway",
    ("ops", "/readyz"): "is it ready; not routed by the gateway",
    ("ops", "/metrics"): "numbers; not routed by the gateway",
    ("public", "/api/v1/openapi.json"): "the description of the API",
    ("public", "/api/v1/docs"): "the same for people",
    ("public", "/v1/manifest"): "what an action offers; not routed by the gateway",
}
PARAMETER = "11111111-1111-4111-8111-111111111111"


async def let_in(name: str, kind: str, app: Quart) -> tuple[int, list[str]]:
    """Ask every route by every method without a credential; return how many were asked, and which were let in."""
    asked, wrong = 0, []
    for rule in app.url_map.iter_rules():
        path = "".join(PARAMETER if is_value else text for is_value, text in rule._trace).replace("|", "")
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            response = await app.test_client().open(path, method=method, json={})
            asked += 1
            if response.status_code < 400 and (kind, rule.rule) not in PUBLIC:
                wrong.append(f"{name} ({kind}): {method} {rule.rule} answers {response.status_code} to anybody")
    return asked, wrong


async def test_no_route_outside_the_public_list_answers_without_a_credential(tmp_path: Path) -> None:  # S109, F3
    declared = registry.services()
    given = Given.read({"JEEVES_DATA_DIR": str(tmp_path)})
    settings = environment.load(embedded.environments(given, declared, new_keys(operator.scopes(declared))))
    http = HttpClient(mounts={})
    services: list[Service] = embedded.compose(settings, http, connect(embedded.bus_url(given)))
    asked, wrong, apps = 0, list[str](), 0
    try:
        for service in services:
            for kind, app in (("ops", service.ops), ("public", service.public)):
                if isinstance(app, Quart):
                    apps += 1
                    count, found = await let_in(service.name, kind, app)
                    asked, wrong = asked + count, wrong + found
    finally:
        await http.aclose()
        for hook in [hook for service in services for hook in service.on_stop]:
            with contextlib.suppress(Exception):  # what was not started need not stop; databases close
                await hook()
    print(f"credentials: {asked} requests to {apps} apps of {len(services)} services, {len(wrong)} let in")
    assert wrong == []
    assert apps >= 2 * len([one for one in declared if one.kind == "action"])
