"""Everything about one person as one JSON document, written row by row: what is in memory is the document and one batch."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.base import Contract
from users_service.domain.export import (
    VERSION,
    ExportedActivity,
    ExportedAudit,
    ExportedDays,
    ExportedFact,
    ExportedIdentity,
    ExportedMessage,
    ExportedPast,
    ExportedPerson,
    ExportedReceipt,
    ExportedReply,
    ExportedReport,
    ExportedRole,
    ExportedRun,
    ExportedSchedule,
    ExportedToken,
    Told,
)
from users_service.repository import exports
from users_service.repository.exports import Period
from users_service.scope import OPERATOR
from users_service.service.roles import Roles

LARGEST = 20 * 1000 * 1000  # bytes of a document
SMALL: dict[str, type[Told]] = {
    "identities": ExportedIdentity, "facts": ExportedFact, "fact_history": ExportedPast, "schedules": ExportedSchedule,
    "tokens": ExportedToken,
}  # fmt: skip
GROWN: dict[str, type[Told]] = {"runs": ExportedRun, "reports": ExportedReport, "activity": ExportedActivity}
#: Everything, of whatever time.
ALWAYS = Period()


class TooLargeError(Exception):
    """A document would be larger than it may be."""


class _Document:
    """A JSON object that grows, and is never larger than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self._bytes, self._limit = bytearray(b"{"), limit

    def put(self, name: str, value: object) -> None:
        self._write(b"%s%s:%s" % (b"" if len(self._bytes) == 1 else b",\n", to_json(name), to_json(value)))

    async def put_all(self, name: str, rows: AsyncIterator[Contract]) -> None:
        self._write(b",\n%s:[" % to_json(name))
        between = b"\n"
        async for row in rows:
            self._write(between + to_json(row))
            between = b",\n"
        self._write(b"]")

    def ended(self) -> bytes:
        self._write(b"}\n")
        return bytes(self._bytes)

    def _write(self, part: bytes) -> None:
        if len(self._bytes) + len(part) > self._limit:
            raise TooLargeError(self._limit)
        self._bytes += part


async def export(
    connection: AsyncConnection,
    roles: Roles,
    person_id: str,
    now: datetime,
    period: Period = ALWAYS,
    *,
    limit: int = LARGEST,
) -> bytes | None:
    """Return everything about a person; of what grows with time, that of a period. None where nobody has this id.

    Raises TooLargeError for more than `limit` bytes. The connection reads; what is written meanwhile may be in it or not.
    """
    root, ids = await exports.family(OPERATOR, connection, person_id)
    row = await exports.person(OPERATOR, connection, root)
    known = await exports.small(OPERATOR, connection, "identities", ids)
    if row is None or (row.erased_at is not None and not known):
        return None
    document = _Document(limit)
    document.put("version", VERSION)
    document.put("exported_at", now)
    document.put("person", ExportedPerson.model_validate(row))
    await roles.refresh(connection)
    document.put("roles", _roles(roles, known, root))
    for name, shape in SMALL.items():
        rows = await exports.small(OPERATOR, connection, name, ids)
        document.put(name, [shape.model_validate(one) for one in rows])
    document.put("active_days", [_days(one) for one in await exports.small(OPERATOR, connection, "active_days", ids)])
    document.put("connections", [])
    for name, shape in GROWN.items():
        await document.put_all(name, _grown(connection, name, shape, ids, period))
    await document.put_all("audit", _audit(connection, ids, period))
    await document.put_all("messages", _messages(connection, ids, period))
    return document.ended()


def _roles(roles: Roles, known: Sequence[Any], person_id: str) -> list[ExportedRole]:
    held = roles.held([ExportedIdentity.model_validate(one).identity for one in known], person_id)
    return [ExportedRole(role=one.role, installation_id=one.installation_id, because=one.because()) for one in held]


def _days(row: Any) -> ExportedDays:
    days = [number + 1 for number in range(31) if row.days >> number & 1]
    return ExportedDays(month=row.month, feature=row.feature, installation_id=row.installation_id, days=days)


async def _grown(
    connection: AsyncConnection, name: str, shape: type[Told], ids: Sequence[str], period: Period
) -> AsyncIterator[Contract]:
    async for rows in exports.grown(OPERATOR, connection, name, ids, period):
        for row in rows:
            yield shape.model_validate(row)


async def _audit(connection: AsyncConnection, ids: Sequence[str], period: Period) -> AsyncIterator[Contract]:
    async for rows in exports.grown(OPERATOR, connection, "audit", ids, period):
        for row in rows:
            about = row.subject in ids
            yield ExportedAudit(
                at=row.at,
                by="you" if row.person_id in ids else "somebody else",
                action=row.action,
                about="you" if about else "something else",
                installation_id=row.installation_id,
                before=row.before if about else None,
                after=row.after if about else None,
            )


async def _messages(connection: AsyncConnection, ids: Sequence[str], period: Period) -> AsyncIterator[Contract]:
    async for rows in exports.grown(OPERATOR, connection, "messages", ids, period):
        these = [row.message_id for row in rows]
        answers = await exports.answers(OPERATOR, connection, these)
        changes = await exports.changes(OPERATOR, connection, these)
        for row in rows:
            given: dict[str, Any] = {
                **row._mapping,  # noqa: SLF001
                "replies": [_reply(one) for one in answers.get(row.message_id, [])],
                "receipts": [ExportedReceipt.model_validate(one) for one in changes.get(row.message_id, [])],
            }
            yield ExportedMessage.model_validate(given)


def _reply(row: Any) -> ExportedReply:
    """Return a reply; of a file that came with it only the name: an earlier export is not told again in this one."""
    content = row.content
    if content and content.get("file"):
        content = {**content, "file": {"name": content["file"]["name"]}}
    return ExportedReply.model_validate({**row._mapping, "content": content})  # noqa: SLF001
