"""Open-Meteo: the weather by coordinates. https://open-meteo.com/en/docs"""

from pydantic import ValidationError

from actions_weather.forecast.models import ForecastAnswer
from actions_weather.forecast.weather import Forecast, forecast_of
from actions_weather.reading.units import Units
from actions_weather.reading.when import MOST
from jeeves_geocoding.cache import Cache, Kept
from jeeves_geocoding.endpoint import Endpoint, ProviderError
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient

MINUTE, HOUR = 60.0, 3600.0  # seconds
KEPT = 2000  # forecasts
WEEK = 8  # days, today and a week from now: what nearly everybody asks for
WANTED = {
    "current": "temperature_2m,apparent_temperature,weather_code,wind_speed_10m",
    "hourly": "temperature_2m,precipitation_probability,weather_code,wind_speed_10m",
    "daily": "temperature_2m_max,temperature_2m_min,precipitation_probability_max,weather_code,wind_speed_10m_max",
    "timezone": "auto",
}


class OpenMeteo:
    """Asks for forecasts, and keeps them for a while: one call serves now, the hours and the days of a place."""

    def __init__(self, http: HttpClient, clock: Clock, origin: str, *, patience: float) -> None:
        """`origin` is that of Open-Meteo's forecast API; each of its answers takes at most `patience` seconds."""
        self._clock = clock
        self._endpoint = Endpoint(http, clock, f"{origin}/v1/forecast", patience=patience)
        self._kept = Cache[Forecast](clock, fresh=10 * MINUTE, stale=6 * HOUR, size=KEPT, excuse=ProviderError)

    async def forecast(self, latitude: float, longitude: float, units: Units, reach: int) -> Kept[Forecast]:
        """Return the weather of now and at least `reach` days after today, as far as it is known. Raises ProviderError."""
        at = {"latitude": f"{latitude:.4f}", "longitude": f"{longitude:.4f}"}
        days = WEEK if reach < WEEK else MOST

        async def load() -> Forecast:
            body = await self._endpoint.get({**at, **WANTED, **units.params, "forecast_days": str(days)})
            try:
                answer = ForecastAnswer.model_validate_json(body)
            except ValidationError as error:
                raise ProviderError(f"no forecast: {error.error_count()} mistakes") from error
            forecast = forecast_of(answer, units, self._clock.now())
            if forecast is None:
                raise ProviderError("an answer without a temperature")
            return forecast

        return await self._kept.get((*at.values(), units, days), load)
