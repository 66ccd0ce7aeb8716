"""Which place a person means, among those that bear the name."""

from collections.abc import Awaitable, Callable, Sequence
from difflib import SequenceMatcher

from jeeves_geocoding.asked import Asked
from jeeves_geocoding.models import Candidate
from jeeves_geocoding.names import fold, languages_for
from jeeves_geocoding.place import Found, Missed, distinct, place_of
from jeeves_geocoding.postcodes import bare
from jeeves_geocoding.regions import ABBREVIATIONS, COUNTRIES

FEW, MANY = 10, 50  # results asked for: many where a qualifier may single out a small namesake
OTHERS = 3  # namesakes that an answer names
NOTABLE = 0.01  # of the best one's population: smaller namesakes are not what somebody meant
SHORTEST = 5  # letters of a name that may be a slip
SIMILAR = 0.75  # how alike two names are that may be one with a slip
Search = Callable[[str, str, int], Awaitable[Sequence[Candidate]]]


async def find(asked: Asked, language: str, search: Search, *, country: str | None = None) -> Found | Missed:
    """Find a place by `search(name, language, count)`, reading by reading and language by language until one fits.

    `country` (ISO 3166-1 alpha-2) is where whoever asks lives: a postcode that says no country is one of that country first.
    """
    near: Sequence[Candidate] = ()
    for reading in asked.readings():
        for spoken in languages_for(reading.name, language):
            exact = not (reading.qualifiers or reading.postcode)
            candidates = await search(reading.name, spoken, FEW if exact else MANY)
            if fitting := _with_postcode(narrow(candidates, reading.qualifiers), reading.postcode):
                return _code(reading.name, fitting, country) if reading.is_postcode else choose(reading.name, fitting)
            if reading is asked:
                near = near or candidates
    near = near or await _alike(asked.name, language, search)
    return Missed(tuple(map(place_of, distinct(near)[:OTHERS])))


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
    return _found(best, [p for p in rest if fold(p.name) == fold(best.name) and (p.population or 0) >= max(enough, 1)])


def _code(code: str, places: Sequence[Candidate], country: str | None) -> Found:
    """Choose among the places of a postcode, which other countries may have too: all of them are offered."""
    having = _with_postcode(places, code) or places
    best, *rest = sorted(having, key=lambda place: country is None or (place.country_code or "").upper() != country.upper())
    return _found(best, rest)


def _found(best: Candidate, others: Sequence[Candidate]) -> Found:
    return Found(place_of(best), tuple(place_of(p) for p in distinct([best, *others]) if p is not best)[:OTHERS])


def _with_postcode(places: Sequence[Candidate], postcode: str) -> Sequence[Candidate]:
    wanted = _letters(bare(postcode))
    return [p for p in places if not wanted or wanted in {_letters(code) for code in p.postcodes or () if code}]


def _letters(postcode: str) -> str:
    return "".join(filter(str.isalnum, postcode)).upper()


async def _alike(name: str, language: str, search: Search) -> list[Candidate]:
    """Return places whose name is a slip away: those that begin alike are asked for, once."""
    wanted = fold(name)
    if len(wanted) < SHORTEST:
        return []
    begun = await search(name[: max(len(name) // 2, SHORTEST - 2)], language, MANY)
    likeness = {id(place): SequenceMatcher(None, wanted, fold(place.name)).ratio() for place in begun}
    return sorted((p for p in begun if likeness[id(p)] >= SIMILAR), key=lambda p: (-likeness[id(p)], -(p.population or 0)))


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
