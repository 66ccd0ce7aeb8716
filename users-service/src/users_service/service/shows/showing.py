"""Who wants to be shown something, and what that may look at."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.people import Conversation, Identity
from jeeves_contracts.registry import Registry
from users_service.scope import Scope, Tenant
from users_service.service.roles import Roles


@dataclass(frozen=True)
class Asker:
    """The person whose message is held, and where they speak. `scope` is what they administer from here: None for nothing."""

    person_id: str
    identity: Identity
    conversation: Conversation
    scope: Scope | None
    locale: str | None = None
    timezone: str | None = None

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.conversation.installation_id)

    @property
    def is_admin(self) -> bool:
        return self.scope is not None


@dataclass(frozen=True)
class Showing:
    """What a topic may look at. `about` is what was asked for, as it was typed."""

    connection: AsyncConnection
    asker: Asker
    about: str
    now: datetime
    roles: Roles
    registry: Registry
