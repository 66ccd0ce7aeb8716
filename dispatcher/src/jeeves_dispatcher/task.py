"""A message that is ours to work on, and the turns that its work may take."""

import asyncio
from dataclasses import dataclass, field

from jeeves_contracts.actions import ActionRequest, Reply
from jeeves_contracts.delivery import AnswerItem, Yours
from jeeves_contracts.ids import reference
from jeeves_contracts.messages import Message
from jeeves_dispatcher.intent import Intent
from jeeves_dispatcher.words import words

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


@dataclass(frozen=True)
class Task:
    """A message that is ours."""

    message: Message
    yours: Yours
    traceparent: str | None
    claimed: float  # monotonic seconds
    tries: int = 0
    has_slot: bool = False  # it came by the overflow queue, its bulkhead's slot in hand

    def result(self, outcome: str, replies: list[Reply], **more: object) -> AnswerItem:
        """Return what came of it."""
        return AnswerItem.model_validate(
            {"message_id": self.message.message_id, "fence": self.yours.fence, "outcome": outcome, "replies": replies, **more}
        )

    def said(self, key: str, **values: str) -> list[Reply]:
        """Return one sentence as the reply, with the message's reference at hand."""
        return [Reply(text=words(key, reference=reference(self.message.message_id), **values))]


def request_for(task: Task, intent: Intent) -> ActionRequest:
    """Return what the action is given: the facts that its manifest was granted, and no others."""
    message, context = task.message, task.yours.context
    granted = set(intent.feature.manifest.facts)
    return ActionRequest(
        id=message.message_id,
        trigger=message.trigger,
        command=intent.command.name,
        text=intent.text,
        args={**message.args, **intent.args},
        actor=context.actor,
        conversation=message.conversation,
        facts={name: value for name, value in context.facts.items() if name in granted},
        settings={**intent.feature.settings, **context.settings.get(intent.feature.name, {})},
    )
