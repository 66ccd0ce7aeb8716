"""The audit log: who changed what, when, from what to what."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from jeeves_contracts.base import Contract, Json
from users_service.api.call import Call, Nothing
from users_service.api.jobs import Name
from users_service.api.pages import Instant, Page, PageQuery, after, cursor
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.repository import audit
from users_service.repository.audit import Wanted

READ = Policy("audit-read", "admin", "audit:read")
RESOURCE = Resource()


class AuditQuery(PageQuery):
    """Which changes: of a kind (`feature.change`), of a subject, by a person; from `since` on, before `until`."""

    installation_id: Name | None = None
    action: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z.-]+$")] | None = None
    subject: Name | None = None
    person_id: Annotated[str, Field(min_length=1, max_length=36, pattern=r"^[0-9a-f-]+$")] | None = None
    since: Instant | None = None
    until: Instant | None = None


class AuditTold(Contract):
    """A change. `installation_id` null: it concerns all. `before` null: there was nothing."""

    id: int
    at: AwareDatetime
    actor: str
    person_id: str | None
    installation_id: str | None
    action: str
    subject: str
    before: Json | None
    after: Json | None


@RESOURCE.operation("GET", "/audit", READ, query=AuditQuery, answers=Page[AuditTold])
async def list_audit(call: Call[Nothing, AuditQuery, Nothing]) -> Page[AuditTold]:
    """List changes, the newest first: of an installation, or for operators all."""
    asked, begin = call.query, after(call.query.cursor, int)
    wanted = Wanted(asked.action, asked.subject, asked.person_id, asked.since, asked.until)
    scope = call.scope(asked.installation_id)
    rows = await audit.newest(scope, call.connection, begin[0] if begin else None, asked.limit + 1, wanted)
    items = [_told(row) for row in rows[: asked.limit]]
    return Page[AuditTold](items=items, next=cursor(items[-1].id) if len(rows) > len(items) else None)


def _told(row: Any) -> AuditTold:
    return AuditTold(**{name: getattr(row, name) for name in AuditTold.model_fields})
