"""The weather of a place: now, by the hour and by the day, in the place's own time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TypeVar

from actions_weather.forecast.models import Current, Daily, ForecastAnswer, Hourly
from actions_weather.reading.units import Units
from actions_weather.zones import zone_of

Value = TypeVar("Value")
MOST_DAYS, MOST_HOURS = 16, 16 * 24 + 1  # that are read of an answer
SPEEDS = {"mp/h": "mph", "mph": "mph", "km/h": "km/h", "m/s": "m/s", "kn": "kn"}


@dataclass(frozen=True)
class Now:
    """Temperatures are in the forecast's `degree`, winds in its `speed`, rain is its probability in %."""

    temperature: float | None
    feels: float | None = None
    code: int | None = None
    wind: float | None = None


@dataclass(frozen=True)
class Hour:
    """`at` is the place's wall time, without a zone."""

    at: datetime
    temperature: float
    code: int | None = None
    rain: float | None = None
    wind: float | None = None


@dataclass(frozen=True)
class Day:
    date: date
    high: float
    low: float
    code: int | None = None
    rain: float | None = None
    wind: float | None = None


@dataclass(frozen=True)
class Forecast:
    """What an answer tells, in the order of time. `zone_name` is an IANA name where it has one that this machine knows."""

    now: Now
    days: tuple[Day, ...]
    hours: tuple[Hour, ...]
    zone: tzinfo
    zone_name: str | None
    degree: str
    speed: str

    def day(self, wanted: date) -> Day | None:
        """Return the weather of a day of the place."""
        return next((day for day in self.days if day.date == wanted), None)

    def between(self, start: datetime, end: datetime) -> tuple[Hour, ...]:
        """Return the hours from `start` until before `end`, wall times of the place."""
        return tuple(hour for hour in self.hours if start <= hour.at < end)

    def near(self, at: datetime) -> Hour | None:
        """Return the hour that is told nearest to a wall time, at most an hour away."""
        nearest = min(self.hours, key=lambda hour: abs(hour.at - at), default=None)
        return nearest if nearest and abs(nearest.at - at) <= timedelta(hours=1) else None


def forecast_of(answer: ForecastAnswer, units: Units, at: datetime) -> Forecast | None:
    """Read an answer that came at an instant; None when it tells no temperature of now or today.

    Its units are those that it names itself, else those asked for.
    """
    zone, name = _zone(answer)
    now = answer.current or Current()
    days = tuple(_days(answer.daily or Daily(), at.astimezone(zone)))
    if now.temperature is None and not days:
        return None
    named = {**(answer.daily_units or {}), **(answer.hourly_units or {}), **(answer.current_units or {})}
    degrees = (str(named[n]) for n in ("temperature_2m", "temperature_2m_max") if named.get(n) in ("°C", "°F"))
    speeds = (
        str(named[n]) for n in ("wind_speed_10m", "windspeed_10m", "wind_speed_10m_max", "windspeed_10m_max") if n in named
    )
    return Forecast(
        now=Now(now.temperature, now.feels, now.code, now.wind),
        days=days,
        hours=tuple(_hours(answer.hourly or Hourly())),
        zone=zone,
        zone_name=name,
        degree=next(degrees, units.degree),
        speed=SPEEDS.get(next(speeds, ""), units.speed),
    )


def _zone(answer: ForecastAnswer) -> tuple[tzinfo, str | None]:
    zone = zone_of(answer.timezone)
    return (zone, zone.key) if zone else (timezone(timedelta(seconds=answer.utc_offset_seconds or 0)), None)


def _days(daily: Daily, came: datetime) -> Iterator[Day]:
    """Yield the days that have both temperatures. Where an answer names no dates, its first day is that on which it came."""
    for number in range(min(MOST_DAYS, len(daily.high or ()))):
        stamp = _at(daily.time, number)
        named = stamp[:10] if isinstance(stamp, str) else None
        try:
            day = date.fromisoformat(named) if named else came.date() + timedelta(days=number)
        except ValueError:
            continue
        high, low = _at(daily.high, number), _at(daily.low, number)
        if high is not None and low is not None:
            yield Day(day, high, low, _at(daily.code, number), _at(daily.rain, number), _at(daily.wind, number))


def _hours(hourly: Hourly) -> Iterator[Hour]:
    for number, stamp in enumerate((hourly.time or ())[:MOST_HOURS]):
        temperature = _at(hourly.temperature, number)
        if temperature is None or not isinstance(stamp, str):
            continue
        try:
            at = datetime.fromisoformat(stamp)
        except ValueError:
            continue
        wall = at.replace(tzinfo=None)
        yield Hour(wall, temperature, _at(hourly.code, number), _at(hourly.rain, number), _at(hourly.wind, number))


def _at(values: Sequence[Value] | None, number: int) -> Value | None:
    return values[number] if values is not None and number < len(values) else None


def wall_time(at: datetime, zone: tzinfo) -> datetime:
    """Return what clocks show in a zone at an instant."""
    return at.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
