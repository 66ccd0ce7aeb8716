"""The composition root of actions-config."""

from actions_config.manifest import manifest
from actions_config.service import ConfigService
from actions_config.settings import Settings
from jeeves_actions import Action, serve_action
from jeeves_contracts.actions import ActionAnswer, ActionRequest
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.service import Service


def create_app(settings: Settings, *, http: HttpClient, clock: Clock) -> Service:  # noqa: ARG001 - it calls nobody
    """Return the service."""
    action = Action(manifest())

    @action.command("config")
    async def answer(request: ActionRequest) -> ActionAnswer:
        return ConfigService(request).answer()

    return serve_action(action, settings, clock)
