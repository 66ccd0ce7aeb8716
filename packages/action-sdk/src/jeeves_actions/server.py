"""An action as a service: `GET /v1/manifest` for anybody, `POST /v1/invoke` for the dispatcher."""

from prometheus_client import CollectorRegistry, Histogram
from quart import Quart, Response, request

from jeeves_actions.action import Action, UnknownCommandError
from jeeves_actions.errors import NotTakenError, UserFacingError
from jeeves_contracts.actions import ActionRequest
from jeeves_contracts.problem import MEDIA_TYPE, Problem
from jeeves_service import logs, trace
from jeeves_service.clock import Clock
from jeeves_service.ops import create_ops
from jeeves_service.service import Service
from jeeves_service.settings import ServiceSettings
from jeeves_service.tokens import Verifier
from jeeves_service.web import answer, create_quart

SCOPE = "actions:invoke"


def serve_action(action: Action, settings: ServiceSettings, clock: Clock) -> Service:
    """Return the service of an action. Raises ValueError when a command has no handler."""
    action.check()
    metrics = CollectorRegistry()
    seconds = Histogram("jeeves_action_seconds", "Time to answer", ["command", "outcome"], registry=metrics)
    verifier = Verifier(settings.jeeves_service_keys, action.manifest.name, clock)
    app = create_quart(f"actions-{action.manifest.name}")
    _show_errors(app)

    @app.get("/v1/manifest")
    async def manifest() -> Response:
        return answer(action.manifest)

    @app.post("/v1/invoke")
    async def invoke() -> Response:
        body = await request.get_data(cache=False, as_text=False, parse_form_data=False)
        verifier.issuer(request.headers.get("Authorization", ""), SCOPE, body=body)
        asked = ActionRequest.from_bytes(body)
        _bind(action.manifest.name, asked)
        begun, outcome = clock.monotonic(), "failed"
        try:
            answered = await action.invoke(asked)
            outcome = "answered"
        except UserFacingError:
            outcome = "refused"
            raise
        except UnknownCommandError:
            asked = asked.model_copy(update={"command": "unknown"})  # a label of our own, not of whoever asks
            raise
        finally:
            seconds.labels(asked.command, outcome).observe(clock.monotonic() - begun)
        return answer(answered)

    return Service(name=f"actions-{action.manifest.name}", ops=create_ops(action.manifest.name, {}, metrics), public=app)


def _bind(feature: str, asked: ActionRequest) -> None:
    logs.clear()
    key = request.headers.get("Idempotency-Key", asked.id)[:255]
    logs.bind(
        feature=feature, command=asked.command, message_id=key, trace_id=trace.trace_id(request.headers.get("traceparent"))
    )


def _show_errors(app: Quart) -> None:
    """What an action raises on purpose, as problems; `create_quart` shows the rest."""

    @app.errorhandler(UserFacingError)
    async def user_facing(error: UserFacingError) -> Response:
        return _problem(Problem(title="Not done", status=error.status, detail=error.detail, user_facing=True))

    @app.errorhandler(NotTakenError)
    async def not_taken(error: NotTakenError) -> Response:
        return _problem(Problem(title="Not possible just now", status=503, detail=str(error), taken=False))

    @app.errorhandler(UnknownCommandError)
    async def unknown(_: UnknownCommandError) -> Response:
        return _problem(Problem(title="No such command", status=404))


def _problem(value: Problem) -> Response:
    value = value.model_copy(update={"trace_id": trace.trace_id(request.headers.get("traceparent"))})
    return Response(value.to_bytes(), value.status, content_type=MEDIA_TYPE)
