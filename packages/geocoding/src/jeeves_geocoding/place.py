"""Places as they are told to people, and what a search for one comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from jeeves_geocoding.models import Candidate
from jeeves_geocoding.names import fold

PART = 60  # characters of a name, a region or a country in a label


@dataclass(frozen=True)
class Place:
    """A point on the earth. `label` names it with region and country, and finds it again when it is asked for.

    `timezone` is an IANA name that this machine knows; `country_code` is ISO 3166-1 alpha-2. Both are None for coordinates.
    """

    label: str
    name: str
    latitude: float
    longitude: float
    timezone: str | None = None
    country_code: str | None = None


@dataclass(frozen=True)
class Found:
    """The place that a name means most likely, and up to three others that it may mean."""

    best: Place
    others: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Missed:
    """No such place. `near` are places that may have been meant: of that name elsewhere, or of a similar name."""

    near: tuple[Place, ...] = ()


def place_of(found: Candidate) -> Place:
    """Return a search result as a place."""
    code = (found.country_code or "").upper()
    return Place(
        label=label(found),
        name=_words(found.name),
        latitude=found.latitude,
        longitude=found.longitude,
        timezone=found.timezone if found.timezone and _is_zone(found.timezone) else None,
        country_code=code if len(code) == 2 and code.isascii() and code.isalpha() else None,  # noqa: PLR2004 - alpha-2
    )


def label(place: Candidate) -> str:
    """Name a place with its region and country, without saying anything twice."""
    parts: list[str] = []
    for part in (place.name, place.admin1, place.country):
        words = _words(part or "")
        if words and fold(words) not in map(fold, parts):
            parts.append(words)
    return ", ".join(parts)


def distinct(places: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return places with each label once, the first that has it."""
    return tuple({label(place): place for place in reversed(list(places))}.values())[::-1]


def _words(name: str) -> str:
    """Return a name on one line, without what controls a text."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:PART].strip()


@lru_cache(maxsize=1000)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a key that is none, or none that this machine has
        return False
    return True
