"""A call to another service of Jeeves: signed, bounded, its problems as errors."""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from jeeves_contracts.base import Contract
from jeeves_service.errors import (
    AwayError,
    ForbiddenError,
    PermanentError,
    TooLongError,
    TransientError,
    UnauthenticatedError,
)
from jeeves_service.http import HttpClient
from jeeves_service.tokens import Signer

MAX_BATCH = 16 * 1024 * 1024  # bytes of a list-shaped call, either way
ERRORS: dict[int, type[PermanentError]] = {401: UnauthenticatedError, 403: ForbiddenError}
AWAY = (429, 502, 503, 504)
Answer = TypeVar("Answer", bound=Contract)


@dataclass(frozen=True)
class Peer:
    """One other service: `name` is a token's audience, `url` the origin of its ops port."""

    name: str
    url: str
    http: HttpClient
    signer: Signer

    async def ask(self, path: str, request: Contract, kind: type[Answer], *, scope: str) -> Answer:
        """POST a contract and return the one that comes back. Raises as `call`; TransientError for an answer that is none."""
        body = await self.call(path, request.to_bytes(), scope=scope)
        try:
            return kind.from_bytes(body)
        except ValidationError as error:
            raise TransientError(f"{self.name} gave an answer that is none") from error

    async def call(self, path: str, body: bytes, *, scope: str, timeout: float = 10) -> bytes:  # noqa: ASYNC109
        """POST `body` and return the answer's.

        Raises NotSentError or NoAnswerError when there was none, AwayError for 429 and 502 to 504, TransientError for other
        5xx, PermanentError for other 4xx.
        """
        headers = {"Authorization": f"Bearer {self.signer.token(self.name, scope)}"}
        answer = await self.http.request("POST", self.url + path, body=body, headers=headers, timeout=timeout, limit=MAX_BATCH)
        if answer.status in AWAY:
            raise AwayError(f"{self.name} answered {answer.status}")
        if answer.status >= 500:  # noqa: PLR2004
            raise TransientError(f"{self.name} answered {answer.status}")
        if answer.status >= 400:  # noqa: PLR2004
            raise ERRORS.get(answer.status, PermanentError)(f"{self.name} answered {answer.status} to {path}")
        return answer.body

    async def check(self) -> None:
        """Raise TransientError unless its process answers."""
        answer = await self.http.request("GET", self.url + "/healthz", timeout=2)
        if answer.status != 200:  # noqa: PLR2004
            raise TransientError(f"{self.name} answered {answer.status}")


def lies_in_the_items(error: BaseException) -> bool:
    """Say of a list-shaped call's error that some of its items alone may be the reason, so that parts of it may pass."""
    if isinstance(error, UnauthenticatedError | ForbiddenError):
        return False
    return isinstance(error, PermanentError | TooLongError) or type(error) in (TransientError, ValueError)
