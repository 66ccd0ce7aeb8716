"""What an answer asks to be reminded of, so that `and tomorrow?` needs no place. It comes from outside: nothing is believed."""

from dataclasses import dataclass, field

from pydantic import JsonValue

from actions_weather.reading.heard import hear
from actions_weather.reading.question import About, about_of
from actions_weather.reading.units import System, known
from actions_weather.reading.when import When
from actions_weather.reading.wording import words_for
from jeeves_contracts.base import Json

LONGEST, OTHERS = 200, 3  # characters of a place's label, places


@dataclass(frozen=True)
class Memo:
    """A place and its namesakes by their labels, a time, units that were asked for, a question's subject."""

    place: str | None = None
    others: tuple[str, ...] = ()
    when: When = field(default_factory=When)
    units: System | None = None
    about: About | None = None

    def to_json(self) -> Json:
        """Return it as it travels, without what it does not have."""
        values: Json = {
            "place": self.place,
            "others": list(self.others),
            "when": words_for(self.when),
            "units": self.units,
            "about": self.about,
        }
        return {name: value for name, value in values.items() if value}


def memo_of(value: Json) -> Memo:
    """Read what came back; whatever does not fit is not there."""
    others = value.get("others")
    when = _label(value.get("when"))
    said = hear(when) if when else None
    return Memo(
        place=_label(value.get("place")),
        others=tuple(filter(None, map(_label, others[:OTHERS]))) if isinstance(others, list) else (),
        when=said.when if said and not said.place else When(),
        units=known(value.get("units")),
        about=about_of(value.get("about")),
    )


def _label(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and len(value.strip()) > 0 and len(value) <= LONGEST else None
