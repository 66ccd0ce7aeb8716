"""Places by what people call them: Open-Meteo's search, with what it answered kept for a while.

https://open-meteo.com/en/docs/geocoding-api
"""

from pydantic import ValidationError

from jeeves_geocoding.asked import Asked
from jeeves_geocoding.cache import Cache
from jeeves_geocoding.endpoint import Endpoint, ProviderError
from jeeves_geocoding.models import Candidate, SearchAnswer
from jeeves_geocoding.place import Found, Missed, Place
from jeeves_geocoding.search import find
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient

DAY = 86400.0  # seconds
KEPT = 500  # searches


class GeocodingError(ProviderError):
    """Nobody can be asked where a place is, just now. Its words are for a log, not for people."""


class Geocoder:
    """Finds places. Every answer of the provider has `patience` seconds, a second try included; finding may take several."""

    def __init__(self, http: HttpClient, clock: Clock, origin: str, *, patience: float) -> None:
        """`origin` is that of Open-Meteo's geocoding API, such as https://geocoding-api.open-meteo.com."""
        self._endpoint = Endpoint(http, clock, f"{origin}/v1/search", patience=patience)
        self._places = Cache[list[Candidate]](clock, fresh=DAY, stale=7 * DAY, size=KEPT, excuse=ProviderError)

    async def find(self, asked: Asked, language: str, *, country: str | None = None) -> Found | Missed:
        """Return the place that is meant, named in `language` (ISO 639-1) where it has a name there, and those it may be too.

        `country` (ISO 3166-1 alpha-2) is where whoever asks lives, for postcodes that say no country. Raises GeocodingError.
        """
        if asked.spot:
            return Found(Place(asked.spot.label, asked.spot.label, asked.spot.latitude, asked.spot.longitude))
        if asked.is_too_long:
            return Missed()
        return await find(asked, language, self._search, country=country)

    async def _search(self, name: str, language: str, count: int) -> list[Candidate]:
        async def load() -> list[Candidate]:
            body = await self._endpoint.get({"name": name, "count": str(count), "language": language, "format": "json"})
            try:
                return SearchAnswer.model_validate_json(body).candidates()
            except ValidationError as error:
                raise ProviderError(f"no answer to a search: {error.error_count()} mistakes") from error

        try:
            return (await self._places.get((name.casefold(), language, count), load)).value
        except ProviderError as error:
            raise GeocodingError(str(error)) from error
