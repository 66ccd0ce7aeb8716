"""What Open-Meteo answers, as far as we read it: whatever may be missing or odd there is None here.

https://open-meteo.com/en/docs
"""

from typing import Annotated

from pydantic import AliasChoices, Field, JsonValue

from jeeves_geocoding.lenient import Answer, Maybe, Number, Text

Code = Maybe[Annotated[int, Field(ge=0, le=99)]]
Percent = Maybe[Annotated[float, Field(ge=0, le=100)]]
CODE = AliasChoices("weather_code", "weathercode")


class Current(Answer):
    temperature: Number = Field(None, validation_alias="temperature_2m")
    feels: Number = Field(None, validation_alias="apparent_temperature")
    code: Code = Field(None, validation_alias=CODE)
    wind: Number = Field(None, validation_alias=AliasChoices("wind_speed_10m", "windspeed_10m"))


class Hourly(Answer):
    """A list each, as long as `time`, whose values are local and without an offset."""

    time: Maybe[list[JsonValue]] = None
    temperature: Maybe[list[Number]] = Field(None, validation_alias="temperature_2m")
    rain: Maybe[list[Percent]] = Field(None, validation_alias="precipitation_probability")
    code: Maybe[list[Code]] = Field(None, validation_alias=CODE)
    wind: Maybe[list[Number]] = Field(None, validation_alias=AliasChoices("wind_speed_10m", "windspeed_10m"))


class Daily(Answer):
    """A list each, as long as `time`."""

    time: Maybe[list[JsonValue]] = None
    high: Maybe[list[Number]] = Field(None, validation_alias="temperature_2m_max")
    low: Maybe[list[Number]] = Field(None, validation_alias="temperature_2m_min")
    rain: Maybe[list[Percent]] = Field(None, validation_alias="precipitation_probability_max")
    code: Maybe[list[Code]] = Field(None, validation_alias=CODE)
    wind: Maybe[list[Number]] = Field(None, validation_alias=AliasChoices("wind_speed_10m_max", "windspeed_10m_max"))


Units = Maybe[dict[str, JsonValue]]


class ForecastAnswer(Answer):
    timezone: Text = None
    utc_offset_seconds: Maybe[Annotated[int, Field(ge=-50_400, le=50_400)]] = None
    current: Maybe[Current] = None
    hourly: Maybe[Hourly] = None
    daily: Maybe[Daily] = None
    current_units: Units = None
    hourly_units: Units = None
    daily_units: Units = None
