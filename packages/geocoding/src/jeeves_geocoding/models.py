"""What Open-Meteo's search answers, as far as we read it. https://open-meteo.com/en/docs/geocoding-api"""

from typing import Annotated

from pydantic import Field, JsonValue, ValidationError

from jeeves_geocoding.lenient import Answer, Maybe, Text


class Candidate(Answer):
    """A place that a name may mean. `country_code` is ISO 3166-1 alpha-2; `admin1` to `admin4` go from region to village."""

    name: str = Field(min_length=1, max_length=200)
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    timezone: Text = None
    country: Text = None
    country_code: Text = None
    admin1: Text = None
    admin2: Text = None
    admin3: Text = None
    admin4: Text = None
    population: Maybe[Annotated[int, Field(ge=0)]] = None
    postcodes: Maybe[list[Text]] = None


class SearchAnswer(Answer):
    """`results` is missing when nothing was found."""

    results: list[JsonValue] = []

    def candidates(self) -> list[Candidate]:
        """Return the results that can be used, in the provider's order."""
        return [place for place in map(_candidate, self.results) if place]


def _candidate(value: JsonValue) -> Candidate | None:
    try:
        place = Candidate.model_validate(value)
    except ValidationError:
        return None
    return place if any(c.isalnum() for c in place.name) else None
