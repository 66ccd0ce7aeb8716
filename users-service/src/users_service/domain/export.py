"""The shape of an export: everything about one person, as JSON, for the person. It is documented by docs/privacy.md."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, JsonValue

from jeeves_contracts.base import Contract, Json
from jeeves_contracts.people import Identity

#: A change that readers would notice is a new number.
VERSION: Literal[1] = 1


class Told(Contract):
    """A row as it is told: read from columns of these names."""

    model_config = {"from_attributes": True, "strict": False}


class ExportedPerson(Told):
    """`has_password`: whether there is one. It is kept as a hash, which is no use to anybody and not told."""

    id: str
    name: str | None
    email: str | None
    locale: str | None
    timezone: str | None
    config: Json
    is_active: bool
    has_password: bool
    greeted_at: AwareDatetime | None
    profile_at: AwareDatetime | None
    created_at: AwareDatetime


class ExportedIdentity(Told):
    platform: str
    workspace_id: str
    user_id: str
    created_at: AwareDatetime

    @property
    def identity(self) -> Identity:
        return Identity(platform=self.platform, workspace_id=self.workspace_id, user_id=self.user_id)


class ExportedRole(Contract):
    """What somebody may do where, and `because` of what. `installation_id` null: everywhere."""

    role: str
    installation_id: str | None
    because: str


class ExportedFact(Told):
    """`source` is the message that told it."""

    name: str
    value: JsonValue
    source: str
    since: AwareDatetime


class ExportedPast(Told):
    """What a fact became at an instant; null where it was forgotten."""

    name: str
    value: JsonValue
    source: str
    at: AwareDatetime


class ExportedSchedule(Told):
    feature: str
    name: str
    installation_id: str
    command: str
    timing: Json
    since: AwareDatetime
    next_due: AwareDatetime | None


class ExportedRun(Told):
    """A time that a schedule was due, or a job on demand."""

    id: str
    schedule_id: str | None
    state: str
    installation_id: str
    command: str
    due_at: AwareDatetime
    published_at: AwareDatetime | None


class ExportedReply(Told):
    """`content` is what was answered; of a file only its name is told again."""

    n: int
    state: str
    content: Json | None
    created_at: AwareDatetime
    settled_at: AwareDatetime | None


class ExportedReceipt(Told):
    """What a message changed; empty after a day."""

    change: Json
    inverse: Json | None
    undone_at: AwareDatetime | None
    created_at: AwareDatetime


class ExportedMessage(Told):
    """`data` is what was said, with all that came with it; `memo` what the action wanted to remember."""

    message_id: str
    installation_id: str
    reference: str
    trigger: str
    state: str
    reason: str | None
    feature: str | None
    command: str | None
    memo: Json | None
    data: Json | None
    created_at: AwareDatetime
    replies: list[ExportedReply]
    receipts: list[ExportedReceipt]


class ExportedReport(Told):
    """An answer that the person reported to the admins."""

    message_id: str
    installation_id: str
    at: AwareDatetime


class ExportedActivity(Told):
    message_id: str
    installation_id: str
    trigger: str
    feature: str | None
    command: str | None
    outcome: str
    duration_ms: int
    at: AwareDatetime


class ExportedDays(Contract):
    """The days of a month on which a feature (`*`: any) was used."""

    month: date
    feature: str
    installation_id: str
    days: list[int]


class ExportedToken(Told):
    """A token that acts as the person: not the token, which nobody has but them."""

    id: str
    name: str
    hint: str
    scopes: list[str]
    created_at: AwareDatetime
    expires_at: AwareDatetime
    last_used_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class ExportedAudit(Contract):
    """A change that the person made, or somebody else to what is the person's. Who else is not told, nor what is others'."""

    at: AwareDatetime
    by: Literal["you", "somebody else"]
    action: str
    about: Literal["you", "something else"]
    installation_id: str | None
    before: Json | None
    after: Json | None


class Export(Contract):
    """Everything about one person. Lists are in the order of time, the oldest first."""

    version: Literal[1]
    exported_at: AwareDatetime
    person: ExportedPerson
    identities: list[ExportedIdentity]
    roles: list[ExportedRole]
    facts: list[ExportedFact]
    fact_history: list[ExportedPast]
    schedules: list[ExportedSchedule]
    connections: list[Json]
    tokens: list[ExportedToken]
    runs: list[ExportedRun]
    reports: list[ExportedReport]
    active_days: list[ExportedDays]
    audit: list[ExportedAudit]
    activity: list[ExportedActivity]
    messages: list[ExportedMessage]
