"""The known kinds of facts: what people say is read, checked, and kept in one form."""

from actions_config import names
from actions_config.kinds import hours, language, location, timezone, units, zones
from actions_config.kinds.places import Places
from actions_config.kinds.verdict import Good, Verdict, Wrong
from actions_config.values import shown

__all__ = ["Good", "Kinds", "Places", "Verdict", "Wrong", "told"]


class Kinds:
    """Reads values of the known kinds."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def read(self, name: str, words: str, locale: str | None) -> Verdict:
        """Check a value of a known kind. Raises KeyError for a name that is none."""
        if name == names.LOCATION:
            return await location.read(words, self._places, locale)
        if name == names.TIMEZONE:
            return await timezone.read(words, self._places, locale)
        if name == names.LANGUAGE:
            return language.read(words)
        if name == names.HOURS:
            return hours.read(words)
        if name == names.UNITS:
            unit = units.read(words)
            return Good(unit) if unit else Wrong("wrong.units" if words.strip() else "missing.units")
        raise KeyError(name)


def told(name: str, value: str) -> str:
    """Return a value of a known kind as people call it."""
    if name == names.LANGUAGE:
        return language.named(value)
    return (zones.distance(value) if name == names.TIMEZONE else None) or shown(value)
