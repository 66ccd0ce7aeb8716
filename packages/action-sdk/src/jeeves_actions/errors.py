"""How an action says that it could not do what was asked, on purpose.

jeeves_service.errors.PermanentError
└── UserFacingError   4xx, final: the person reads its words
jeeves_service.errors.TransientError      503: asked again, where the command's effect allows
└── NotTakenError     503 with `taken: false`: surely nothing was done, asking again is safe even for an external effect
"""

from jeeves_service.errors import PermanentError, TransientError

FINAL = range(400, 500)
RETRIED = 429


class UserFacingError(PermanentError):
    """`detail` is shown to the person as it stands. `status` is a 4xx, which is final: nobody asks again."""

    def __init__(self, detail: str, *, status: int = 422) -> None:
        if status not in FINAL or status == RETRIED:
            raise ValueError(f"{status} would be tried again: a final answer is a 4xx other than 429")
        super().__init__(detail)
        self.detail = detail
        self.status = status


class NotTakenError(TransientError):
    """Nothing was done, and all of it may be asked again. Raise it only before the first effect on the outside."""
