"""Coordinates as people write them: `52.5, 13.4`, `52.5N 13.4E`, `52°31'12"N 13°24'36"E`, `lat -33.9 lon 151.2`."""

import re
from dataclasses import dataclass

_PLAIN = r"[-+\u2212]?\d{1,3}(?:\.\d{1,15})?"
_MINUTES = r"(?:\s?(\d{1,2}(?:\.\d{1,10})?)\s?['\u2032\u2019](?:\s?(\d{1,2}(?:\.\d{1,10})?)\s?(?:[\"\u2033\u201d]|''))?)?"
_DEGREES = rf"({_PLAIN})\s?[°º]?{_MINUTES}"
_NAMED = re.compile(r"\b(?:lat(?:itude)?|lon(?:g(?:itude)?)?)\b[.:= ]*|^geo:|^@", re.IGNORECASE)
_BETWEEN = r"(?:\s?[,;/]\s?|\s)"
NUMBERS = re.compile(rf"{_DEGREES}{_BETWEEN}{_DEGREES}")
LETTER_AFTER = re.compile(rf"{_DEGREES}\s?([NS]){_BETWEEN}?\s?{_DEGREES}\s?([EW])", re.IGNORECASE)
LETTER_BEFORE = re.compile(rf"([NS])\s?{_DEGREES}{_BETWEEN}?\s?([EW])\s?{_DEGREES}", re.IGNORECASE)
COMMAS = re.compile(r"([-+\u2212]?\d{1,3}),(\d{1,15})\s?[;/ ]\s?([-+\u2212]?\d{1,3}),(\d{1,15})")
LONGEST = 80  # characters
DIGITS = 4  # after the point: eleven metres


@dataclass(frozen=True)
class Spot:
    """Degrees: north and east are positive."""

    latitude: float
    longitude: float

    @property
    def label(self) -> str:
        """As people write it, which is read again as the same spot."""
        north, east = f"{abs(self.latitude):.{DIGITS}f}", f"{abs(self.longitude):.{DIGITS}f}"
        parts = (north, "S" if self.latitude < 0 else "N"), (east, "W" if self.longitude < 0 else "E")
        return ", ".join(f"{(number.rstrip('0').rstrip('.'))}° {letter}" for number, letter in parts)


def read(text: str) -> Spot | None:
    """Return the spot that all of a text is, None when it is no pair of coordinates on this earth."""
    if len(text) > LONGEST:
        return None
    words = _NAMED.sub("", text).strip(" ()[]")
    if found := COMMAS.fullmatch(words):
        words = "{}.{}, {}.{}".format(*found.groups())
    if found := LETTER_AFTER.fullmatch(words):
        *north, south, d, m, s, west = found.groups()
        return _spot(north, south, [d, m, s], west)
    if found := LETTER_BEFORE.fullmatch(words):
        south, a, b, c, west, *east = found.groups()
        return _spot([a, b, c], south, east, west)
    found = NUMBERS.fullmatch(words)
    if found and (words != text or re.search(r"[.,;/°]", words)):  # two whole numbers alone are no coordinates
        a, b, c, *east = found.groups()
        return _spot([a, b, c], "", east, "")
    return None


def _spot(north: list[str], south: str, east: list[str], west: str) -> Spot | None:
    latitude = _degrees(north) * (-1 if south.upper() == "S" else 1)
    longitude = _degrees(east) * (-1 if west.upper() == "W" else 1)
    return Spot(latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # noqa: PLR2004 - the poles


def _degrees(parts: list[str]) -> float:
    whole, minutes, seconds = parts
    number = float(whole.replace("\u2212", "-"))
    part = float(minutes or 0) / 60 + float(seconds or 0) / 3600
    return number - part if whole.startswith(("-", "\u2212")) else number + part
