"""Who may do what, from the settings. Admins of an installation come into the database later."""

from dataclasses import dataclass

from jeeves_contracts.people import Identity, Role
from users_service.scope import OPERATOR, Scope, Tenant
from users_service.settings import Settings


@dataclass(frozen=True)
class Roles:
    """Operators and admins as `(workspace_id, user_id)`."""

    operators: frozenset[tuple[str, str]]
    admins: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, settings: Settings) -> "Roles":
        """Read them from JEEVES_OPERATORS and JEEVES_ADMINS."""
        return cls(settings.jeeves_operators, settings.jeeves_admins)

    def of_identity(self, identity: Identity, *, is_admin: bool = False) -> list[Role]:
        """Return the roles of a person, least first. An operator may do all that an admin may."""
        name = (identity.workspace_id, identity.user_id)
        if name in self.operators:
            return ["member", "admin", "operator"]
        return ["member", "admin"] if is_admin or name in self.admins else ["member"]

    def scope_of(self, identity: Identity, installation_id: str, *, is_admin: bool = False) -> Scope | None:
        """Return what a person may administer from inside an installation: all, it alone, or (None) nothing."""
        roles = self.of_identity(identity, is_admin=is_admin)
        if "operator" in roles:
            return OPERATOR
        return Tenant(installation_id) if "admin" in roles else None
