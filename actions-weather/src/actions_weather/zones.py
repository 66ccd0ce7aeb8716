"""Time zones by their names, which come from outside."""

from datetime import datetime
from zoneinfo import ZoneInfo


def zone_of(name: str | None) -> ZoneInfo | None:
    """Return a time zone of this machine by its IANA name, None where it knows none of that name."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def shows_same_time(name: str | None, other: str | None, at: datetime) -> bool:
    """Tell whether the clocks of two zones show the same at an instant; not where one of them is unknown."""
    one, two = zone_of(name), zone_of(other)
    return one is not None and two is not None and at.astimezone(one).utcoffset() == at.astimezone(two).utcoffset()


def shows_other_day(name: str | None, other: str | None, at: datetime) -> bool:
    """Tell whether it is another day in one zone than in another at an instant; not where one of them is unknown."""
    one, two = zone_of(name), zone_of(other)
    return one is not None and two is not None and at.astimezone(one).date() != at.astimezone(two).date()
