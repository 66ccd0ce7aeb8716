"""An answer to the question that was asked, before the weather: `Yes, probably: 70 % chance of rain.`"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actions_weather.forecast.weather import Day, Forecast, Hour
from actions_weather.reading.question import About
from actions_weather.telling.values import rounded, sky
from actions_weather.words import HALF_SUNNY, SNOW, SUNNY, WET, WORDS

LIKELY, POSSIBLE = 60, 30  # % from which it is said so


@dataclass(frozen=True)
class Told:
    """An hour or a day of which weather is told, and its name where there are several."""

    weather: Hour | Day
    name: str = ""


def lead(about: About | None, told: Sequence[Told], forecast: Forecast, locale: str | None, *, now: bool) -> str:
    """Answer a question; empty where the numbers do. `now`: what is told is today, and it is asked for now."""
    if about in ("rain", "snow") and now and forecast.now.code in (WET if about == "rain" else SNOW):
        return WORDS.text(f"{about}.now", locale)
    if about in ("rain", "umbrella"):
        return _chance(about, told, locale)
    if about == "snow":
        snowy = [one for one in told if one.weather.code in SNOW]
        return _chance(about, snowy, locale) if snowy else WORDS.text("snow.unlikely", locale) if told else ""
    if about == "wind":
        return _wind(told, forecast, locale)
    return _sun(told, locale) if about == "sun" else ""


def _chance(about: str, told: Sequence[Told], locale: str | None) -> str:
    chances = [(one.weather.rain, one) for one in told if one.weather.rain is not None]
    if not chances:
        return ""
    rain, one = max(chances, key=lambda chance: chance[0])
    degree = "likely" if rain >= LIKELY else "perhaps" if rain >= POSSIBLE or about == "snow" else "unlikely"
    return WORDS.text(f"{about}.{degree}", locale, rain=rounded(rain), when=_when(one, locale))


def _wind(told: Sequence[Told], forecast: Forecast, locale: str | None) -> str:
    winds = [(one.weather.wind, one) for one in told if one.weather.wind is not None]
    if not winds:
        return ""
    wind, one = max(winds, key=lambda chance: chance[0])
    return WORDS.text("wind.lead", locale, wind=rounded(wind), speed=forecast.speed, when=_when(one, locale))


def _sun(told: Sequence[Told], locale: str | None) -> str:
    def brightness(one: Told) -> int:
        return 2 if one.weather.code in SUNNY else 1 if one.weather.code in HALF_SUNNY else 0

    known = [one for one in told if sky(one.weather.code, locale)]
    if not known:
        return ""
    best = max(known, key=brightness)
    degree = ("unlikely", "perhaps", "likely")[brightness(best)]
    return WORDS.text(f"sun.{degree}", locale, sky=sky(best.weather.code, locale), when=_when(best, locale))


def _when(one: Told, locale: str | None) -> str:
    return WORDS.text("lead.when", locale, day=one.name) if one.name else ""


def named(days: Sequence[Day], names: Sequence[str]) -> Iterator[Told]:
    """Yield days with their names, which are left out where there is one day only."""
    for day, name in zip(days, names, strict=True):
        yield Told(day, name if len(days) > 1 else "")
