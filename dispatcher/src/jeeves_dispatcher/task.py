"""A message that is ours to work on, and the turns that its work may take."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from pydantic import JsonValue

from jeeves_contracts.actions import ALL_FACTS, ActionRequest, Reply, Visibility
from jeeves_contracts.delivery import AnswerItem, Previous, Yours
from jeeves_contracts.knowledge import Book, HeldRequest, Scope
from jeeves_contracts.messages import Message
from jeeves_contracts.toggles import settings_of
from jeeves_dispatcher.intent import Intent

NEARER: tuple[Scope, ...] = ("person", "channel", "workspace")
BURST = 0.25  # seconds that messages wait for a slot before they go to the overflow queue
BULKHEAD = 16  # calls of one feature at a time


@dataclass(frozen=True)
class Again:
    """It may be tried later, unless there were too many tries: then `apology` is the answer."""

    apology: AnswerItem


class Stale(Exception):  # noqa: N818 - a turn of the protocol, not an error
    """Another one holds the message now."""


class Full(Exception):  # noqa: N818 - a turn of the protocol, not an error
    """The feature is at work on as much as it may be."""

    def __init__(self, feature: str) -> None:
        super().__init__(feature)
        self.feature = feature


@dataclass
class Bulkheads:
    """How many calls of each feature are under way: one slow action delays no other."""

    limit: int = BULKHEAD
    _slots: dict[str, asyncio.Semaphore] = field(default_factory=dict)

    def of(self, feature: str) -> asyncio.Semaphore:
        """Return a feature's slots."""
        return self._slots.setdefault(feature, asyncio.Semaphore(self.limit))

    async def has_room(self, feature: str) -> bool:
        """Say whether a slot is free, or becomes so within a moment: a burst passes, a slow action delays nobody for longer."""
        slots = self.of(feature)
        if slots.locked():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BURST), slots:
                    return True
            return False
        return True


@dataclass(frozen=True)
class Task:
    """A message that is ours."""

    message: Message
    yours: Yours
    traceparent: str | None
    claimed: float  # monotonic seconds
    tries: int = 0
    has_slot: bool = False  # it came by the overflow queue, its bulkhead's slot in hand

    @property
    def previous(self) -> Previous | None:
        """What this person was answered last, here and not long ago."""
        return self.yours.context.previous

    @property
    def locale(self) -> str | None:
        """The person's language."""
        return self.yours.context.actor.locale

    @property
    def aside(self) -> Visibility:
        """How to tell the person what is of no use to the others in a channel."""
        return "channel" if self.message.conversation.is_direct else "ephemeral"

    @property
    def held(self) -> HeldRequest:
        """The claim, under which users-service tells of the person."""
        return HeldRequest(message_id=self.message.message_id, fence=self.yours.fence)

    def result(self, outcome: str, replies: list[Reply], **more: object) -> AnswerItem:
        """Return what came of it."""
        return AnswerItem.model_validate(
            {"message_id": self.message.message_id, "fence": self.yours.fence, "outcome": outcome, "replies": replies, **more}
        )


def wants_all(intent: Intent) -> bool:
    """Tell whether the action was granted all that is known of a person."""
    return ALL_FACTS in intent.feature.manifest.facts


def request_for(task: Task, intent: Intent, book: Book | None = None) -> ActionRequest:
    """Return what the action is given: the facts that its manifest was granted, and no others; with a `book`, all in it.

    What the answer before this one wanted to be reminded of comes back to its own command.
    """
    message, context, previous = task.message, task.yours.context, task.previous
    granted = set(intent.feature.manifest.facts)
    told = {name: value for name, value in context.facts.items() if name in granted} if book is None else effective(book)
    mine = previous is not None and (previous.feature, previous.command) == (intent.feature.name, intent.command.name)
    return ActionRequest(
        id=message.message_id,
        trigger=message.trigger,
        command=intent.command.name,
        text=intent.text,
        args={**message.args, **intent.args},
        actor=context.actor,
        conversation=message.conversation,
        facts=told,
        settings=settings_of(intent.feature, message.conversation.installation_id),
        memo=previous.memo if previous and mine else {},
        book=book,
    )


def effective(book: Book) -> dict[str, JsonValue]:
    """Return facts by name: the person's own before the channel's before the workspace's."""
    nearest_last = sorted(book.facts, key=lambda fact: NEARER.index(fact.scope), reverse=True)
    return {fact.name: fact.value for fact in nearest_last}
