"""Instants as people tell them: `18:00`, `tomorrow 08:00`, `Monday 08:00`, `14 December 08:00`."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jeeves_dispatcher.words import words

WEEK = 7  # days within which a weekday tells which


def moment(at: datetime, now: datetime, timezone: str | None, locale: str | None = None) -> str:
    """Return an instant in a person's time zone; in UTC, which is then said, where that is not known."""
    zone = zone_of(timezone)
    there, today = at.astimezone(zone or UTC), now.astimezone(zone or UTC).date()
    time = f"{there:%H:%M}" if zone else f"{there:%H:%M} UTC"
    days = (there.date() - today).days
    if days == 0:
        return time
    if days == 1:
        return words("moment.tomorrow", locale, time=time)
    if 1 < days < WEEK:
        return words("moment.day", locale, day=f"{there:%A}", time=time)
    year = "" if there.year == today.year else f" {there.year}"
    return words("moment.day", locale, day=f"{there.day} {there:%B}{year}", time=time)


def zone_of(timezone: str | None) -> tzinfo | None:
    """Return the zone of a name, where there is such a one."""
    try:
        return ZoneInfo(timezone) if timezone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
