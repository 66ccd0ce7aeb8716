"""Units: what was said (`in fahrenheit`), what a person prefers, what their country uses (S55)."""

import re
from dataclasses import dataclass
from typing import Literal

System = Literal["metric", "imperial", "british"]
#: How people say them once.
SPOKEN: dict[System | None, str] = {"metric": "in celsius", "imperial": "in fahrenheit"}
#: Countries that measure in °F and miles; the United Kingdom measures in °C and miles.
IMPERIAL, BRITISH = {"US", "LR", "MM", "BS", "BZ", "KY", "PW", "FM", "MH"}, {"GB", "UK"}
SAID = re.compile(
    r"(?:and )?(?:(?:in|as|with|using) )?(?:degrees? )?"
    r"(?:(?P<metric>celsius|celcius|centigrade|metric|°c|º ?c|℃)"
    r"|(?P<imperial>fahrenheit|farenheit|fahrenheight|imperial|°f|º ?f|℉))(?: units?| degrees?)?|in (?:(?P<c>c)|(?P<f>f))"
)
REGION = re.compile(r"[a-z]{2,3}(?:[-_][a-z]{4})?[-_]([a-z]{2})(?:[-_.@].*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Units:
    """What temperatures and winds are told in, and what Open-Meteo calls that."""

    system: System

    @property
    def degree(self) -> str:
        """The unit of a temperature."""
        return "°F" if self.system == "imperial" else "°C"

    @property
    def speed(self) -> str:
        """The unit of a wind."""
        return "km/h" if self.system == "metric" else "mph"

    @property
    def params(self) -> dict[str, str]:
        """How the provider is asked for them."""
        degrees = {"temperature_unit": "fahrenheit"} if self.degree == "°F" else {}
        return degrees | ({"wind_speed_unit": "mph"} if self.speed == "mph" else {})


def said_units(text: str) -> System | None:
    """Read units that are all of a folded text."""
    found = SAID.fullmatch(text)
    if not found:
        return None
    return "metric" if found["metric"] or found["c"] else "imperial"


def units_for(said: System | None, fact: object, setting: object, locale: str | None) -> Units:
    """Return what was said this once, else what the person told, else what the admins chose, else what their country uses."""
    for chosen in (said, fact, setting):
        system = known(chosen)
        if system:
            return Units(system)
    country = region_of(locale)
    return Units("imperial" if country in IMPERIAL else "british" if country in BRITISH else "metric")


def known(name: object) -> System | None:
    """Return a system of units by its name, whoever says it."""
    names: tuple[System, ...] = ("metric", "imperial", "british")
    return next((system for system in names if isinstance(name, str) and name.casefold() == system), None)


def region_of(locale: str | None) -> str | None:
    """Return a locale's country: `en_US.UTF-8` → US."""
    found = REGION.fullmatch(locale or "")
    return found[1].upper() if found else None
