"""Who may do what over the API: default deny, one policy for each operation."""

from dataclasses import dataclass
from typing import Literal

from jeeves_service.errors import DeniedError, UnauthenticatedError
from users_service.api.principals import Principal

Who = Literal["anyone", "bootstrap", "token", "self", "person", "involved", "admin", "operator"]
SAYS: dict[Who, str] = {
    "anyone": "anybody may",
    "bootstrap": "only JEEVES_ADMIN_TOKEN and operators may",
    "token": "whoever has a token may",
    "self": "only the person themself may, not even an operator",
    "person": "a person may, for themself; operators may for anybody",
    "involved": "the person themself, admins of the installation and operators may",
    "admin": "admins of the installation and operators may",
    "operator": "only operators may",
}


@dataclass(frozen=True)
class Policy:
    """`name` is stable, and told to who is refused. `scope` is what a token must have been made for.

    What `who` lets in sees and changes what is its own only: the operation keeps to `Call.own` or `Call.scope`.
    """

    name: str
    who: Who
    scope: str = ""

    @property
    def says(self) -> str:
        """The rule in words."""
        return SAYS[self.who] + (f", with a token for `{self.scope}`" if self.scope else "")

    def check(self, principal: Principal | None) -> None:
        """Raise UnauthenticatedError where nobody asks, DeniedError where it is not for who asks."""
        if self.who == "anyone":
            return
        if principal is None:
            raise UnauthenticatedError("A bearer token is needed: see /api/v1/docs.")
        if not self._admits(principal):
            raise DeniedError(self.name, f"{self.says.capitalize()} (policy {self.name}).")
        scopes = principal.scopes
        if self.scope and scopes is not None and self.scope not in scopes:
            raise DeniedError(self.name, f"This token was not made for `{self.scope}` (policy {self.name}).")

    def _admits(self, principal: Principal) -> bool:
        if principal.is_bootstrap:
            return self.who in ("bootstrap", "token")
        return {
            "bootstrap": principal.is_operator,
            "token": True,
            "self": principal.person_id is not None,
            "person": principal.is_operator or principal.person_id is not None,
            "involved": principal.is_operator or principal.person_id is not None or bool(principal.admin_of),
            "admin": principal.is_operator or bool(principal.admin_of),
            "operator": principal.is_operator,
        }[self.who]
