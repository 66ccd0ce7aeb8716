"""The composition root of actions-weather."""

from actions_weather.forecast.provider import OpenMeteo
from actions_weather.manifest import manifest
from actions_weather.service import WeatherService
from actions_weather.settings import Settings
from jeeves_actions import Action, serve_action
from jeeves_contracts.actions import ActionAnswer, ActionRequest
from jeeves_geocoding import Geocoder
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.service import Service

PATIENCE = 4.0  # seconds that the provider has for each answer, second try included


def create_app(settings: Settings, *, http: HttpClient, clock: Clock, patience: float = PATIENCE) -> Service:
    """Return the service. Its budget for one request, two answers of the provider and a margin, is under the manifest's."""
    action = Action(manifest())
    provider = OpenMeteo(http, clock, settings.jeeves_weather_url, patience=patience)
    geocoder = Geocoder(http, clock, settings.jeeves_geocoding_url, patience=patience)
    desk = WeatherService(action.manifest, provider, geocoder, clock, budget=2 * patience + 1)

    @action.command("weather")
    async def weather(request: ActionRequest) -> ActionAnswer:
        return await desk.answer(request)

    @action.command("forecast")
    async def forecast(request: ActionRequest) -> ActionAnswer:
        return await desk.answer(request)

    return serve_action(action, settings, clock)
