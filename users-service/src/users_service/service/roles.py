"""Who may do what, and why: by the settings, and by what was granted since."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.people import Identity, Role
from users_service.repository import counters, roles
from users_service.repository.counters import ROLES, Revisions
from users_service.repository.roles import EVERYWHERE
from users_service.scope import OPERATOR, Scope, Tenant
from users_service.settings import Settings
from users_service.words import words

ALL: list[Role] = ["member", "admin", "operator"]


@dataclass(frozen=True)
class Reason:
    """Why somebody has a role: `setting` names `named`, or it was granted by somebody at some time.

    `installation_id` is where they are an admin, None for operators, who are it everywhere.
    """

    role: Role
    setting: str | None = None
    granted_by: str | None = None
    at: datetime | None = None
    named: str | None = None
    installation_id: str | None = None

    def because(self, locale: str | None = None) -> str:
        """Return it in words that follow `because`."""
        if self.at is None:
            return words("role.setting", locale, setting=self.setting, named=self.named)
        return words("role.granted", locale, by=self.granted_by, day=f"{self.at.day} {self.at:%B %Y}")


@dataclass
class Roles:
    """`operators` and `admins` of the settings are `(workspace_id, user_id)`. What was granted is read anew when it changed.

    A transaction that lets the counter grow must not refresh after that: it might be rolled back, and what it saw kept.
    """

    operators: frozenset[tuple[str, str]]
    admins: frozenset[tuple[str, str]]
    _revision: int = -1
    _granted: Mapping[tuple[str, str], Reason] = field(default_factory=dict)
    _inactive: frozenset[str] = frozenset()
    _shells: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> "Roles":
        """Begin with JEEVES_OPERATORS and JEEVES_ADMINS."""
        return cls(settings.jeeves_operators, settings.jeeves_admins)

    async def refresh(self, connection: AsyncConnection, seen: Revisions | None = None) -> "Roles":
        """Learn what a transaction sees; `seen` are the revisions where it has read them already."""
        seen = await counters.revisions(OPERATOR, connection) if seen is None else seen
        revision = seen.get(ROLES, 0)
        if revision > self._revision:
            rows = await roles.granted(OPERATOR, connection)
            granted = {key: Reason(row.role, None, row.granted_by, row.created_at) for key, row in rows.items()}
            inactive, shells = await roles.inactive(OPERATOR, connection), await roles.shells(OPERATOR, connection)
            if revision > self._revision:  # a transaction that began later may have been quicker
                self._granted, self._inactive, self._shells, self._revision = granted, inactive, shells, revision
        return self

    def is_active(self, person_id: str) -> bool:
        """Say whether anything is done for a person."""
        return person_id not in self._inactive

    def shells(self, person_ids: Iterable[str]) -> list[tuple[str, str]]:
        """Return (who they are now, old name) of people who became one with others a short time ago."""
        return [(real, shell) for real in sorted(set(person_ids)) for shell in self._shells.get(real, ())]

    def has_operator(self) -> bool:
        """Say whether there is any operator yet."""
        made = (person_id for place, person_id in self._granted if place == EVERYWHERE)
        return bool(self.operators) or any(map(self.is_active, made))

    def setting(self, role: Role, identities: Iterable[Identity]) -> str | None:
        """Return `JEEVES_OPERATORS names T1:U1`, where the settings make one of these an operator or an admin."""
        names, setting = (self.operators, "JEEVES_OPERATORS") if role == "operator" else (self.admins, "JEEVES_ADMINS")
        for one in identities:
            if (one.workspace_id, one.user_id) in names:
                return Reason(role, setting, named=f"{one.workspace_id}:{one.user_id}").because()
        return None

    def held(self, identities: Iterable[Identity], person_id: str) -> list[Reason]:
        """Return all that a person is by these identities of theirs, in the installations of each, the most first."""
        found = [reason for one in identities for reason in self._reasons(one, home(one), person_id)]
        return sorted(dict.fromkeys(found), key=lambda one: (one.role != "operator", one.installation_id or ""))

    def why(self, identity: Identity, installation_id: str, person_id: str) -> Reason | None:
        """Return why a person has more than a member's role in an installation; None where they have not.

        Who is an admin at home is a member where they are a guest: in a channel that two workspaces share.
        """
        return next(self._reasons(identity, installation_id, person_id), None)

    def _reasons(self, identity: Identity, place: str, person_id: str) -> Iterator[Reason]:
        name = (identity.workspace_id, identity.user_id)
        if name in self.operators:
            yield Reason("operator", "JEEVES_OPERATORS", named=":".join(name))
        if (EVERYWHERE, person_id) in self._granted:
            yield self._granted[EVERYWHERE, person_id]
        if place == home(identity):
            if name in self.admins:
                yield Reason("admin", "JEEVES_ADMINS", named=":".join(name), installation_id=place)
            if (place, person_id) in self._granted:
                yield replace(self._granted[place, person_id], installation_id=place)

    def of_identity(self, identity: Identity, installation_id: str, person_id: str) -> list[Role]:
        """Return the roles of a person in an installation, least first; none of who was deactivated.

        An operator may do all that an admin may.
        """
        if not self.is_active(person_id):
            return []
        reason = self.why(identity, installation_id, person_id)
        return ALL[: ALL.index(reason.role) + 1] if reason else ["member"]

    def scope_of(self, identity: Identity, installation_id: str, person_id: str) -> Scope | None:
        """Return what a person may administer from inside an installation: all, it alone, or (None) nothing."""
        mine = self.of_identity(identity, installation_id, person_id)
        if "operator" in mine:
            return OPERATOR
        return Tenant(installation_id) if "admin" in mine else None


def home(identity: Identity) -> str:
    """Return the installation of a person's own workspace."""
    return f"{identity.platform}:{identity.workspace_id}"
