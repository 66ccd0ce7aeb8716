"""Who asks."""

from dataclasses import dataclass

from jeeves_contracts.people import Identity


@dataclass(frozen=True)
class Principal:
    """A token as it is at this moment: it acts as a person, as an admin of an installation, or as the operator.

    `label` names it in the audit log and stays true. `scopes` are what it may be used for (None: for all). `identities` are its
    person's; `admin_of` the installations that it administers. `is_bootstrap`: JEEVES_ADMIN_TOKEN.
    """

    label: str
    scopes: frozenset[str] | None = frozenset()
    person_id: str | None = None
    identities: tuple[Identity, ...] = ()
    admin_of: frozenset[str] = frozenset()
    is_operator: bool = False
    is_bootstrap: bool = False
    token_id: str | None = None

    @property
    def name(self) -> str:
        """What it is counted by."""
        return self.token_id or self.label
