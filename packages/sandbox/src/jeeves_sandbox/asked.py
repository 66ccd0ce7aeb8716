"""What the page may ask for: strict, bounded shapes."""

from typing import Annotated, Literal

from pydantic import Field

from jeeves_contracts.base import Contract
from jeeves_sandbox.troubles import Troubles

Id = Annotated[str, Field(min_length=1, max_length=255)]
TIMES = 50  # calls that may be told to go wrong at once


class Said(Contract):
    """A person says something."""

    person: Id
    channel: Id
    thread: Id | None = None
    text: Annotated[str, Field(max_length=50_000)]


class Pressed(Contract):
    """A person uses an element of a post; `value` is that of a menu's option."""

    person: Id
    channel: Id
    ts: Id
    block_id: Id
    action_id: Id
    value: Annotated[str, Field(max_length=2000)] | None = None


class Trouble(Contract):
    """The next `times` calls of `method` (`*` for any) are to go wrong."""

    method: Annotated[str, Field(pattern=r"^(\*|[A-Za-z.]{3,60})$")]
    kind: Literal["limited", "refused", "broken", "broken_after", "silent"]
    times: Annotated[int, Field(ge=1, le=TIMES)] = 1
    seconds: Annotated[int, Field(ge=0, le=3600)] = 5
    code: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,80}$")] = "internal_error"

    def bring(self, troubles: Troubles) -> None:
        """Let it happen."""
        if self.kind == "limited":
            troubles.limit(self.seconds, method=self.method, times=self.times)
        elif self.kind == "refused":
            troubles.fail(self.method, self.code, times=self.times)
        elif self.kind == "silent":
            troubles.fail(self.method, times=self.times, hang=True)
        else:
            troubles.fail(self.method, times=self.times, status=503, stored=self.kind == "broken_after")


class Weather(Contract):
    """How Slack is: `dark` answers nothing, `slow` answers after that many seconds; `calm` ends all that was to go wrong."""

    dark: bool | None = None
    slow: Annotated[float, Field(ge=0, le=30)] | None = None
    calm: bool = False

    def bring(self, troubles: Troubles) -> None:
        """Let it be so."""
        if self.calm:
            troubles.faults, troubles.dark, troubles.slow = [], False, 0.0
        troubles.dark = troubles.dark if self.dark is None else self.dark
        troubles.slow = troubles.slow if self.slow is None else self.slow
