"""Which place a person means, among those that bear the name."""

from collections.abc import Awaitable, Callable, Sequence

from actions_weather.domain import Found, Missed, label
from actions_weather.models import Candidate
from actions_weather.names import fold, languages_for
from actions_weather.place import Asked
from actions_weather.regions import ABBREVIATIONS, COUNTRIES

FEW, MANY = 10, 50  # results asked for: many where a qualifier may single out a small namesake
OTHERS = 3  # namesakes that an answer names
NOTABLE = 0.01  # of the best one's population: smaller namesakes are not what somebody meant
Search = Callable[[str, str, int], Awaitable[Sequence[Candidate]]]


async def find(asked: Asked, language: str, search: Search) -> Found | Missed:
    """Find a place by `search(name, language, count)`, reading by reading and language by language until one fits."""
    near: Sequence[Candidate] = ()
    for reading in asked.readings():
        for spoken in languages_for(reading.name, language):
            candidates = await search(reading.name, spoken, MANY if reading.qualifiers else FEW)
            if fitting := narrow(candidates, reading.qualifiers):
                return choose(reading.name, fitting)
            if reading is asked:
                near = near or candidates
    return Missed(_distinct(near)[:OTHERS])


def narrow(places: Sequence[Candidate], qualifiers: Sequence[str]) -> list[Candidate]:
    """Keep the places that fit every qualifier: by a whole name or code where one does, else by some of a name's words."""
    kept = list(places)
    for qualifier in map(fold, qualifiers):
        kept = [p for p in kept if _is_in(p, qualifier)] or [p for p in kept if _is_partly_in(p, qualifier)]
    return kept


def choose(name: str, places: Sequence[Candidate]) -> Found:
    """Choose the place that has exactly this name and most people; else the provider's first, which knows other names."""
    wanted = fold(name)

    def strength(numbered: tuple[int, Candidate]) -> tuple[int, int]:
        number, place = numbered
        people, exact = place.population or 0, fold(place.name) == wanted
        return (3 if exact and people else 2 if number == 0 else 1 if exact else 0, people)

    best, *rest = [place for _, place in sorted(enumerate(places), key=strength, reverse=True)]
    enough = (best.population or 0) * NOTABLE
    namesakes = [p for p in rest if fold(p.name) == fold(best.name) and (p.population or 0) >= max(enough, 1)]
    return Found(best, tuple(p for p in _distinct([best, *namesakes]) if p is not best)[:OTHERS])


def _is_in(place: Candidate, qualifier: str) -> bool:
    code = (place.country_code or "").upper()
    region = fold(place.admin1 or "")
    return (
        qualifier in _areas(place)
        or (bool(code) and code in (qualifier.upper(), COUNTRIES.get(qualifier)))
        or (bool(region) and ABBREVIATIONS.get(code, {}).get(qualifier) == region)
    )


def _is_partly_in(place: Candidate, qualifier: str) -> bool:
    return bool(qualifier) and any(f" {qualifier} " in f" {area} " for area in _areas(place))


def _areas(place: Candidate) -> list[str]:
    return [fold(area) for area in (place.country, place.admin1, place.admin2, place.admin3, place.admin4) if area]


def _distinct(places: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return tuple({label(place): place for place in reversed(places)}.values())[::-1]
