"""Call an action over HTTP, and say what came of it in terms of what may be done next."""

from dataclasses import dataclass

from pydantic import ValidationError

from jeeves_contracts.actions import ActionAnswer, ActionRequest
from jeeves_contracts.problem import Problem
from jeeves_contracts.registry import Feature
from jeeves_service.errors import NoAnswerError, NotSentError
from jeeves_service.http import HttpClient, Response
from jeeves_service.tokens import Signer

SCOPE = "actions:invoke"
MAX_DETAIL = 1000  # characters of a problem's detail that are shown


@dataclass(frozen=True)
class Done:
    """It answered."""

    answer: ActionAnswer


@dataclass(frozen=True)
class Final:
    """It refused, or answered what nobody can read: trying again will not help. `detail` is for the person, if any.

    `perhaps_done`: it said that all went well, in words that nobody can read.
    """

    why: str
    detail: str | None = None
    perhaps_done: bool = False


@dataclass(frozen=True)
class Failed:
    """It may work later. `surely_not_taken`: the request was certainly not begun on."""

    why: str
    surely_not_taken: bool


Outcome = Done | Final | Failed


class Actions:
    """Calls actions, signed for one body each."""

    def __init__(self, http: HttpClient, signer: Signer) -> None:
        self._http, self._signer = http, signer

    async def invoke(self, feature: Feature, request: ActionRequest, traceparent: str | None, seconds: float) -> Outcome:
        """Make one call that ends within `seconds`. Raises nothing: every end is an outcome."""
        body = request.to_bytes()
        headers = {
            "Authorization": f"Bearer {self._signer.token(feature.name, SCOPE, body=body)}",
            "Idempotency-Key": request.id,
            "Accept": "application/json, application/problem+json",
            **({"traceparent": traceparent} if traceparent else {}),
        }
        url = feature.url.rstrip("/") + "/v1/invoke"
        try:
            response = await self._http.request("POST", url, body=body, headers=headers, timeout=seconds)
        except NotSentError as error:
            return Failed(str(error), surely_not_taken=True)
        except NoAnswerError as error:
            return Failed(str(error), surely_not_taken=False)
        return _read(response)


def _read(response: Response) -> Outcome:
    if response.status == 204:  # noqa: PLR2004
        return Done(ActionAnswer())
    if 200 <= response.status < 300:  # noqa: PLR2004
        try:
            return Done(ActionAnswer.from_bytes(response.body))
        except ValidationError as error:
            return Final(
                f"its answer is not one: {error.errors(include_input=False, include_url=False)[0]['msg']}", perhaps_done=True
            )
    problem = _problem(response)
    if response.status == 429 or response.status >= 500:  # noqa: PLR2004
        untaken = response.status == 429 or (response.status == 503 and problem is not None and problem.taken is False)  # noqa: PLR2004
        return Failed(f"it answered {response.status}", surely_not_taken=untaken)
    detail = problem.detail[:MAX_DETAIL] if problem and problem.user_facing and problem.detail else None
    return Final(f"it answered {response.status}", detail)


def _problem(response: Response) -> Problem | None:
    try:
        return Problem.from_bytes(response.body)
    except ValidationError:
        return None
