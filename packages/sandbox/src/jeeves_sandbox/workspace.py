"""What the workspace holds: people, conversations, and what people see now. Slack's rules about them are its callers'."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from jeeves_sandbox import people
from jeeves_sandbox.errors import Json, SlackError
from jeeves_sandbox.people import Channel, Person, direct_id, is_person
from jeeves_service.clock import Clock

Kind = Literal["posted", "changed", "gone", "status"]
FILES = 200  # kept
LOOKED_AT = 0.3  # seconds after an upload is completed before Slack shows it in blocks
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


@dataclass
class Post:
    """A message as Slack keeps it; `seen_by` names the one person who sees it, `args` are those of the call that made it."""

    channel: str
    message: Json
    seen_by: str | None = None
    args: Json = field(default_factory=dict)

    @property
    def ts(self) -> str:
        return str(self.message["ts"])

    @property
    def thread(self) -> str | None:
        """The root's ts, where it is a reply."""
        return self.message.get("thread_ts")

    @property
    def shown(self) -> Json:
        """All that is known of it, in one object."""
        return {**self.args, **self.message, "channel": self.channel, "ephemeral": self.seen_by is not None}


@dataclass
class StoredFile:
    """A file of Jeeves's. `size` in bytes, as it was said to be; `ready_at`, monotonic seconds: when Slack has looked at it."""

    id: str
    name: str
    size: int
    title: str = ""
    content: bytes | None = field(default=None, repr=False)
    ready_at: float = 0.0

    @property
    def kind(self) -> str:
        """The media type: that of a picture, else just bytes."""
        content = self.content or b""
        return next((kind for begin, kind in PICTURES.items() if content.startswith(begin)), "application/octet-stream")

    @property
    def told(self) -> Json:
        """What the Web API and events tell of it."""
        kind = self.kind.rpartition("/")[2] if self.kind.startswith("image/") else "binary"
        named = {"id": self.id, "name": self.name, "title": self.title, "size": self.size}
        return {
            **named,
            "mimetype": self.kind,
            "filetype": kind,
            "user": people.BOT_USER,
            "mode": "hosted",
            "is_external": False,
        }


@dataclass(frozen=True)
class Change:
    """What has become of a post, or of the status in a thread (`status` is None once it is over)."""

    kind: Kind
    channel: str
    ts: str
    post: Post | None = None
    status: str | None = None


class Workspace:
    """`open_world`: whoever and whatever is named exists. `keep` is how many posts are remembered, None for all."""

    def __init__(
        self,
        clock: Clock,
        *,
        team: str = people.TEAM,
        members: Iterable[Person] = people.PEOPLE,
        channels: Iterable[Channel] = people.CHANNELS,
        open_world: bool = False,
        keep: int | None = None,
    ) -> None:
        self.team, self.open_world = team, open_world
        self.people = {person.id: person for person in members}
        self.channels = {channel.id: channel for channel in channels}
        self.posts: dict[tuple[str, str], Post] = {}
        self.statuses: dict[tuple[str, str], str] = {}
        self.files: dict[str, StoredFile] = {}
        self.listeners: list[Callable[[Change], None]] = []
        self._clock, self._keep, self._last = clock, keep, 0

    def new_ts(self) -> str:
        """Return a timestamp as Slack gives each message: now, to the microsecond, and never the same."""
        self._last = max(int(self._clock.now().timestamp() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def person(self, name: str) -> Person:
        """Return who has this id. Raises SlackError."""
        if person := self.people.get(name):
            return person
        if self.open_world and is_person(name):
            return Person(name, "", "Some One", "Europe/London", "en-GB")
        raise SlackError("user_not_found")

    def place(self, name: str) -> str:
        """Return the conversation that is meant: a person's id stands for the direct one with them. Raises SlackError."""
        if self.open_world and name:
            return direct_id(name) if is_person(name) else name
        if name in self.channels or any(name in (person, direct_id(person)) for person in self.people):
            return direct_id(name) if is_person(name) else name
        raise SlackError("channel_not_found")

    def partner(self, channel: str) -> Person | None:
        """Return whose direct conversation with Jeeves it is; None where it is none."""
        return self.person("U" + channel[1:]) if channel.startswith("D") else None

    def keep_file(self, file: StoredFile) -> None:
        """Keep a file; Slack has a look at it before it may be shown in blocks."""
        if file.id not in self.files:
            file.ready_at = self._clock.monotonic() + LOOKED_AT
        self.files[file.id] = file
        if len(self.files) > FILES:
            del self.files[next(iter(self.files))]

    def shows(self, name: str) -> bool:
        """Tell whether a file is a picture that blocks may show by now."""
        file = self.files.get(name)
        return file is not None and file.kind.startswith("image/") and file.ready_at <= self._clock.monotonic()

    def root_of(self, channel: str, thread: str) -> str:
        """Return the root of the thread that is meant. Raises SlackError."""
        root = self.posts.get((channel, thread))
        if not self.open_world and (root is None or root.seen_by is not None):
            raise SlackError("thread_not_found")
        return (root.thread if root else None) or thread

    def add(self, post: Post) -> None:
        """Show a post, and end the status that it comes after."""
        self.posts[post.channel, post.ts] = post
        if self._keep is not None and len(self.posts) > self._keep:
            del self.posts[next(iter(self.posts))]
        self._tell(Change("posted", post.channel, post.ts, post))
        if post.message.get("bot_id"):
            self.clear_status(post.channel, post.thread or "")

    def change(self, post: Post, **parts: object) -> None:
        """Give a post other parts; None takes one away."""
        merged = {**post.message, **parts}
        post.message = {name: value for name, value in merged.items() if value is not None}
        self._tell(Change("changed", post.channel, post.ts, post))

    def remove(self, post: Post) -> None:
        """Take a post away."""
        del self.posts[post.channel, post.ts]
        self._tell(Change("gone", post.channel, post.ts, post))

    def find(self, channel: str, ts: str, code: str = "message_not_found") -> Post:
        """Return a post. Raises SlackError with `code`."""
        if post := self.posts.get((channel, ts)):
            return post
        raise SlackError(code)

    def kept(self, channel: str) -> list[Post]:
        """Return what a conversation's history holds, oldest first: Slack does not keep what one person alone saw."""
        return [post for post in list(self.posts.values()) if post.channel == channel and post.seen_by is None]

    def seen_by(self, person: str) -> Iterator[Post]:
        """Yield what a person sees: the channels, their own direct conversation, what is for them alone."""
        return (post for post in list(self.posts.values()) if self.sees(person, post))

    def sees(self, person: str, post: Post) -> bool:
        """Tell whether a person sees a post."""
        return post.seen_by in (None, person) and (not post.channel.startswith("D") or post.channel == direct_id(person))

    def set_status(self, channel: str, thread: str, words: str) -> None:
        """Show what Jeeves is doing, in a thread."""
        self.statuses[channel, thread] = words
        self._tell(Change("status", channel, thread, status=words))

    def clear_status(self, channel: str, thread: str) -> None:
        """Show it no more."""
        if self.statuses.pop((channel, thread), None) is not None:
            self._tell(Change("status", channel, thread))

    def _tell(self, change: Change) -> None:
        for listener in self.listeners:
            listener(change)
