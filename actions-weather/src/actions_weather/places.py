"""Which place a wish is about: the one it names, the one spoken of, the one where the person lives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from actions_weather.reading.heard import Said
from actions_weather.reading.units import region_of
from actions_weather.reading.wish import Wish
from jeeves_actions import language_of
from jeeves_contracts.actions import ActionRequest
from jeeves_geocoding import Asked, Found, Geocoder, Missed, Place, parse

MOST = 5  # places that are told apart when they are named at once
AND = r",? +(?:and|or|vs\.?|versus) +| *[&+/;] *"
PARTED = re.compile(AND, re.IGNORECASE), re.compile(rf"{AND}|, *", re.IGNORECASE)


@dataclass(frozen=True)
class Sought:
    """A place that was looked for. `said` is the reading that names it; `stored`: it is where the person lives."""

    asked: Asked
    said: Said
    found: Found | Missed
    stored: bool = False


class Places:
    """Finds the places of wishes."""

    def __init__(self, geocoder: Geocoder) -> None:
        self._geocoder = geocoder

    async def find(self, wish: Wish, request: ActionRequest) -> Sought | None:
        """Return the place that is meant, by the first reading of which there is one; None when none is named or known.

        Raises GeocodingError.
        """
        missed = None
        locale = request.actor.locale
        for asked, said, stored in _readings(wish, request):
            found = await self._geocoder.find(asked, language_of(locale), country=region_of(locale))
            if isinstance(found, Found):
                return Sought(asked, said, found, stored)
            missed = missed or Sought(asked, said, found, stored)
        return missed

    async def each(self, asked: Asked, request: ActionRequest) -> tuple[Place, ...]:
        """Return the places of `Paris and London`, each of which there is; none where it is not that. Raises GeocodingError."""
        locale = request.actor.locale
        for parted in PARTED if PARTED[0].search(asked.words) else ():
            names = [one for words in parted.split(asked.words) if (one := parse(words))]
            if not 1 < len(names) <= MOST:
                continue
            found = [await self._geocoder.find(one, language_of(locale), country=region_of(locale)) for one in names]
            best = tuple(one.best for one in found if isinstance(one, Found))
            if len(best) == len(names):
                return best
        return ()


def _readings(wish: Wish, request: ActionRequest) -> Iterator[tuple[Asked, Said, bool]]:
    said = wish.said
    if said.place:
        yield said.place, said, False
        if said.other and said.other.place:
            yield said.other.place, _kept(said.other, said), False
        return
    home, spoken_of = (request.facts.get("location"), True), ((wish.remembered, False), (wish.memo.place, False))
    for words, stored in (home,) if said.here else (spoken_of[0], home, spoken_of[1]):
        if isinstance(words, str) and (asked := parse(words)):
            yield asked, said, stored
            return


def _kept(other: Said, first: Said) -> Said:
    """Return another reading with the units that were filled up in the first."""
    return replace(other, units=other.units or first.units)
