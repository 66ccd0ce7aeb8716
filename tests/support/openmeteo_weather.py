"""The weather that the Open-Meteo of this machine reports: the same for every place, but warmer near the equator.

Counted from today in the place's own zone: rain today, better tomorrow, showers on the third day, snow on the sixth.
"""

import math
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

CODES = (61, 2, 80, 3, 0, 71, 95, 45)
RAIN = (70, 10, 55, 30, 0, 80, 90, 5)
WARMER = (0, 1, -1, 2, 3, -8, 0, 1)
WIND, GUSTY = 18.0, 27.0  # km/h: now and each hour, and the most of a day
MILE = 1.609344
MOST = 16  # days


def forecast(query: dict[str, str], warm: float, zone: str, at: datetime) -> dict[str, Any]:
    """Answer what a query asks for: the variables that it names, in the units that it names."""
    now = at.astimezone(ZoneInfo(zone))
    days = [now.date() + timedelta(days=number) for number in range(min(int(query.get("forecast_days", 7)), MOST))]
    stamps = {
        "current": [now.replace(minute=now.minute // 15 * 15).strftime("%Y-%m-%dT%H:%M")],
        "hourly": [f"{day}T{hour:02d}:00" for day in days for hour in range(24)],
        "daily": list(map(str, days)),
    }
    offset = now.utcoffset() or timedelta()
    answer: dict[str, Any] = {
        "timezone": zone,
        "timezone_abbreviation": now.tzname(),
        "utc_offset_seconds": offset.total_seconds(),
    }
    answer["utc_offset_seconds"] = int(answer["utc_offset_seconds"])
    for part, times in stamps.items():
        if names := [name for name in query.get(part, "").split(",") if _unit(name, query)]:
            values = {}
            for name in names:
                warmer = [_of_the_hour(stamp) if part == "hourly" else _of_the_day(name) for stamp in times]
                values[name] = [_value(name, t, now.date(), warm + w, query) for t, w in zip(times, warmer, strict=True)]
            answer[f"{part}_units"] = {"time": "iso8601", **{name: _unit(name, query) for name in names}}
            answer[part] = {"time": times, **values}
    if "current" in answer:
        answer["current"] = {name: values[0] for name, values in answer["current"].items()}
    return answer


def _unit(name: str, query: dict[str, str]) -> str:
    kinds = {"temperature": _degree(query), "wind": _speed(query), "probability": "%", "code": "wmo code"}
    return next((unit for kind, unit in kinds.items() if kind in name), "")


def _degree(query: dict[str, str]) -> str:
    return "°F" if query.get("temperature_unit") == "fahrenheit" else "°C"


def _speed(query: dict[str, str]) -> str:
    return "mp/h" if query.get("wind_speed_unit") == "mph" else "km/h"


def _value(name: str, stamp: str, today: date, warm: float, query: dict[str, str]) -> float:
    number = (date.fromisoformat(stamp[:10]) - today).days % len(CODES)
    if "code" in name:
        return CODES[number]
    if "probability" in name:
        return RAIN[number]
    if "wind" in name:
        speed = GUSTY if name.endswith("max") else WIND
        return round(speed / MILE, 1) if _speed(query) == "mp/h" else speed
    degrees = warm + WARMER[number]
    return round(degrees * 9 / 5 + 32 if _degree(query) == "°F" else degrees, 1)


def _of_the_day(name: str) -> float:
    """Return how far from the mean a day's extremes are; what is felt is colder."""
    return 3 if name.endswith("max") else -3 if name.endswith("min") else -2 if name.startswith("apparent") else 0


def _of_the_hour(stamp: str) -> float:
    """Return how far from the mean it is at an hour: 3 degrees warmer at 15, as much colder at 3."""
    return 3 * math.cos((int(stamp[11:13]) - 15) / 12 * math.pi)
