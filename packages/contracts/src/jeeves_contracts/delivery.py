"""The list-shaped calls of users-service that carry a message through its states: claim, begin, answer, take, settle.

Every call takes a list and answers with a list of the same length and order. docs/protocol.md tells the states.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from jeeves_contracts.actions import Change, Reply
from jeeves_contracts.asks import Ask
from jeeves_contracts.base import Contract, Id, Json
from jeeves_contracts.messages import Message
from jeeves_contracts.people import Actor, Conversation
from jeeves_contracts.registry import Registry

# claim ------------------------------------------------------------------------------------------------------------


class ClaimItem(Contract):
    """A message in hand. `yielded` marks one whose answer was found stale: a newer claim may be at work."""

    delivery_id: Id
    yielded: bool = False
    message: Message


class ClaimRequest(Contract):
    items: list[ClaimItem] = Field(max_length=200)
    registry_revision: int = -1


class Previous(Contract):
    """What this person was answered last in this thread, or in this direct conversation, within 15 minutes."""

    feature: str | None = None
    command: str | None = None
    reason: str = ""
    memo: Json = {}


class Context(Contract):
    """What is known at the claim: the person, and what may be handed to an action.

    `facts` by name: the person's own before the channel's before the workspace's. An actor without any role was deactivated:
    nothing is known, and nothing is done for them.
    """

    actor: Actor
    facts: Json = {}
    previous: Previous | None = None


class ReplyRef(Contract):
    """A reply that waits to be published."""

    reply_id: Id
    conversation: Conversation


class Yours(Contract):
    """`in_doubt`: an earlier holder noted an external call; the action is not called again."""

    verdict: Literal["yours"] = "yours"
    fence: int
    in_doubt: bool = False
    context: Context


class Unsent(Contract):
    """Answered or failed, with replies neither sent nor refused: publish them, then ack."""

    verdict: Literal["unsent"] = "unsent"
    replies: list[ReplyRef]


class Wait(Contract):
    """Ask again in `seconds`; no try is counted."""

    verdict: Literal["wait"] = "wait"
    seconds: float = 0.05


class Over(Contract):
    """Nothing to do but ack: claimed by another delivery, or done."""

    verdict: Literal["elsewhere", "done", "failed", "expired", "throttled"]


class Bad(Contract):
    """This one cannot be stored: to the dead letters."""

    verdict: Literal["bad"] = "bad"
    reason: str


Verdict = Annotated[Yours | Unsent | Wait | Over | Bad, Field(discriminator="verdict")]


class ClaimAnswer(Contract):
    """`registry` only when it is newer than the request's revision."""

    verdicts: list[Verdict]
    registry: Registry | None = None


# begin ------------------------------------------------------------------------------------------------------------


class BeginRequest(Contract):
    """Note that an external call begins, or (`taken_back`) that it surely was not taken."""

    message_id: Id
    fence: int
    taken_back: bool = False


class BeginAnswer(Contract):
    state: Literal["noted", "stale"]


# answer -----------------------------------------------------------------------------------------------------------


class AnswerItem(Contract):
    """What came of a message, with all that it changes. `timings` are seconds by station.

    `undo` and `report` name another message of the same person by its reference (`undo` may be empty: their last change);
    `ask` is what the person wants done of what users-service keeps. It does each, and adds the reply that says so or why not.
    """

    message_id: Id
    fence: int
    outcome: Literal["answered", "failed"]
    reason: str = Field(default="", max_length=300)
    feature: str | None = None
    command: str | None = None
    changes: list[Change] = []
    replies: list[Reply] = Field(default=[], max_length=5)
    memo: Json = {}
    undo: str | None = Field(default=None, max_length=16)
    report: str | None = Field(default=None, max_length=16)
    ask: Ask | None = None
    timings: dict[str, float] = {}


class AnswerRequest(Contract):
    items: list[AnswerItem] = Field(max_length=200)


class AnswerResult(Contract):
    """`stored` (also when it was before, under this fence) with what is still unsent; `stale`: another holds it;
    `refused`: its changes break a rule, nothing is stored, answer otherwise. `told`: `reason` is a sentence for the person.
    """

    state: Literal["stored", "stale", "refused"]
    replies: list[ReplyRef] = []
    reason: str = ""
    told: bool = False


class AnswerAnswer(Contract):
    results: list[AnswerResult]


# take and settle --------------------------------------------------------------------------------------------------


class TakeItem(Contract):
    """A sender wants to send `reply_id`.

    `number`: it holds this take and takes again, because its second passed, or Slack asked it to slow down (`doubt` false),
    or because the post is in doubt and was not found (`doubt` true; `blind` when it could not be looked up, which is
    counted). `yielded`: it found itself stale.
    """

    reply_id: Id
    number: int | None = None
    doubt: bool = False
    blind: bool = False
    yielded: bool = False


class TakeRequest(Contract):
    items: list[TakeItem] = Field(max_length=200)


class Send(Contract):
    """Send `reply` (an earlier unsent one of the message comes first), its post begun within 1 s of `number`.

    `in_doubt`: an earlier take may have posted it. Wait 2 s, look, settle or take again. `scheduled`: nobody asked a
    question, so in doubt and blind it is refused rather than sent twice. `asked_at` is when
    the person spoke.
    """

    state: Literal["send"] = "send"
    reply_id: Id
    number: int
    in_doubt: bool = False
    scheduled: bool = False
    asked_at: AwareDatetime | None = None
    conversation: Conversation
    user_id: Id
    reply: Reply


class Settled(Contract):
    """Sent or refused before: ack. Also when no such reply is known."""

    state: Literal["settled"] = "settled"


class Busy(Contract):
    """A newer take is at work, or this one's number is old: ask again in `seconds`, marked `yielded`."""

    state: Literal["busy"] = "busy"
    seconds: float


TakeResult = Annotated[Send | Settled | Busy, Field(discriminator="state")]


class TakeAnswer(Contract):
    results: list[TakeResult]


class SettleItem(Contract):
    """What became of a post. `sent` is a fact under any number; `refused` needs the current one. `ts` is the platform's id."""

    reply_id: Id
    number: int
    outcome: Literal["sent", "refused"]
    ts: str | None = Field(default=None, max_length=255)
    reason: str | None = Field(default=None, max_length=100)


class SettleRequest(Contract):
    items: list[SettleItem] = Field(max_length=200)


class SettleResult(Contract):
    state: Literal["settled", "stale"]


class SettleAnswer(Contract):
    results: list[SettleResult]
