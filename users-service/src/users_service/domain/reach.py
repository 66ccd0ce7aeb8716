"""Whom a change of a feature reaches, of those who spoke to Jeeves lately: counted, and silent about few."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jeeves_contracts.registry import Feature
from jeeves_contracts.toggles import decide, settings_of

FEW = 5  # people: a smaller group is not told of


@dataclass(frozen=True)
class Reach:
    """How many people will have a feature who have not, have it no more, or have it with other settings; and all these.

    None: fewer than five, or a number from which such a one would follow.
    """

    installations: int
    people: int | None
    now_on: int | None
    now_off: int | None
    now_set: int | None


def reach(before: Feature, after: Feature, spoke: Iterable[tuple[str, str]], now: datetime) -> Reach:
    """Count those of `spoke` (installation, person) for whom a change makes a difference at an instant.

    A person is counted once, wherever they are: as having lost it before having got it before having other settings.
    """
    groups: dict[str, set[str]] = {"off": set(), "on": set(), "set": set()}
    places, differs = set[str](), dict[str, bool]()
    for place, person in spoke:
        had, has = decide(before, place, person, now).on, decide(after, place, person, now).on
        if place not in differs:
            differs[place] = settings_of(before, place) != settings_of(after, place)
        kind = "off" if had and not has else "on" if has and not had else "set" if has and differs[place] else None
        if kind:
            places.add(place)
            groups[kind].add(person)
    groups["on"] -= groups["off"]
    groups["set"] -= groups["off"] | groups["on"]
    off, on, other = (_told(len(groups[kind])) for kind in ("off", "on", "set"))
    everybody = sum(map(len, groups.values()))
    hidden = everybody - sum(number or 0 for number in (off, on, other))
    return Reach(len(places), None if hidden else _told(everybody), on, off, other)


def _told(number: int) -> int | None:
    return number if number >= FEW else None
