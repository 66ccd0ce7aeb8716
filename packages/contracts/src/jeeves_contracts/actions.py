"""The action contract: `GET /v1/manifest` and `POST /v1/invoke`, in any language."""

import base64
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, field_validator

from jeeves_contracts.base import Contract, Id, Json, Words
from jeeves_contracts.blocks import Block, PictureBlock
from jeeves_contracts.knowledge import Book, Scope
from jeeves_contracts.people import Actor, Conversation, Role, Trigger
from jeeves_contracts.schedules import Timing

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
#: Casefolded words with single blanks between them, in any script.
FactName = Annotated[str, Field(pattern=r"^[\p{L}\p{N}][\p{L}\p{M}\p{N}_ '.-]{0,63}$")]
ALL_FACTS = "*"  # among a manifest's facts: every fact of the person, its channel and its workspace, with where it came from
Effect = Literal["none", "changes", "external"]


class Command(Contract):
    """What a person may ask. `phrases` are templates: literal words and `{placeholders}`, which become `args`.

    `follow_ups` are phrases too, understood only after this command was answered in the same thread within 15 minutes: the
    request then holds the `memo` of that answer.
    """

    name: Name
    aliases: list[Name] = Field(default=[], max_length=20)
    usage: str = Field(max_length=200)
    summary: str = Field(max_length=300)
    examples: list[Annotated[str, Field(max_length=200)]] = Field(default=[], max_length=10)
    phrases: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=100)
    follow_ups: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=50)
    roles: list[Role] = ["member"]
    effect: Effect = "none"


class Manifest(Contract):
    """What an action service offers and what it wants to be given. `timeout_seconds` is one call's deadline.

    `facts` are names, or `*` for all. `jobs` are the names of the schedules that it may put.
    """

    name: Name
    version: str = Field(max_length=50)
    summary: str = Field(max_length=300)
    commands: list[Command] = Field(min_length=1, max_length=50)
    settings_schema: Json = {}
    facts: list[FactName | Literal["*"]] = Field(default=[], max_length=50)
    connections: list[Name] = Field(default=[], max_length=20)
    jobs: list[Name] = Field(default=[], max_length=20)
    timeout_seconds: float = Field(default=10, gt=0, le=40)


class ActionApi(Contract):
    """Where an action may call back: only for tokens."""

    tokens_url: str | None = None


class ActionRequest(Contract):
    """The body of `POST /v1/invoke`. `text` is what followed the command, `args` what a phrase or a button named.

    `memo` is what the action's answer before this one, in the same thread, asked to be reminded of; `book` all that is known
    of the person, for actions that are granted `*`.
    """

    id: Id
    trigger: Trigger
    command: Name
    text: Words
    args: Json = {}
    actor: Actor
    conversation: Conversation
    facts: dict[str, JsonValue] = {}
    settings: Json = {}
    memo: Json = {}
    book: Book | None = None
    capability: str | None = None
    api: ActionApi = ActionApi()


Visibility = Literal["channel", "ephemeral", "direct"]


PICTURES = 5  # in a message


class File(Contract):
    """A file that comes with a message: at most 720,000 bytes, in base64, and not empty."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
    data: str = Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=960_000)

    @field_validator("data")
    @classmethod
    def _whole(cls, data: str) -> str:
        if len(data) % 4:
            raise ValueError("it is not whole: base64 comes in fours")
        return data

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        """Return a file of bytes. Raises pydantic.ValidationError when there are none, or too many."""
        return cls(name=name, data=base64.b64encode(content).decode())

    @property
    def content(self) -> bytes:
        """Its bytes."""
        return base64.b64decode(self.data)


class Reply(Contract):
    """One message to show. `text` alone must make sense: it is the notification and the fallback of the blocks.

    A `file` is only for who is alone with Jeeves: a message that is `direct`, or one in a direct conversation. Elsewhere the
    message says that it is not there. A picture or a file that the platform would not have never costs the message.
    """

    text: Words = Field(min_length=1)
    blocks: list[Block] = Field(default=[], max_length=40)
    file: File | None = None
    visibility: Visibility = "channel"

    @field_validator("blocks")
    @classmethod
    def _few_pictures(cls, blocks: list[Block]) -> list[Block]:
        if sum(isinstance(block, PictureBlock) for block in blocks) > PICTURES:
            raise ValueError(f"a message has at most {PICTURES} pictures")
        return blocks


class FactSet(Contract):
    """`scope`: the person's own; the channel's, from inside it; the workspace's, by its admins."""

    op: Literal["fact.set"] = "fact.set"
    name: FactName
    value: JsonValue
    scope: Scope = "person"


class FactDelete(Contract):
    op: Literal["fact.delete"] = "fact.delete"
    name: FactName
    scope: Scope = "person"


class FactClear(Contract):
    """Forget every fact of a scope, with its history."""

    op: Literal["fact.clear"] = "fact.clear"
    scope: Scope = "person"


class SettingSet(Contract):
    op: Literal["setting.set"] = "setting.set"
    name: Name
    value: JsonValue


class SchedulePut(Contract):
    """Do `command` for this person at the times of `timing`, as if they had said it; its answer comes as a direct message.

    A person has one schedule of a name for each feature. `name` is one of the manifest's `jobs`.
    """

    op: Literal["schedule.put"] = "schedule.put"
    name: Name
    timing: Timing
    command: str = Field(min_length=1, max_length=1500)


class ScheduleDelete(Contract):
    op: Literal["schedule.delete"] = "schedule.delete"
    name: Name


#: Applied by users-service in the transaction that stores the answer, which also makes each one's inverse.
Change = Annotated[FactSet | FactDelete | FactClear | SettingSet | SchedulePut | ScheduleDelete, Field(discriminator="op")]


class ActionAnswer(Contract):
    """The answer of `POST /v1/invoke`: nothing posted when `messages` is empty.

    What `changes` did, with what was before and an Undo button, is added to the last message by users-service. `memo` (up to
    4,000 bytes of JSON) comes back with what is said next in the same thread.
    """

    messages: list[Reply] = Field(default=[], max_length=5)
    changes: list[Change] = Field(default=[], max_length=50)
    memo: Json = {}
