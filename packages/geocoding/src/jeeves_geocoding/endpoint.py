"""One address of the provider: a time budget, one second try, and a rest after many failures in a row."""

from collections.abc import Mapping

from jeeves_service.clock import Clock
from jeeves_service.errors import TransientError
from jeeves_service.http import HttpClient, Response

LIMIT = 256 * 1024  # bytes of an answer; real ones have 1 to 40 kB
PAUSE = 0.2  # seconds before the second try
ENOUGH = 0.5  # seconds that must be left for it
TOLERATED = 5  # failures in a row
REST = 10.0  # seconds without asking after that
OK, TOO_MANY, BROKEN = 200, 429, 500


class ProviderError(Exception):
    """The provider gave no answer that can be used. Its words are for a log, not for people."""


class Endpoint:
    """GET `url`, within `patience` seconds in all."""

    def __init__(self, http: HttpClient, clock: Clock, url: str, *, patience: float) -> None:
        self._http, self._clock, self._url, self._patience = http, clock, url, patience
        self._failures, self._rest_until = 0, 0.0

    async def get(self, params: Mapping[str, str]) -> bytes:
        """Return the body of a 200. Raises ProviderError, at once while the address rests."""
        if self._clock.monotonic() < self._rest_until:
            raise ProviderError("it has failed too often just now")
        response, why = await self._try_twice(params)
        if response is not None and response.status == OK:
            self._failures = 0
            return response.body
        if response is None or response.status == TOO_MANY or response.status >= BROKEN:
            self._failures += 1
            if self._failures >= TOLERATED:
                self._rest_until = self._clock.monotonic() + REST
        raise ProviderError(why)

    async def _try_twice(self, params: Mapping[str, str]) -> tuple[Response | None, str]:
        end = self._clock.monotonic() + self._patience
        response, why = await self._try(params, self._patience)
        left = end - self._clock.monotonic() - PAUSE
        if left >= ENOUGH and (response is None or response.status >= BROKEN):
            await self._clock.sleep(PAUSE)
            response, why = await self._try(params, left)
        return response, why

    async def _try(self, params: Mapping[str, str], seconds: float) -> tuple[Response | None, str]:
        try:
            response = await self._http.request("GET", self._url, params=params, timeout=seconds, limit=LIMIT)
        except TransientError as error:
            return None, str(error)
        return response, f"status {response.status}"
