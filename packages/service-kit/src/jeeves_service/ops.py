"""What every service shows its operators: `/healthz` (the process lives), `/readyz` (each dependency by name), `/metrics`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from quart import Quart, Response

from jeeves_contracts.base import Contract
from jeeves_service.peers import MAX_BATCH
from jeeves_service.web import answer, create_quart

Check = Callable[[], Awaitable[None]]
PATIENCE = 2.0  # seconds that a dependency may take to show that it works


class Readiness(Contract):
    """`checks`: `ok`, or one sentence of what is wrong."""

    ready: bool
    checks: dict[str, str]


def create_ops(name: str, checks: Mapping[str, Check], metrics: CollectorRegistry) -> Quart:
    """Return the app of a service's ops port; the service registers its `/internal/v1` routes on it."""
    app = create_quart(f"{name}.ops")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BATCH

    @app.get("/healthz")
    async def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    @app.get("/readyz")
    async def readyz() -> Response:
        states = dict(zip(checks, await asyncio.gather(*map(_state, checks.values())), strict=True))
        ready = all(state == "ok" for state in states.values())
        return answer(Readiness(ready=ready, checks=states), 200 if ready else 503)

    @app.get("/metrics")
    async def show_metrics() -> Response:
        return Response(generate_latest(metrics), content_type=CONTENT_TYPE_LATEST)

    return app


async def _state(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await check()
    except TimeoutError:
        return f"no answer within {PATIENCE:g} s"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
        return f"{error.__class__.__name__}: {error}"[:200]
    return "ok"
