"""Time zones by what people call them: IANA names, cities that name one, abbreviations, distances from UTC."""

import re
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

#: Abbreviations and other names. Where several zones have one, that of most people.
CALLED = {
    "utc": "UTC", "gmt": "UTC", "z": "UTC", "zulu": "UTC", "universal": "UTC", "greenwich mean": "UTC", "greenwich": "UTC",
    "cet": "CET", "cest": "CET", "mez": "CET", "mesz": "CET", "central european": "CET", "central european summer": "CET",
    "eet": "EET", "eest": "EET", "eastern european": "EET", "wet": "WET", "west": "WET", "western european": "WET",
    "bst": "Europe/London", "british": "Europe/London", "british summer": "Europe/London", "uk": "Europe/London",
    "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York", "eastern": "America/New_York",
    "cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago", "central": "America/Chicago",
    "mst": "America/Denver", "mdt": "America/Denver", "mt": "America/Denver", "mountain": "America/Denver",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles", "pacific": "America/Los_Angeles",
    "akst": "America/Anchorage", "akdt": "America/Anchorage", "alaska": "America/Anchorage", "hst": "Pacific/Honolulu",
    "hawaii": "Pacific/Honolulu", "ist": "Asia/Kolkata", "india": "Asia/Kolkata", "indian": "Asia/Kolkata", "jst": "Asia/Tokyo",
    "japan": "Asia/Tokyo", "kst": "Asia/Seoul", "korea": "Asia/Seoul", "hkt": "Asia/Hong_Kong", "sgt": "Asia/Singapore",
    "china": "Asia/Shanghai", "msk": "Europe/Moscow", "moscow": "Europe/Moscow", "aest": "Australia/Sydney",
    "aedt": "Australia/Sydney", "acst": "Australia/Adelaide", "awst": "Australia/Perth", "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland", "brt": "America/Sao_Paulo", "art": "America/Argentina/Buenos_Aires",
    "sast": "Africa/Johannesburg",
}  # fmt: skip
AROUND = re.compile(
    r"^(?:in|on|the|at|iana) |['\u2019]s$|,$"
    r"|[ ,](?:standard time|daylight time|summer time|standard|daylight|time ?zone|time|zone|please)$"
)
OFFSET = re.compile(r"(?:utc|gmt)?\s*([-+\u2212\u2013])\s*(\d{1,2})(?::?(\d{2}))?(?:\s*h(?:ours?)?)?")
#: Distances from UTC that are no whole hours, in minutes, of zones that have no summer time.
ODD = {210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Kolkata", 345: "Asia/Kathmandu", 390: "Asia/Yangon",
       570: "Australia/Darwin"}  # fmt: skip
FARTHEST = {"+": 14, "-": 12}  # hours
NEAR = 3


def called(words: str) -> str | None:
    """Return the zone that folded words name; None where they name none, or a place that is in no zone's name."""
    plain = _plain(words)
    return CALLED.get(plain) or _zones().get(plain) or _cities().get(plain)


def stripped(words: str) -> str:
    """Return folded words without those around a zone's name: `berlin time` is `berlin`."""
    plain = words
    while (less := AROUND.sub("", plain).strip()) != plain and less:
        plain = less
    return plain


def at_offset(words: str) -> str | None:
    """Return the zone of a fixed distance from UTC: the signs of `Etc/GMT-2` are the other way round. Empty for none such."""
    found = OFFSET.fullmatch(words)
    if found is None:
        return None
    sign, hours, minutes = "+" if found[1] == "+" else "-", int(found[2]), int(found[3] or 0)
    if minutes:
        return ODD.get(hours * 60 + minutes, "") if sign == "+" else ""
    if hours == 0:
        return "UTC"
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours <= FARTHEST[sign] else ""


def distance(zone: str) -> str | None:
    """Return how people write a zone of fixed distance, None for the others."""
    if not zone.startswith(("Etc/GMT+", "Etc/GMT-")):
        return None
    return f"UTC{'-' if zone[7] == '+' else '+'}{zone[8:]}"


def near(words: str) -> tuple[str, ...]:
    """Return zones of a city with a name like these words."""
    cities = _cities()
    return tuple(cities[name] for name in get_close_matches(_plain(words).rpartition("/")[2], cities, n=NEAR, cutoff=0.75))


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ")


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {_plain(name): name for name in sorted(available_timezones()) if "/" in name}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    regions = ("US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "Arctic/", "Etc/")  # which have no cities, or others' too
    return {_plain(zone.rpartition("/")[2]): zone for zone in reversed(_zones().values()) if not zone.startswith(regions)}
