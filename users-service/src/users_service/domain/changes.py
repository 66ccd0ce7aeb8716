"""What a change is made from, and what it leaves behind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jeeves_contracts.people import Conversation, Identity
from jeeves_service.errors import PermanentError


class ChangeRefusedError(PermanentError):
    """A change breaks a rule: nothing of its answer is stored. Its words are for the person who asked."""


@dataclass(frozen=True)
class Origin:
    """Whose change it is, where it was asked for, and by which message. `is_admin`: of the installation it was asked in."""

    person_id: str
    message_id: str
    now: datetime
    identity: Identity
    conversation: Conversation
    is_admin: bool = False
    locale: str | None = None


@dataclass(frozen=True)
class Applied:
    """What a change did, in one line for people, and what would take it back. `inverse` is None where it changed nothing."""

    inverse: dict[str, Any] | None
    receipt: str
