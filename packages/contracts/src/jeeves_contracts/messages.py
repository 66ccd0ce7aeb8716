"""What travels over the bus: the data of each event type."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from jeeves_contracts.base import Contract, Id, Json, Words
from jeeves_contracts.envelope import Envelope
from jeeves_contracts.people import Conversation, Identity, Trigger

MESSAGE_RECEIVED = "chat.message.received.v1"
REPLY_REQUESTED = "chat.reply.requested.v1"
JOB_DUE = "job.due.v1"
INSTALLATION_REMOVED = "installation.removed.v1"
#: What people are called, for people: one line without markup and control characters. Never an identity, never unique.
ShownName = Annotated[str, Field(min_length=1, max_length=200)]
#: An address in plain syntax. Nobody has proved that it is the person's: nothing may be granted by it.
Email = Annotated[str, Field(pattern=r'^[^\s\p{Cc}@<>"]{1,64}@[^\s\p{Cc}@<>"]{1,252}$', max_length=254)]


class Message(Contract):
    """Something that asks for an answer, whatever it came from.

    `message_id` is the same for every delivery of it and is the `Idempotency-Key` of all that it causes.
    `order` is the platform's own time of it in microseconds: the order of a person's messages in a thread.

    `locale`, `timezone`, `name` and `email` are what the platform told of the person, the newest that is known when they speak.
    Each is None where it is not known just now (a missing scope, a slow platform), which says nothing against what is known
    from before. They belong to the person: they are kept with them, erased with them, and not kept with the message.
    """

    message_id: Id
    trigger: Trigger
    text: Words
    args: Json = {}
    identity: Identity
    conversation: Conversation
    order: int = Field(ge=0, lt=2**63)
    received_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    locale: str | None = None
    timezone: str | None = None
    name: ShownName | None = None
    email: Email | None = None


class MessageReceived(Message):
    """`chat.message.received.v1`: somebody spoke to Jeeves."""


class JobDue(Message):
    """`job.due.v1`: a schedule's run. `text` is the command that the schedule holds."""

    run_id: Id
    due_at: AwareDatetime


class ReplyRequested(Contract):
    """`chat.reply.requested.v1`: a reply waits to be sent, or a status to be shown.

    A reply's words stay with users-service, which hands them out at the `take`. A status has its words with it, is shown
    at most once and never settled.
    """

    kind: Literal["reply", "status"] = "reply"
    message_id: Id
    reply_id: Id
    conversation: Conversation
    text: Words = ""
    asked_at: AwareDatetime


class InstallationRemoved(Contract):
    """`installation.removed.v1`: Jeeves was removed from a workspace, or its tokens were revoked."""

    installation_id: Id
    platform: Id
    removed_at: AwareDatetime


#: pydantic forgets a parametrised class that nobody holds, and makes it anew at the next use, which takes a millisecond.
KEPT = (Envelope[Message], Envelope[MessageReceived], Envelope[JobDue], Envelope[ReplyRequested])
