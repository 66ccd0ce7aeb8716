"""What is known at a claim: the person, their facts, what they were answered before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import ALL_FACTS
from jeeves_contracts.base import Json
from jeeves_contracts.delivery import Context, Previous
from jeeves_contracts.messages import Message
from jeeves_contracts.people import Actor
from jeeves_contracts.registry import Registry
from users_service.domain import facts as rules
from users_service.repository import facts, previous, profiles
from users_service.repository.people import Person
from users_service.scope import OPERATOR
from users_service.service import merging
from users_service.service.roles import Roles

#: The region of `en-US` and `zh_Hant_TW`, before any extension such as `-u-hc-h12`.
REGION = re.compile("^[A-Za-z]{2,3}(?:[-_][A-Za-z]{3,4})*[-_]([A-Za-z]{2}|[0-9]{3})(?![A-Za-z0-9])")


@dataclass(frozen=True)
class Claimed:
    """A message that is handed out. `fresh`: for the first time."""

    message: Message
    person: Person
    fresh: bool


class Contexts:
    """Finds out what may be handed to actions with the messages of a batch."""

    def __init__(self, roles: Roles, registry: Registry) -> None:
        self._roles = roles
        self._granted = registry.granted_facts - {ALL_FACTS}  # who may see all asks for the book

    async def of(self, connection: AsyncConnection, claimed: Mapping[int, Claimed], now: datetime) -> dict[int, Context]:
        """Return the context of each message, by the caller's numbers."""
        if not claimed:
            return {}
        if shells := self._roles.shells(one.person.person_id for one in claimed.values()):
            await merging.tidy(connection, shells, now)
        which = {at: rules.owners(one.person.person_id, one.message.conversation) for at, one in claimed.items()}
        named = self._granted | {rules.TIMEZONE, rules.LANGUAGE}
        known = await facts.of_owners(OPERATOR, connection, {one for mine in which.values() for one in mine}, named)
        before = await _previous(connection, [one.message for one in claimed.values()], now)
        persons = await _remember(connection, list(claimed.values()), now)
        return {
            at: self._context(one, rules.effective(known, which[at]), before.get(one.message.message_id), persons)
            for at, one in claimed.items()
        }

    def _context(self, claimed: Claimed, known: Json, before: Previous | None, persons: Mapping[str, Person]) -> Context:
        message, person = claimed.message, persons[claimed.person.person_id]
        identity, place = message.identity, message.conversation.installation_id
        roles = self._roles.of_identity(identity, place, person.person_id)
        if not roles:  # deactivated: nothing is known of them but how to say so
            known, before = {}, None
        actor = Actor(
            platform=identity.platform,
            workspace_id=identity.workspace_id,
            user_id=identity.user_id,
            person_id=person.person_id,
            roles=roles,
            locale=_spoken(rules.locale(known.get(rules.LANGUAGE)), person.locale or rules.locale(message.locale)),
            timezone=rules.zone(known.get(rules.TIMEZONE)) or person.timezone or rules.zone(message.timezone),
        )
        granted = {name: value for name, value in known.items() if name in self._granted}
        return Context(actor=actor, facts=granted, previous=before)


def _spoken(language: str | None, usual: str | None) -> str | None:
    """Return a language as it is spoken where the person is: what they told, of the region that they had before.

    A region tells units, and other customs. `de`, and `en-US` as usual: `de-US`.
    """
    if language is None or REGION.search(language):
        return language or usual
    region = REGION.search(usual or "")
    return rules.locale(f"{language}-{region[1].upper()}" if region else language)


async def _previous(connection: AsyncConnection, said: list[Message], now: datetime) -> dict[str, Previous]:
    """Only inside a thread or a direct conversation does anything go on from what was before."""
    threaded = {one.message_id for one in said if one.conversation.in_thread}
    direct = {one.message_id for one in said if one.conversation.is_direct}
    return await previous.answers(OPERATOR, connection, threaded, direct, now)


async def _remember(connection: AsyncConnection, claimed: list[Claimed], now: datetime) -> dict[str, Person]:
    """Keep what a person's newest message told of them; return the persons as they are then known."""
    known = {one.person.person_id: one.person for one in claimed}
    before = dict(known)
    for one in sorted(claimed, key=lambda one: one.message.order):
        if one.fresh and one.message.trigger != "schedule":  # which brings what was known when it was made
            known[one.person.person_id] = _told(known[one.person.person_id], one.message)
    await profiles.remember(OPERATOR, connection, before.values(), known.values(), now)
    return known


def tells_more(person: Person, message: Message) -> bool:
    """Say whether a message may tell of a person what is not known yet, so that they are to be written."""
    return message.trigger != "schedule" and _told(person, message) != person


def _told(person: Person, message: Message) -> Person:
    """Return a person as a message tells them: what it does not tell stays, and what they set themselves."""
    told: dict[str, Any] = {
        "locale": rules.locale(message.locale),
        "timezone": rules.zone(message.timezone),
        "name": " ".join(rules.plain(message.name or "").split()) or None,
        "email": (message.email or "").lower() or None,  # unlike a name it is compared
    }
    return replace(person, **{field: value for field, value in told.items() if value and field not in person.own})
