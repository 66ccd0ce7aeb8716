"""A call to another service of Jeeves: signed, bounded, its problems as errors."""

from dataclasses import dataclass

from jeeves_service.errors import ForbiddenError, PermanentError, TransientError, UnauthenticatedError
from jeeves_service.http import HttpClient
from jeeves_service.tokens import Signer

MAX_BATCH = 16 * 1024 * 1024  # bytes of a list-shaped call, either way
ERRORS: dict[int, type[PermanentError]] = {401: UnauthenticatedError, 403: ForbiddenError}


@dataclass(frozen=True)
class Peer:
    """One other service: `name` is a token's audience, `url` the origin of its ops port."""

    name: str
    url: str
    http: HttpClient
    signer: Signer

    async def call(self, path: str, body: bytes, *, scope: str, timeout: float = 10) -> bytes:  # noqa: ASYNC109
        """POST `body` and return the answer's.

        Raises NotSentError or NoAnswerError when there was none, TransientError for 5xx and 429, PermanentError for other 4xx.
        """
        headers = {"Authorization": f"Bearer {self.signer.token(self.name, scope)}"}
        answer = await self.http.request("POST", self.url + path, body=body, headers=headers, timeout=timeout, limit=MAX_BATCH)
        if answer.status >= 500 or answer.status == 429:  # noqa: PLR2004
            raise TransientError(f"{self.name} answered {answer.status}")
        if answer.status >= 400:  # noqa: PLR2004
            raise ERRORS.get(answer.status, PermanentError)(f"{self.name} answered {answer.status} to {path}")
        return answer.body

    async def check(self) -> None:
        """Raise TransientError unless its process answers."""
        answer = await self.http.request("GET", self.url + "/healthz", timeout=2)
        if answer.status != 200:  # noqa: PLR2004
            raise TransientError(f"{self.name} answered {answer.status}")
