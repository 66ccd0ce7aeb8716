"""What an answer of Jeeves's own is made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from jeeves_contracts.actions import Visibility
from jeeves_dispatcher.intent import Grammar, Intent
from jeeves_dispatcher.words import words


@dataclass(frozen=True)
class Desk:
    """`can` are the commands that this person may use here, `aside` how to tell them what is of no use to others.

    `is_direct`: nobody else is there. `is_admin`: they may use what is for admins.
    """

    can: Sequence[Intent]
    grammar: Grammar
    locale: str | None
    aside: Visibility
    is_direct: bool = False
    is_admin: bool = False

    def text(self, key: str, **values: object) -> str:
        """Return a text in the person's language."""
        return words(key, self.locale, **values)
