"""What is asked and what is told, without any of the ways in which it travels."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal, TypeVar

from actions_weather.models import Candidate, Current, Daily, ForecastAnswer
from actions_weather.names import fold

Units = Literal["metric", "imperial"]
First = TypeVar("First")
IMPERIAL_REGION = "US"


@dataclass(frozen=True)
class Weather:
    """The weather of a place: now, and today in the place's own day. Temperatures in `degree`, wind in `speed`, rain in %."""

    now: float | None
    feels: float | None
    code: int | None
    wind: float | None
    high: float | None
    low: float | None
    rain: float | None
    day_code: int | None
    degree: str
    speed: str


@dataclass(frozen=True)
class Found:
    """The place that a name means most likely, and up to three others that it may mean."""

    best: Candidate
    others: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Missed:
    """No such place. `near` has the name, but not the country or region that was asked for."""

    near: tuple[Candidate, ...] = ()


def weather_of(answer: ForecastAnswer, units: Units) -> Weather | None:
    """Read a forecast; None when it tells no temperature. The units are those that it names itself, else those asked for."""
    now, day = answer.current or Current(), answer.daily or Daily()
    high, low = _first(day.high), _first(day.low)
    if now.temperature is None and (high is None or low is None):
        return None
    named = {**(answer.daily_units or {}), **(answer.current_units or {})}
    degree = next((str(named[n]) for n in ("temperature_2m", "temperature_2m_max") if named.get(n) in ("°C", "°F")), "")
    speed = named.get("wind_speed_10m", named.get("windspeed_10m"))
    return Weather(
        now=now.temperature,
        feels=now.feels,
        code=now.code,
        wind=now.wind,
        high=high,
        low=low,
        rain=_first(day.rain),
        day_code=_first(day.code),
        degree=degree or ("°F" if units == "imperial" else "°C"),
        speed={"mp/h": "mph", "km/h": "km/h", "m/s": "m/s", "kn": "kn"}.get(
            str(speed), "mph" if units == "imperial" else "km/h"
        ),
    )


def _first(values: Sequence[First | None] | None) -> First | None:
    return values[0] if values else None


def units_for(fact: object, locale: str | None) -> Units:
    """Return a person's units: what they told, else what their locale's region uses (S55)."""
    if fact in ("metric", "imperial"):
        return "imperial" if fact == "imperial" else "metric"
    return "imperial" if (locale or "").replace("_", "-").upper().endswith(f"-{IMPERIAL_REGION}") else "metric"


def rounded(number: float) -> str:
    """Round half up, with a proper minus, and never to a minus zero: -0.6 is minus one, -0.4 is 0 (P15)."""
    whole = floor(number + 0.5)
    return f"\N{MINUS SIGN}{-whole}" if whole < 0 else str(whole)


def label(place: Candidate) -> str:
    """Name a place with its region and country, without saying anything twice."""
    parts: list[str] = []
    for part in (place.name, place.admin1, place.country):
        words = " ".join((part or "").split())
        if words and fold(words) not in map(fold, parts):
            parts.append(words)
    return ", ".join(parts)
