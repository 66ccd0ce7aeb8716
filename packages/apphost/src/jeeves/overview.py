"""The embedded form's ops port: the health and the metrics of all services under their names."""

import asyncio
from collections.abc import Sequence

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from quart import Quart, Response

from jeeves_service.http import HttpClient
from jeeves_service.ops import Readiness
from jeeves_service.web import answer, create_quart


class _Kept(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families


def create_overview(services: Sequence[str], http: HttpClient) -> Quart:
    """Return the app; `http` reaches each service's ops app as `http://ops.<name>`."""
    app = create_quart("jeeves.ops")

    async def ask(path: str) -> list[bytes]:
        asked = (http.request("GET", f"http://ops.{name}{path}", limit=16 * 1024 * 1024) for name in services)
        return [response.body for response in await asyncio.gather(*asked)]

    @app.get("/healthz")
    async def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    @app.get("/readyz")
    async def readyz() -> Response:
        states = [Readiness.from_bytes(body) for body in await ask("/readyz")]
        ready = all(state.ready for state in states)
        checks = {
            f"{name}.{check}": words
            for name, state in zip(services, states, strict=True)
            for check, words in state.checks.items()
        }
        return answer(Readiness(ready=ready, checks=checks), 200 if ready else 503)

    @app.get("/metrics")
    async def metrics() -> Response:
        texts = zip(services, await ask("/metrics"), strict=True)
        return Response(merge({name: body.decode() for name, body in texts}), content_type=CONTENT_TYPE_LATEST)

    return app


def merge(texts: dict[str, str]) -> bytes:
    """Join what several services expose into one exposition, with the label `service` on each sample."""
    families: dict[str, Metric] = {}
    for service, text in texts.items():
        for family in text_string_to_metric_families(text):
            kept = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                kept.add_sample(sample.name, {**sample.labels, "service": service}, sample.value)
    joined = CollectorRegistry()
    joined.register(_Kept(list(families.values())))
    return generate_latest(joined)
