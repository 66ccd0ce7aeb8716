"""Settings of actions-weather: where Open-Meteo is."""

from pydantic import field_validator

from jeeves_service.settings import ServiceSettings


class Settings(ServiceSettings):
    """Origins of Open-Meteo's two APIs; `/v1/forecast` and `/v1/search` are below them."""

    jeeves_weather_url: str = "https://api.open-meteo.com"
    jeeves_geocoding_url: str = "https://geocoding-api.open-meteo.com"

    @field_validator("jeeves_weather_url", "jeeves_geocoding_url")
    @classmethod
    def _origin(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("give an origin such as https://api.open-meteo.com")
        return url.rstrip("/")
