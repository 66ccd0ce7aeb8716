"""What a dispatcher may ask about the person whose message it holds: their book, an earlier message, reports."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import ButtonsBlock, Choice, ChoicesBlock
from jeeves_contracts.ids import reference
from jeeves_contracts.knowledge import Book, HeldRequest, Recalled, RecallRequest, Report, Reports
from jeeves_contracts.shown import Shown, ShowRequest
from jeeves_service.clock import Clock
from jeeves_service.errors import PermanentError
from users_service.domain.book import told
from users_service.domain.facts import owners
from users_service.domain.references import reference_of
from users_service.engine import Database
from users_service.repository import counters, facts, messages, previous, receipts, reports
from users_service.repository.messages import place_of
from users_service.scope import OPERATOR
from users_service.service import schedules
from users_service.service.batches import database
from users_service.service.features import Features
from users_service.service.roles import Roles
from users_service.service.shows import SHOWS, Asker, Showing
from users_service.service.undo import DAY

MOST = 20  # reports that are listed
OFFERED = 5  # choices of an answer that are told again
ABOUT_ITSELF = ("undo ", "report ", "not what i meant ")  # choices that are about the answer, not about what was asked


class NotHeldError(PermanentError):
    """The message is not claimed, or not under this fence: whoever asks may know nothing of its person."""


class Knowledge:
    """Answers for held claims only: each method raises NotHeldError, or TransientError when the database is away."""

    def __init__(self, database: Database, clock: Clock, roles: Roles, actions: Features) -> None:
        self._database, self._clock, self._roles, self._actions = database, clock, roles, actions

    async def book(self, request: HeldRequest) -> Book:
        """Return all that is known of the person, the channel and the workspace."""
        with database():
            async with self._database.read() as connection:
                asker = await self._asker(connection, request)
                which = owners(asker.person_id, asker.conversation)
                known = await facts.known(OPERATOR, connection, which)
                past = await facts.past(OPERATOR, connection, which) if known else []
                planned = await schedules.known(asker.tenant, connection, asker.person_id)
        return Book(facts=told(known, past), schedules=planned)

    async def recall(self, request: RecallRequest) -> Recalled:
        """Return what the person said in another message; without a reference, in the last one that an action answered."""
        with database():
            async with self._database.read() as connection:
                asker = await self._asker(connection, request)
                found = await (
                    messages.of_reference(asker.tenant, connection, reference_of(request.reference))
                    if request.reference.strip()
                    else previous.by_action(asker.tenant, connection, request.message_id, self._clock.now() - DAY)
                )
                mine = next((row for row in found if row.person_id == asker.person_id and row.data is not None), None)
                if mine is None:
                    return Recalled(found=False)
                since = self._clock.now() - DAY
                can_undo = await receipts.can_undo(asker.tenant, connection, mine.message_id, since)
                shown = await previous.shown(asker.tenant, connection, mine.message_id)
        return Recalled(
            found=True,
            reference=reference(mine.message_id),
            text=mine.data["text"],
            feature=mine.feature,
            command=mine.command,
            can_undo=can_undo,
            choices=_choices(Reply.model_validate(content, strict=False) for content in shown),
        )

    async def reports(self, request: HeldRequest) -> Reports:
        """Return what was reported in this installation, to its admins."""
        with database():
            async with self._database.read() as connection:
                asker = await self._asker(connection, request)
                if not asker.is_admin:
                    return Reports(allowed=False)
                rows = await reports.newest(asker.tenant, connection, MOST)
        return Reports(allowed=True, reports=[_report(row) for row in rows])

    async def show(self, request: ShowRequest) -> Shown:
        """Return what the person reads of a topic."""
        with database():
            async with self._database.read() as connection:
                asker = await self._asker(connection, request)
                registry = await self._actions.seen_by(connection, await counters.revisions(OPERATOR, connection))
                about = Showing(connection, asker, request.about, self._clock.now(), self._roles, registry)
                return Shown(replies=await SHOWS[request.topic](about))

    async def _asker(self, connection: AsyncConnection, request: HeldRequest) -> Asker:
        row = await messages.held_by(OPERATOR, connection, request.message_id, request.fence)
        if row is None:
            raise NotHeldError("the message is not claimed under this fence")
        place = place_of(row.data)
        roles = await self._roles.refresh(connection)
        scope = roles.scope_of(place.identity, row.installation_id, row.person_id)
        return Asker(row.person_id, place.identity, place.conversation, scope, row.locale, row.timezone)


def _choices(shown: Iterable[Reply]) -> list[Choice]:
    """Return what replies offered to press instead of what they say."""
    found: list[Choice] = []
    for block in (block for reply in shown for block in reply.blocks):
        if isinstance(block, ButtonsBlock | ChoicesBlock):
            found += block.buttons if isinstance(block, ButtonsBlock) else block.choices
    return [choice for choice in found if not choice.command.startswith(ABOUT_ITSELF)][:OFFERED]


def _report(row: Any) -> Report:
    return Report(
        reference=row.reference,
        feature=row.feature,
        command=row.command,
        outcome=row.state,
        reason=row.reason or "",
        at=row.at,
    )
