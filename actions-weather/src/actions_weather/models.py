"""What Open-Meteo answers, as far as we read it: whatever may be missing or odd there is None here.

https://open-meteo.com/en/docs and https://open-meteo.com/en/docs/geocoding-api
"""

from typing import Annotated, Any, TypeVar

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

Value = TypeVar("Value")


def _or_none(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValidationError:
        return None


Maybe = Annotated[Value | None, WrapValidator(_or_none)]
Text = Maybe[Annotated[str, Field(min_length=1, max_length=200)]]
Number = Maybe[Annotated[float, Field(allow_inf_nan=False, strict=True)]]
Code = Maybe[Annotated[int, Field(ge=0, le=99)]]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Candidate(_Answer):
    """A place that a name may mean. `country_code` is ISO 3166-1 alpha-2; `admin1` to `admin4` go from region to village."""

    name: str = Field(min_length=1, max_length=200)
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    country: Text = None
    country_code: Text = None
    admin1: Text = None
    admin2: Text = None
    admin3: Text = None
    admin4: Text = None
    population: Maybe[Annotated[int, Field(ge=0)]] = None


class SearchAnswer(_Answer):
    """`results` is missing when nothing was found."""

    results: list[JsonValue] = []

    def candidates(self) -> list[Candidate]:
        """Return the results that can be used, in the provider's order."""
        return [place for place in map(_candidate, self.results) if place]


def _candidate(value: JsonValue) -> Candidate | None:
    try:
        return Candidate.model_validate(value)
    except ValidationError:
        return None


class Current(_Answer):
    temperature: Number = Field(None, validation_alias="temperature_2m")
    feels: Number = Field(None, validation_alias="apparent_temperature")
    code: Code = Field(None, validation_alias=AliasChoices("weather_code", "weathercode"))
    wind: Number = Field(None, validation_alias=AliasChoices("wind_speed_10m", "windspeed_10m"))


class Daily(_Answer):
    """A list each, today first."""

    high: Maybe[list[Number]] = Field(None, validation_alias="temperature_2m_max")
    low: Maybe[list[Number]] = Field(None, validation_alias="temperature_2m_min")
    rain: Maybe[list[Number]] = Field(None, validation_alias="precipitation_probability_max")
    code: Maybe[list[Code]] = Field(None, validation_alias=AliasChoices("weather_code", "weathercode"))


class ForecastAnswer(_Answer):
    current: Maybe[Current] = None
    daily: Maybe[Daily] = None
    current_units: Maybe[dict[str, JsonValue]] = None
    daily_units: Maybe[dict[str, JsonValue]] = None
