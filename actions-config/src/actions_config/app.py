"""The composition root of actions-config."""

from actions_config.kinds import Kinds, Places
from actions_config.manifest import manifest
from actions_config.service import ConfigService
from actions_config.settings import Settings
from jeeves_actions import Action, serve_action
from jeeves_geocoding import Geocoder
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.service import Service

PATIENCE = 3.0  # seconds that the geocoder has for each answer, second try included
BUDGET = 6.0  # seconds until a location is kept as it was said; under the manifest's deadline


def create_app(
    settings: Settings, *, http: HttpClient, clock: Clock, patience: float = PATIENCE, budget: float = BUDGET
) -> Service:
    """Return the service."""
    action = Action(manifest())
    geocoder = Geocoder(http, clock, settings.jeeves_geocoding_url, patience=patience)
    desk = ConfigService(Kinds(Places(geocoder, budget=budget)))
    for command in action.manifest.commands:
        action.command(command.name)(desk.answer)
    return serve_action(action, settings, clock)
