"""What goes wrong on purpose: single calls, all of them, or how long they take."""

import asyncio
from dataclasses import dataclass, field

from jeeves_sandbox.errors import Json

ANY = "*"
LIMITED = 429


@dataclass
class Fault:
    """What goes wrong with the next call of `method`: `stored` tells whether it is done all the same."""

    method: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Json | bytes = b""
    stored: bool = False
    hang: bool = False
    channel: str | None = None

    @property
    def words(self) -> str:
        """What it does, for people."""
        what = "is never answered" if self.hang else f"answers {self.status}{self._code}"
        return f"{what}, though it is done" if self.stored else what

    @property
    def past(self) -> str:
        """What it did, for people."""
        code = "" if self.status == LIMITED else self._code
        what = "was not answered" if self.hang else f"was answered {self.status}{code}"
        return f"{what}, though it was done" if self.stored else what

    @property
    def _code(self) -> str:
        return f" {self.body['error']}" if isinstance(self.body, dict) and "error" in self.body else ""


@dataclass(frozen=True)
class Befallen:
    """A call with which something went wrong, and what, in words for people. `at` in ISO 8601."""

    method: str
    words: str
    at: str


@dataclass
class Troubles:
    """May be set from another thread. Nothing hangs any longer once `over` is true."""

    faults: list[Fault] = field(default_factory=list)
    dark: bool = False  # every call hangs
    slow: float = 0.0  # seconds between what a call does and its answer
    without: set[str] = field(default_factory=set)  # methods for which a scope is missing
    over: bool = False
    last: Befallen | None = None  # what went wrong last

    def fail(self, method: str, code: str = "", *, times: int = 1, **how: object) -> None:
        """Let the next calls of a method go wrong: `ok: false` with `code`, or as `how` says (fields of Fault)."""
        body = {"ok": False, "error": code} if code else b""
        self.faults += [Fault(method, **{"body": body, **how}) for _ in range(times)]  # type: ignore[arg-type]

    def limit(self, seconds: int, *, method: str = "chat.postMessage", channel: str | None = None, times: int = 1) -> None:
        """Answer the next call 429, to be tried again after `seconds`."""
        headers = {"Retry-After": str(seconds)}
        self.fail(method, "ratelimited", status=LIMITED, headers=headers, channel=channel, times=times)

    def take(self, method: str, args: Json) -> Fault | None:
        """Return what goes wrong with a call, and forget it."""
        fits = (f for f in self.faults if f.method in (method, ANY) and f.channel in (None, args.get("channel")))
        fault = next(fits, None)
        if fault:
            self.faults.remove(fault)
        return fault

    def befalls(self, fault: Fault | None) -> str:
        """Return what becomes of a call that takes `fault`, in words for people; empty when all is well."""
        if fault and not fault.stored:
            return fault.past
        if self.dark:
            return "was left waiting, for Slack is dark"
        if fault:
            return fault.past
        return f"was done, and answered {self.slow:g} s late" if self.slow else ""

    async def hang(self) -> None:
        """Return when all is over."""
        while not self.over:  # noqa: ASYNC110 - set by another thread
            await asyncio.sleep(0.02)

    async def light(self) -> None:
        """Return once it is no longer dark."""
        while self.dark and not self.over:  # noqa: ASYNC110 - set by another thread
            await asyncio.sleep(0.02)

    async def linger(self) -> None:
        """Return when an answer that is slow on purpose is due."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self.slow
        while not self.over and (left := due - loop.time()) > 0:  # noqa: ASYNC110 - set by another thread
            await asyncio.sleep(min(left, 0.05))
