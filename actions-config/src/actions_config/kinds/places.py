"""The geocoder, asked within a budget."""

import asyncio

from jeeves_geocoding import Asked, Found, Geocoder, GeocodingError, Missed
from jeeves_service.logs import logger
from jeeves_service.words import language_of

log = logger(__name__)


class Away(Exception):  # noqa: N818 - a turn of events, not an error
    """Nobody can be asked where a place is, just now."""


class Places:
    """Finds places within `budget` seconds."""

    def __init__(self, geocoder: Geocoder, *, budget: float) -> None:
        self._geocoder, self._budget = geocoder, budget

    async def find(self, asked: Asked, locale: str | None) -> Found | Missed:
        """Find a place, named in the language of `locale`. Raises Away."""
        try:
            async with asyncio.timeout(self._budget):
                return await self._geocoder.find(asked, language_of(locale))
        except (GeocodingError, TimeoutError) as error:
            log.warning("the geocoder failed", why=str(error) or "no answer in time")
            raise Away from error
