"""What an answer asks users-service to do beside keeping its words: change, take back, report; and the replies of that."""

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Reply
from jeeves_contracts.delivery import AnswerItem
from jeeves_contracts.ids import reference
from jeeves_contracts.registry import Registry
from users_service.domain import references
from users_service.domain.changes import Origin
from users_service.domain.replies import with_receipt
from users_service.repository import messages, reports
from users_service.scope import OPERATOR, Tenant
from users_service.service import asks, changes
from users_service.service.changes import Done
from users_service.service.undo import NotUndoneError, undo
from users_service.words import words


def has_effects(item: AnswerItem) -> bool:
    """Say whether an answer asks for anything of that."""
    return bool(item.changes) or item.undo is not None or item.report is not None or item.ask is not None


async def carry_out(connection: AsyncConnection, item: AnswerItem, origin: Origin, registry: Registry) -> AnswerItem:
    """Do it inside the caller's savepoint; return the item with the replies that it has then. Raises ChangeRefusedError."""
    if item.changes:
        feature = next((feature for feature in registry.features if feature.name == item.feature), None)
        changes.check(item.changes, feature, origin)
        item = _told(item, await changes.apply(OPERATOR, connection, item.changes, origin, feature), origin)
    if item.undo is not None:
        item = await _undo(connection, item, item.undo, origin, registry)
    if item.report is not None:
        item = _with(item, Reply(text=await _report(connection, item.report, origin), visibility="ephemeral"))
    if item.ask is not None:
        item = _with(item, await asks.do(connection, item.ask, origin, registry))
    return item


async def _undo(connection: AsyncConnection, item: AnswerItem, which: str, origin: Origin, registry: Registry) -> AnswerItem:
    try:
        async with connection.begin_nested():
            done = await undo(OPERATOR, connection, which, origin, registry)
    except NotUndoneError as why:
        return _with(item, Reply(text=str(why), visibility="ephemeral"))
    return _told(_with(item, Reply(text=words("undone", origin.locale), visibility="ephemeral")), done, origin)


async def _report(connection: AsyncConnection, which: str, origin: Origin) -> str:
    """File a report of an answer in this installation, whoever's it was; return what is said of it."""
    tenant = Tenant(origin.conversation.installation_id)
    found = await messages.of_reference(tenant, connection, references.reference_of(which))
    if not found:
        return words("report.unknown", origin.locale, reference=references.shown(which))
    row = {"person_id": origin.person_id, "installation_id": tenant.installation_id, "at": origin.now}
    await reports.add(OPERATOR, connection, [{"message_id": one.message_id, **row} for one in found])
    return words("reported", origin.locale, reference=references.shown(which).upper())


def _told(item: AnswerItem, done: list[Done], origin: Origin) -> AnswerItem:
    """Let the last reply tell what was done, and how it is taken back."""
    lines = [line for one in done for line in one.lines]
    if not lines:
        return item
    personal = any(one.personal for one in done)
    replies = with_receipt(item.replies, lines, reference(item.message_id), personal=personal, locale=origin.locale)
    return item.model_copy(update={"replies": replies})


def _with(item: AnswerItem, reply: Reply) -> AnswerItem:
    return item.model_copy(update={"replies": [*item.replies, reply]})
