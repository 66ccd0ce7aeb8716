"""A whole answer: what is told, what is to be noted about it, and what else may have been meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions_weather.reading.heard import hear
from actions_weather.telling.days import clock, weekday
from actions_weather.telling.story import Story
from actions_weather.words import WORDS
from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, ContextBlock, TextBlock
from jeeves_geocoding import Asked, Found, Missed, Place

SHORT = 75  # characters of a button that platforms show
REPEATED = 100  # characters of a person's words that are repeated
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Command:
    """What a button says for a place: the command's word, and the time and units that were asked for."""

    word: str
    rest: str = ""

    def of(self, place: str) -> str:
        """Return the command for a place, in quotes where its name would be taken apart."""
        said = hear(f"in {place} {self.rest}")
        exact = said.place is not None and said.place.words == place
        return f"{self.word} {place if exact else _quoted(place)} {self.rest}".strip()

    def buttons(self, places: Sequence[Place]) -> ButtonsBlock:
        """Return a button for each place."""
        return ButtonsBlock(buttons=[Choice(label=p.label[:SHORT], command=self.of(p.label)) for p in places])


def report(story: Story, notes: Sequence[str], found: Found, command: Command, locale: str | None) -> Reply:
    """Put an answer together. The text says all of it; in the blocks, notes and source are small."""
    notes = [note for note in (story.moved, *notes) if note]
    blocks: list[Block] = [TextBlock(text=story.headline), *story.blocks]
    if namesakes := others(found, locale):
        blocks += [TextBlock(text=others(found, locale, pick=True)), command.buttons(found.others)]
    blocks.append(ContextBlock(text=" ".join([*notes, WORDS.text("attribution", locale)])))
    between = "\n" if "\n" in story.text else " "
    return Reply(text=between.join(filter(None, [story.text, *notes, namesakes])), blocks=blocks)


def unknown(asked: Asked, missed: Missed, command: Command, locale: str | None, *, stored: bool) -> Reply:
    """Say that a place is not known, and which it may be instead."""
    place, near = shown(asked.words), "; ".join(place.label for place in missed.near)
    if missed.near:
        key = "unknown.near" if asked.qualifiers else "unknown.alike"
        text = WORDS.text(key, locale, place=place, places=near)
        asking = WORDS.text("unknown.pick", locale, place=place)
        return Reply(text=text, blocks=[TextBlock(text=asking), command.buttons(missed.near)])
    return Reply(text=WORDS.text("unknown.stored" if stored else "unknown", locale, place=place))


def one_of(places: Sequence[Place], command: Command, locale: str | None) -> Reply:
    """Ask which of several places is meant, for the weather is told of one at a time."""
    text = WORDS.text("several", locale, places="; ".join(place.label for place in places))
    return Reply(text=text, blocks=[TextBlock(text=WORDS.text("several.pick", locale)), command.buttons(places)])


def others(found: Found, locale: str | None, *, pick: bool = False) -> str:
    """Name the places that may have been meant instead; empty where there are none. `pick`: buttons below name them."""
    if not found.others:
        return ""
    key = "others" if all(other.name == found.best.name for other in found.others) else "others.elsewhere"
    return WORDS.text(f"{key}.pick" if pick else key, locale, places="; ".join(place.label for place in found.others))


def local_time(now: datetime, zone: str, locale: str | None) -> str:
    """Say what time it is in the place."""
    return WORDS.text("zone", locale, weekday=weekday(now.weekday(), locale), time=clock(now, locale), zone=zone)


def age(seconds: float, locale: str | None) -> str:
    """Say how old an answer is."""
    unit, count = ("hour", round(seconds / HOUR)) if seconds >= 1.5 * HOUR else ("minute", round(seconds / MINUTE))
    told = WORDS.text(unit, locale) if count <= 1 else WORDS.text(f"{unit}s", locale, count=count)
    return WORDS.text("stale", locale, age=told)


def shown(words: str) -> str:
    """Return a person's words as they may be repeated: on one line, without what controls or marks up a text."""
    plain = "".join(" " if c.isspace() else c for c in words if c.isprintable() or c.isspace())
    return " ".join(plain.replace("`", "'").split())[:REPEATED]


def _quoted(place: str) -> str:
    return '"' + place.replace('"', "") + '"'
