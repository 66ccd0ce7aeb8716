"""How weather is told: one text that stands alone, and blocks that say the same and offer the namesakes."""

from collections.abc import Callable

from actions_weather.cache import Kept
from actions_weather.domain import Found, Missed, Weather, label, rounded
from actions_weather.place import LONGEST, Asked
from actions_weather.words import SNOW, WORDS
from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, FieldsBlock, LabelledValue, TextBlock

SHORT = 75  # characters of a button that platforms show
MINUTE, HOUR = 60, 3600


def report(found: Found, kept: Kept[Weather], locale: str | None) -> Reply:
    """Tell the weather of a place."""
    weather, place = kept.value, label(found.best)[: 3 * LONGEST]
    headline = _now(place, weather, locale)
    notes = []
    if kept.age is not None:
        notes.append(WORDS.text("stale", locale, age=_age(kept.age, locale)))
    if found.others:
        notes.append(WORDS.text("others", locale, places="; ".join(map(label, found.others))))
    blocks: list[Block] = [TextBlock(text=headline)]
    if fields := _fields(weather, locale):
        blocks.append(FieldsBlock(fields=fields))
    blocks += [TextBlock(text=note) for note in notes]
    if found.others:
        buttons = [Choice(label=label(p)[:SHORT], command=f"weather in {label(p)}") for p in found.others]
        blocks.append(ButtonsBlock(buttons=buttons))
    blocks.append(TextBlock(text=WORDS.text("attribution", locale)))
    return Reply(text=" ".join(part for part in (headline, _today(weather, locale), *notes) if part), blocks=blocks)


def unknown(asked: Asked, missed: Missed, locale: str | None, *, stored: bool) -> str:
    """Say that a place is not known, and which of that name are."""
    place = shown(asked.words)
    if missed.near and asked.qualifiers:
        return WORDS.text("unknown.near", locale, place=place, places="; ".join(map(label, missed.near)))
    return WORDS.text("unknown.stored" if stored else "unknown", locale, place=place)


def shown(words: str) -> str:
    """Return a person's words as they may be repeated: on one line, without what controls or marks up a text."""
    plain = "".join(" " if c.isspace() else c for c in words if c.isprintable() or c.isspace())
    return " ".join(plain.replace("`", "'").split())[:LONGEST]


def _now(place: str, weather: Weather, locale: str | None) -> str:
    if weather.now is None:
        return WORDS.text("place", locale, place=place)
    now = {"place": place, "now": rounded(weather.now), "degree": weather.degree}
    sky = _sky(weather.code, locale)
    return WORDS.text("now", locale, sky=sky, **now) if sky else WORDS.text("now.plain", locale, **now)


def _sky(code: int | None, locale: str | None) -> str:
    try:
        return WORDS.text(f"sky.{code}", locale)
    except KeyError:  # a code that the table does not have
        return ""


def _range(weather: Weather, locale: str | None) -> str:
    if weather.low is None or weather.high is None:
        return ""
    low, high = rounded(weather.low), rounded(weather.high)
    return WORDS.text("today.range", locale, low=low, high=high, degree=weather.degree)


def _today(weather: Weather, locale: str | None) -> str:
    parts = [_sky(weather.day_code, locale)] if weather.now is None else []
    parts.append(_range(weather, locale))
    if weather.rain is not None:
        parts.append(WORDS.text(f"today.{_wet(weather)}", locale, rain=rounded(weather.rain)))
    if weather.wind is not None:
        parts.append(WORDS.text("today.wind", locale, wind=rounded(weather.wind), speed=weather.speed))
    told = ", ".join(filter(None, parts))
    return WORDS.text("today", locale, parts=told) if told else ""


def _wet(weather: Weather) -> str:
    return "snow" if weather.day_code in SNOW else "rain"


def _fields(weather: Weather, locale: str | None) -> list[LabelledValue]:
    def number(value: float | None, unit: str) -> str:
        return "" if value is None else f"{rounded(value)} {unit}"

    values = {
        "feels": number(weather.feels, weather.degree),
        "today": _range(weather, locale),
        _wet(weather): number(weather.rain, "%"),
        "wind": number(weather.wind, weather.speed),
    }
    named: Callable[[str], str] = lambda name: WORDS.text(f"field.{name}", locale)  # noqa: E731
    return [LabelledValue(label=named(name), value=value) for name, value in values.items() if value]


def _age(seconds: float, locale: str | None) -> str:
    unit, count = ("hour", round(seconds / HOUR)) if seconds >= 1.5 * HOUR else ("minute", round(seconds / MINUTE))
    return WORDS.text(unit, locale) if count <= 1 else WORDS.text(f"{unit}s", locale, count=count)
