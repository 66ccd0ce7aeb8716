"""Settings of actions-config: where places are looked up."""

from pydantic import field_validator

from jeeves_service.settings import ServiceSettings


class Settings(ServiceSettings):
    """The origin of Open-Meteo's geocoding API; `/v1/search` is below it."""

    jeeves_geocoding_url: str = "https://geocoding-api.open-meteo.com"

    @field_validator("jeeves_geocoding_url")
    @classmethod
    def _origin(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("give an origin such as https://geocoding-api.open-meteo.com")
        return url.rstrip("/")
