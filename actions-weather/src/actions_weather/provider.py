"""Open-Meteo: places by name, the weather by coordinates. https://open-meteo.com/en/docs"""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from actions_weather.cache import Cache, Kept
from actions_weather.domain import Units, Weather, weather_of
from actions_weather.endpoint import Endpoint, ProviderError
from actions_weather.models import Candidate, ForecastAnswer, SearchAnswer
from actions_weather.settings import Settings
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
Parsed = TypeVar("Parsed", bound=BaseModel)
NOW = "temperature_2m,apparent_temperature,weather_code,wind_speed_10m"
TODAY = "temperature_2m_max,temperature_2m_min,precipitation_probability_max,weather_code"
IMPERIAL = {"temperature_unit": "fahrenheit", "wind_speed_unit": "mph"}


@dataclass
class OpenMeteo:
    """Both APIs, with what is known of their answers kept in this process."""

    geocoding: Endpoint
    weather: Endpoint
    places: Cache[list[Candidate]]
    forecasts: Cache[Weather]

    async def search(self, name: str, language: str, count: int) -> list[Candidate]:
        """Return places that bear a name, the provider's best first; none when it is unknown. Raises ProviderError."""

        async def load() -> list[Candidate]:
            body = await self.geocoding.get({"name": name, "count": str(count), "language": language, "format": "json"})
            return _parsed(SearchAnswer, body).candidates()

        return (await self.places.get((name.casefold(), language, count), load)).value

    async def forecast(self, latitude: float, longitude: float, units: Units) -> Kept[Weather]:
        """Return the weather of now and today, in the place's own time zone. Raises ProviderError."""
        at = {"latitude": f"{latitude:.4f}", "longitude": f"{longitude:.4f}"}

        async def load() -> Weather:
            wanted = {"current": NOW, "daily": TODAY, "timezone": "auto", "forecast_days": "1"}
            body = await self.weather.get(at | wanted | (IMPERIAL if units == "imperial" else {}))
            weather = weather_of(_parsed(ForecastAnswer, body), units)
            if weather is None:
                raise ProviderError("an answer without a temperature")
            return weather

        return await self.forecasts.get((*at.values(), units), load)


def open_meteo(settings: Settings, http: HttpClient, clock: Clock, *, patience: float) -> OpenMeteo:
    """Return the provider of these settings; each of its answers takes at most `patience` seconds."""
    return OpenMeteo(
        geocoding=Endpoint(http, clock, f"{settings.jeeves_geocoding_url}/v1/search", patience=patience),
        weather=Endpoint(http, clock, f"{settings.jeeves_weather_url}/v1/forecast", patience=patience),
        places=Cache(clock, fresh=DAY, stale=7 * DAY, size=500, excuse=ProviderError),
        forecasts=Cache(clock, fresh=10 * MINUTE, stale=6 * HOUR, size=2000, excuse=ProviderError),
    )


def _parsed(kind: type[Parsed], body: bytes) -> Parsed:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise ProviderError(f"no {kind.__name__}: {error.error_count()} mistakes") from error
