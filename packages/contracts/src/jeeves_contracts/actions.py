"""The action contract: `GET /v1/manifest` and `POST /v1/invoke`, in any language."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from jeeves_contracts.base import Contract, Id, Json, Words
from jeeves_contracts.blocks import Block
from jeeves_contracts.people import Actor, Conversation, Role, Trigger

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_ -]{0,63}$")]
Effect = Literal["none", "changes", "external"]


class Command(Contract):
    """What a person may ask. `phrases` are templates: literal words and `{placeholders}`, which become `args`."""

    name: Name
    aliases: list[Name] = Field(default=[], max_length=20)
    usage: str = Field(max_length=200)
    summary: str = Field(max_length=300)
    examples: list[Annotated[str, Field(max_length=200)]] = Field(default=[], max_length=10)
    phrases: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=50)
    roles: list[Role] = ["member"]
    effect: Effect = "none"


class Manifest(Contract):
    """What an action service offers and what it wants to be given. `timeout_seconds` is one call's deadline."""

    name: Name
    version: str = Field(max_length=50)
    summary: str = Field(max_length=300)
    commands: list[Command] = Field(min_length=1, max_length=50)
    settings_schema: Json = {}
    facts: list[FactName] = Field(default=[], max_length=50)
    connections: list[Name] = Field(default=[], max_length=20)
    jobs: list[Name] = Field(default=[], max_length=20)
    timeout_seconds: float = Field(default=10, gt=0, le=40)


class ActionApi(Contract):
    """Where an action may call back: only for tokens."""

    tokens_url: str | None = None


class ActionRequest(Contract):
    """The body of `POST /v1/invoke`. `text` is what followed the command, `args` what a phrase or a button named."""

    id: Id
    trigger: Trigger
    command: Name
    text: Words
    args: Json = {}
    actor: Actor
    conversation: Conversation
    facts: dict[str, JsonValue] = {}
    settings: Json = {}
    capability: str | None = None
    api: ActionApi = ActionApi()


Visibility = Literal["channel", "ephemeral", "direct"]


class Reply(Contract):
    """One message to show. `text` alone must make sense: it is the notification and the fallback of the blocks."""

    text: Words = Field(min_length=1)
    blocks: list[Block] = Field(default=[], max_length=40)
    visibility: Visibility = "channel"


class FactSet(Contract):
    op: Literal["fact.set"] = "fact.set"
    name: FactName
    value: JsonValue


class FactDelete(Contract):
    op: Literal["fact.delete"] = "fact.delete"
    name: FactName


class SettingSet(Contract):
    op: Literal["setting.set"] = "setting.set"
    name: Name
    value: JsonValue


class SchedulePut(Contract):
    op: Literal["schedule.put"] = "schedule.put"
    name: Name
    rule: Json
    command: Words


class ScheduleDelete(Contract):
    op: Literal["schedule.delete"] = "schedule.delete"
    name: Name


#: Applied by users-service in the transaction that stores the answer, which also makes each one's inverse.
Change = Annotated[FactSet | FactDelete | SettingSet | SchedulePut | ScheduleDelete, Field(discriminator="op")]


class ActionAnswer(Contract):
    """The answer of `POST /v1/invoke`: nothing posted when `messages` is empty."""

    messages: list[Reply] = Field(default=[], max_length=5)
    changes: list[Change] = Field(default=[], max_length=50)
