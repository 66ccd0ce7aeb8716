"""What Jeeves and the workspace said to each other, the newest last; whoever reads it reads no secrets."""

import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jeeves_sandbox.errors import Json
from jeeves_service.clock import Clock

KEPT = 500  # entries
LONGEST = 20_000  # characters of a body
GIST = 100  # characters of what a request is about
MASKED = "•••"
#: Names of what nobody needs to see, whatever it holds.
SECRET = re.compile(
    r"(^|_)(token|secret|signature|authorization|password)$|^trigger_id$|^response_url$|^upload_url$", re.IGNORECASE
)
Way = Literal["to_jeeves", "to_slack"]


@dataclass(frozen=True)
class Entry:
    """A request and its answer. `status` is the HTTP status, 0 where none came; `seconds` from its first byte to the answer."""

    number: int
    at: str
    way: Way
    what: str
    status: int
    ok: bool
    note: str
    seconds: float | None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    sent: Any = field(default=None, repr=False)
    answered: Any = field(default=None, repr=False)

    @property
    def summary(self) -> Json:
        """All but headers and bodies, with what it is about."""
        milliseconds = None if self.seconds is None else round(self.seconds * 1000, 1)
        told = {name: getattr(self, name) for name in ("number", "at", "way", "what", "status", "ok", "note")}
        return {**told, "milliseconds": milliseconds, "gist": gist(self.sent)}

    @property
    def whole(self) -> Json:
        """The summary with headers and bodies, secrets masked: here, for nobody looks at most of them."""
        bodies = {"sent": bounded(masked(self.sent)), "answered": bounded(masked(self.answered))}
        return {**self.summary, "headers": masked(dict(self.headers)), **bodies}


class Record:
    """The last KEPT entries. `listeners` hear of each new one."""

    def __init__(self, clock: Clock) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.listeners: list[Callable[[Entry], None]] = []
        self._clock, self._count = clock, 0

    def add(
        self,
        way: Way,
        what: str,
        *,
        status: int,
        ok: bool,
        seconds: float | None,
        note: str = "",
        headers: Mapping[str, str] | None = None,
        sent: Any = None,
        answered: Any = None,
    ) -> None:
        """Take note of a request and its answer."""
        self._count += 1
        at = self._clock.now().isoformat()
        entry = Entry(self._count, at, way, what, status, ok, note, seconds, headers or {}, sent, answered)
        self.entries.append(entry)
        for listener in self.listeners:
            listener(entry)

    def find(self, number: int) -> Entry | None:
        """Return an entry that is still kept."""
        return next((entry for entry in self.entries if entry.number == number), None)


def gist(sent: Any) -> str:
    """Return the words that a request is about, on one line."""
    if not isinstance(sent, dict):
        return ""
    event, actions = sent.get("event"), sent.get("actions")
    about = event if isinstance(event, dict) else actions[0] if actions else sent
    choice = about.get("selected_option") or about
    words = choice.get("text") or choice.get("status") or _files(choice) or choice.get("user") or ""
    words = words.get("text", "") if isinstance(words, dict) else words
    return " ".join(str(words).split())[:GIST]


def _files(about: Json) -> str:
    """Return the names of the files that something is about."""
    files = about.get("files")
    titles = (
        [str(one.get("title") or one.get("name")) for one in files if isinstance(one, dict)] if isinstance(files, list) else []
    )
    return ", ".join(titles) or str(about.get("filename") or "")


def masked(value: Any) -> Any:
    """Return JSON without what is secret in it."""
    if isinstance(value, dict):
        return {name: MASKED if SECRET.search(name.replace("-", "_")) else masked(part) for name, part in value.items()}
    if isinstance(value, list):
        return [masked(part) for part in value]
    return value


def bounded(value: Any) -> Any:
    """Return JSON, or the beginning of its text where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"
