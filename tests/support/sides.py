"""Two installations that share user ids, and what tells in an answer or a row whose it is."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from support.things import Things
from users_service.engine import Database
from users_service.models import metadata

USERS = ("U1", "U2", "U3")
LINKED = "ULINK"  # of both installations: the one human who joins two accounts
#: What is everybody's, or tells nothing of anybody: it may change whoever does something.
SHARED = frozenset({"buckets", "counters", "idempotency", "features", "activity_days"})
_numbers = itertools.count(1)


@dataclass
class Side:
    """One installation. `people` are all who ever were there, but for who is of both; `named` what paths may name there."""

    workspace: str
    admin: str
    things: Things | None = None
    people: set[str] = field(default_factory=set)
    named: dict[str, list[str]] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    held: list[tuple[str, int]] = field(default_factory=list)

    @property
    def installation(self) -> str:
        return f"slack:{self.workspace}"

    def word(self) -> str:
        """Return a new word that only this side says."""
        return f"zz{self.workspace.lower()}q{next(_numbers)}"

    def traces(self) -> re.Pattern[str]:
        """Return what only this side's things have in them."""
        own = [rf"slack(:|%3a){self.workspace}(?!\w)", rf'"{self.workspace}"', rf"zz{self.workspace}q", *self.people]
        return re.compile("|".join(own), re.IGNORECASE)

    def name(self, kind: str, value: str) -> None:
        """Remember something that a path may name."""
        known = self.named.setdefault(kind, [])
        if value not in known:
            known.append(value)

    def pick(self, number: int) -> Things:
        """Return things to name in a path: of everything one, which of it as a number says."""
        assert self.things is not None
        values = {kind: known[number % len(known)] for kind, known in self.named.items()}
        return Things(self.workspace, USERS[number % len(USERS)], values["person_id"], {**self.things.values, **values})


def read_across(answer: str, other: Side, said: str) -> list[str]:
    """Return what an answer tells of the other side, beside what was said in asking."""
    found = {hit[0].casefold() for hit in other.traces().finditer(answer)}
    return sorted(hit for hit in found if hit not in said.casefold())


@dataclass
class Rows:
    """The rows of a database by whose they are: looked at before and after something is done."""

    database: Database

    async def of(self, sides: Iterable[Side]) -> dict[str, set[str]]:
        """Return the rows of each side by its workspace, and under `both` those that have something of each."""
        told = [(side.workspace, side.traces()) for side in sides]
        found: dict[str, set[str]] = {name: set() for name in (*(name for name, _ in told), "both")}
        async with self.database.read() as connection:
            for table in metadata.sorted_tables:
                if table.name in SHARED:
                    continue
                for row in await connection.execute(sa.select(table)):
                    text = f"{table.name} {_text(row)}"
                    whose = [name for name, trace in told if trace.search(text)]
                    for name in whose[:1] if len(whose) < len(told) else ["both"]:
                        found[name].add(text)
        return found


def _text(row: Any) -> str:
    return ", ".join(f'{name}="{value}"' for name, value in row._mapping.items())
