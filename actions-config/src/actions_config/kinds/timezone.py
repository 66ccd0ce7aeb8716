"""Time zones: kept as an IANA name, whatever people call it; a city's where its name is no zone's."""

from actions_config.kinds import zones
from actions_config.kinds.places import Away, Places
from actions_config.kinds.verdict import Good, Verdict, Wrong
from actions_config.values import meant, shown
from jeeves_geocoding import Missed, parse

LONGEST = 100  # characters


async def read(words: str, places: Places, locale: str | None) -> Verdict:
    """Check a time zone."""
    value = " ".join(meant(words).rstrip("!").split())
    said = zones.stripped(value.casefold())
    wrong = Wrong("wrong.timezone", shown(value, LONGEST))
    if not said:
        return Wrong("missing.timezone")
    if len(said) > LONGEST:
        return wrong
    if zone := zones.called(said):
        return Good(zone)
    if (fixed := zones.at_offset(said)) is not None:
        return Good(fixed, remark="remark.fixed") if fixed else Wrong("offset.timezone", shown(value, LONGEST))
    asked = None if "/" in said else parse(said)
    if asked is None:
        return Wrong(wrong.key, wrong.words, zones.near(said))
    try:
        found = await places.find(asked, locale)
    except Away:
        return Wrong("away.timezone", wrong.words)
    if isinstance(found, Missed) or found.best.timezone is None:
        return Wrong(wrong.key, wrong.words, zones.near(said))
    zone = found.best.timezone
    others = tuple(place.label for place in found.others if place.timezone not in (None, zone))
    return Good(zone, remark="remark.others" if others else "", others=others)
