"""The month or year that somebody names: `october`, `2026-10`, `last month`, `this year`."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

SHORTEST = 3  # letters of a month's name
NUMBERED = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?", re.ASCII)
NAMED = re.compile(r"([^\W\d_]+)(?: (\d{4}))?")
FIRST_YEAR, LAST_YEAR = 2000, 2999


@dataclass(frozen=True)
class Named:
    """A month, or (`month` None) a year."""

    year: int
    month: int | None

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, 1)

    @property
    def last(self) -> date:
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])


def read(said: str, today: date, names: Sequence[str]) -> Named | None:
    """Return what was named, `names` being those of the months; this month where nothing was; None where it is no month.

    A month without a year is the last of its name that has begun.
    """
    text = " ".join(said.split()).casefold()
    before = today.replace(day=1) - timedelta(days=1)
    known = {
        "": Named(today.year, today.month), "this month": Named(today.year, today.month),
        "last month": Named(before.year, before.month), "this year": Named(today.year, None),
        "last year": Named(today.year - 1, None),
    }  # fmt: skip
    if text in known:
        return known[text]
    if numbered := NUMBERED.fullmatch(text):
        return _checked(int(numbered[1]), int(numbered[2]) if numbered[2] else None)
    named = NAMED.fullmatch(text)
    fits = [
        n for n, name in enumerate(names, 1) if named and len(named[1]) >= SHORTEST and name.casefold().startswith(named[1])
    ]
    if named is None or len(fits) != 1:
        return None
    return _checked(int(named[2]) if named[2] else today.year - (fits[0] > today.month), fits[0])


def _checked(year: int, month: int | None) -> Named | None:
    right = FIRST_YEAR <= year <= LAST_YEAR and (month is None or 1 <= month <= 12)  # noqa: PLR2004
    return Named(year, month) if right else None
