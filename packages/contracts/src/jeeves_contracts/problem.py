"""RFC 9457: the one shape of an error over HTTP."""

from pydantic import Field

from jeeves_contracts.base import Contract

MEDIA_TYPE = "application/problem+json"


class FieldError(Contract):
    field: str
    message: str


class Problem(Contract):
    """`type` is stable and may be compared; `detail` is one sentence; `policy` names the rule that refused.

    `user_facing` and `taken` are an action's: may the person read `detail`; was the request taken, as far as it knows.
    """

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str = Field(default="", max_length=3000)
    errors: list[FieldError] = []
    policy: str | None = None
    trace_id: str | None = None
    user_facing: bool = False
    taken: bool | None = None
