"""Ten turns of a conversation, and what must come of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from support.slack_events import direct, mention

Json = dict[str, Any]
ANA, BEN = "U0ANA", "U0BEN"


@dataclass(frozen=True)
class Turn:
    """What somebody does (`event`, or `press` on the newest post), where the answer shows, and the words it must hold."""

    who: str
    said: str
    where: str
    words: tuple[str, ...]
    event: Json | None = None
    press: str | None = None  # the words of a button
    never: tuple[str, ...] = ()
    threaded: bool = True


def aloud(who: str, said: str, *words: str, channel: str = "C0GENERAL", thread: str | None = None, **more: Any) -> Turn:
    """A mention in a channel, answered in a thread."""
    return Turn(who, said, channel, words, mention(said, user=who, channel=channel, thread=thread), **more)


def alone(who: str, said: str, *words: str, **more: Any) -> Turn:
    """A direct message, answered beside it."""
    return Turn(who, said, "D" + who[1:], words, direct(said, user=who), threaded=False, **more)


def turns(warmth: Callable[[float], float]) -> list[Turn]:
    """Return the conversation; `warmth` tells what the weather service reports at a latitude."""

    def degrees(latitude: float, *, imperial: bool = False) -> str:
        warm = warmth(latitude)
        return (f"{round(warm * 9 / 5 + 32)} °F" if imperial else f"{round(warm)} °C").replace("-", "−")

    return [
        aloud(ANA, "help", "weather", "config", "help"),
        aloud(ANA, "weather in London, UK", "London", "United Kingdom", degrees(51.5), never=("Ontario",)),
        alone(BEN, "weather", "my location is", never=("°C",)),
        alone(BEN, "I live in Reykjavik", "Reykjav", "not set →"),
        alone(BEN, "weather", "Reykjav", "Iceland", degrees(64.1, imperial=True)),  # he is American
        aloud(ANA, "weather in Zürich", "Zürich", "Switzerland", channel="C0TRAVEL", thread="1764000000.000100"),
        aloud(ANA, "weather in Springfield", "Springfield", "Missouri", "Illinois", channel="C0TRAVEL"),
        Turn(ANA, "(presses “Springfield, Illinois, United States”)", "C0TRAVEL", ("Illinois", "°C"), press="Illinois"),
        aloud(ANA, "wether in Paris", "weather", "help", never=("°C",)),
        alone(BEN, "forget my location", "Reykjav", "→ forgotten"),
    ]
