"""Numbers and skies, as they are told."""

from collections.abc import Iterable
from math import floor

from actions_weather.forecast.weather import Forecast
from actions_weather.words import SNOW, WORDS


def rounded(number: float) -> str:
    """Round half up, with a proper minus, and never to a minus zero: -0.6 is minus one, -0.4 is 0 (P15)."""
    whole = floor(number + 0.5)
    return f"\N{MINUS SIGN}{-whole}" if whole < 0 else str(whole)


def sky(code: int | None, locale: str | None) -> str:
    """Name a sky; empty for a code that the table does not have."""
    try:
        return WORDS.text(f"sky.{code}", locale)
    except KeyError:
        return ""


def warmth(low: float, high: float, forecast: Forecast, locale: str | None) -> str:
    """Tell temperatures: `4 to 10 °C`, or one where they are told as the same."""
    if rounded(low) == rounded(high):
        return f"{rounded(low)} {forecast.degree}"
    return WORDS.text("range", locale, low=rounded(low), high=rounded(high), degree=forecast.degree)


def rain(percent: float | None, codes: Iterable[int | None], locale: str | None) -> str:
    """Tell how likely it rains, or snows where one of the skies says so."""
    if percent is None:
        return ""
    return WORDS.text("snow" if SNOW & set(codes) else "rain", locale, rain=rounded(percent))


def wind(speed: float | None, forecast: Forecast, locale: str | None, *, most: bool = False) -> str:
    """Tell a wind, or the `most` of it."""
    if speed is None:
        return ""
    return WORDS.text("wind.most" if most else "wind", locale, wind=rounded(speed), speed=forecast.speed)


def number(value: float | None, unit: str, locale: str | None) -> str:
    """Tell a number with its unit in a cell."""
    return WORDS.text("nothing", locale) if value is None else f"{rounded(value)} {unit}"


def listed(*parts: str) -> str:
    """Put parts into one sentence, without those that are empty."""
    return ", ".join(filter(None, parts))
