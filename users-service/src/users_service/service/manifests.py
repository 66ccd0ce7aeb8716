"""What an action says of itself, read over HTTP: never inside a transaction, and never believed."""

import asyncio
import contextlib
import socket

from pydantic import ValidationError

from jeeves_contracts.actions import Manifest
from jeeves_service.errors import InvalidError, PermanentError, TransientError
from jeeves_service.http import HttpClient
from users_service.domain import origins
from users_service.domain.settings_values import check

PATH = "/v1/manifest"
PATIENCE = 5.0  # seconds
LONGEST = 256 * 1024  # bytes of a manifest
OK = 200


class Manifests:
    """Reads manifests. `allowed` are the origins and networks that an operator may put an action in from; none: any."""

    def __init__(self, http: HttpClient, allowed: tuple[origins.Place, ...] = ()) -> None:
        self._http, self._allowed = http, allowed

    async def asked(self, name: str, url: str) -> tuple[str, Manifest]:
        """Return an action's origin, as an operator may give it, and its manifest, which is the same when read again.

        Raises InvalidError, PermanentError, TransientError.
        """
        try:
            place = origins.of_action(url)
        except ValueError as error:
            raise InvalidError({"url": str(error)}) from None
        await self._admit(place)
        first, second = await self.read(name, place), await self.read(name, place)
        if first != second:
            fields = [field for field in Manifest.model_fields if getattr(first, field) != getattr(second, field)]
            raise PermanentError(f"its manifest is another each time it is read: {', '.join(fields)}")
        return place, first

    async def read(self, name: str, url: str) -> Manifest:
        """Return the manifest of the action at an origin. Raises PermanentError where it is wrong, TransientError when away."""
        try:
            answer = await self._http.request("GET", url.rstrip("/") + PATH, timeout=PATIENCE, limit=LONGEST)
        except TransientError as error:
            raise TransientError(f"its manifest cannot be read: {error}") from error
        if answer.status != OK:
            raise TransientError(f"its manifest cannot be read: it answered {answer.status}")
        try:
            manifest = Manifest.from_bytes(answer.body)
            check(manifest.settings_schema)
        except ValidationError as error:
            wrong = error.errors(include_input=False)[0]
            place = ".".join(map(str, wrong["loc"]))
            raise PermanentError(f"its manifest is not valid: {place + ': ' if place else ''}{wrong['msg']}") from None
        except ValueError as error:
            raise PermanentError(f"its manifest is not valid: settings_schema: {error}") from None
        if manifest.name != name:
            raise PermanentError(f"it calls itself {manifest.name}, not {name}")
        return manifest

    async def _admit(self, url: str) -> None:
        """Raise InvalidError unless the origin is allowed: by its name, or by all the addresses that it has now."""
        if not self._allowed or origins.is_named(url, self._allowed):
            return
        if origins.networks(self._allowed):
            name, port = origins.host(url)
            found: set[str] = set()
            with contextlib.suppress(OSError, UnicodeError):
                told = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
                found = {str(one[4][0]) for one in told}
            if origins.is_within(found, self._allowed):
                return
        raise InvalidError({"url": "it is not among JEEVES_ACTION_ORIGINS"})
