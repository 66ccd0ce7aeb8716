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

    def of_identity(self, identity: Identity, installation_id: str, *, is_admin: bool = False) -> list[Role]:
        """Return the roles of a person in an installation, least first. An operator may do all that an admin may.

        Who is an admin at home is a member where they are a guest: in a channel that two workspaces share.
        """
        name = (identity.workspace_id, identity.user_id)
        if name in self.operators:
            return ["member", "admin", "operator"]
        at_home = installation_id == f"{identity.platform}:{identity.workspace_id}"
        return ["member", "admin"] if at_home and (is_admin or name in self.admins) else ["member"]

    def is_admin(self, identity: Identity, installation_id: str, *, is_admin: bool = False) -> bool:
        """Say whether a person may administer an installation."""
        return self.scope_of(identity, installation_id, is_admin=is_admin) is not None

    def scope_of(self, identity: Identity, installation_id: str, *, is_admin: bool = False) -> Scope | None:
        """Return what a person may administer from inside an installation: all, it alone, or (None) nothing."""
        roles = self.of_identity(identity, installation_id, is_admin=is_admin)
        if "operator" in roles:
            return OPERATOR
        return Tenant(installation_id) if "admin" in roles else None
