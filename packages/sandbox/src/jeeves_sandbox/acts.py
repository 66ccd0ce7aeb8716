"""What people do in the workspace, and what Slack tells Jeeves of it."""

import secrets
from dataclasses import dataclass

from jeeves_sandbox import events, people
from jeeves_sandbox.asked import Pressed
from jeeves_sandbox.delivery import Deliveries
from jeeves_sandbox.errors import Json, SlackError
from jeeves_sandbox.typed import Names, markup, rich_text
from jeeves_sandbox.workspace import Change, Post, Workspace
from jeeves_service.clock import Clock

LONGEST = 12_000  # characters that Slack's own box takes


@dataclass
class Acts:
    """`token` is the verification token of old that stands in every payload."""

    space: Workspace
    deliveries: Deliveries
    clock: Clock
    token: str

    def __post_init__(self) -> None:
        self.space.listeners.append(self._changed)
        ids = {person.name.casefold(): person.id for person in self.space.people.values()}
        named = {channel.name.casefold(): channel.id for channel in self.space.channels.values()}
        self._names = Names({**ids, people.BOT_NAME.casefold(): people.BOT_USER}, named)

    def say(self, person: str, channel: str, typed: str, thread: str | None = None) -> Post:
        """Let a person say something, perhaps in a thread. Raises SlackError when it is nothing, too long, or not for them."""
        words = typed.replace("\r\n", "\n").strip()
        if not words:
            raise SlackError("no_text")
        if len(words) > LONGEST:
            raise SlackError("msg_too_long")
        speaker, place = self.space.person(person), self.space.place(channel)
        if place.startswith("D") and self.space.partner(place) != speaker:
            raise SlackError("channel_not_found")
        if thread is not None:
            root = self.space.find(place, thread, "thread_not_found")
            thread = root.thread or root.ts
        blocks = rich_text(words, self._names)
        message = events.said(speaker.id, markup(blocks), blocks, team=self.space.team, ts=self.space.new_ts(), thread=thread)
        post = Post(place, message)
        self.space.add(post)
        return post

    async def press(self, used: Pressed) -> bool:
        """Let a person use an element of a post; tell whether Jeeves took it.

        Raises SlackError when they do not see the post, or it has no such element.
        """
        actor, post = self.space.person(used.person), self.space.find(used.channel, used.ts)
        if not self.space.sees(actor.id, post):
            raise SlackError("message_not_found")
        action = events.action_of(post, used.block_id, used.action_id, used.value, at=self.space.new_ts())
        known = self.space.channels.get(used.channel)
        name = known.name if known else "directmessage"
        payload = events.pressed(post, actor, action, team=self.space.team, token=self.token, channel_name=name)
        return await self.deliveries.deliver(payload)

    def introduce(self) -> None:
        """Ask Jeeves whether it is there, as Slack does when it is given an address."""
        self.deliveries.send({"type": "url_verification", "token": self.token, "challenge": secrets.token_urlsafe(24)})

    def _changed(self, change: Change) -> None:
        """Tell Jeeves what its app has asked for: who mentions it (`app_mention`), and direct messages (`message.im`)."""
        post = change.post
        if post is None or post.seen_by is not None:
            return
        if not post.channel.startswith("D"):
            if change.kind == "posted" and not post.message.get("bot_id") and events.mentions(post.message):
                self._deliver(events.mention_event(post))
        elif change.kind == "posted":
            self._deliver(events.message_event(post))  # its own ones, too
        elif change.kind == "changed":
            self._deliver(events.changed_event(post, self.space.new_ts()))
        elif change.kind == "gone":
            self._deliver(events.deleted_event(post, self.space.new_ts()))

    def _deliver(self, event: Json) -> None:
        at = int(self.clock.now().timestamp())
        self.deliveries.send(events.envelope(event, team=self.space.team, at=at, token=self.token))
