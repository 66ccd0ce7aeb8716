"""How features are shown, switched, shared and set in chat. Pure: who may is decided by users-service.

`features`, `features weather`, `features off weather until Monday 8:00`, `turn weather on`, `features share weather 10%`,
`config weather units imperial`.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from jeeves_contracts import grammar
from jeeves_contracts.base import Json
from jeeves_contracts.registry import Feature
from jeeves_dispatcher.courtesy import heard
from jeeves_dispatcher.keeping import Tell

MOST = 14  # words of a message that is one of these, but for a setting's value
HEADS = frozenset({"features", "feature"})
WHILE = frozenset({"until", "till", "til", "for"})
States = Literal["on", "off"]


@dataclass(frozen=True)
class Switch:
    """Switch a feature on or off; `until` is what was said of its end, in words."""

    name: str
    enabled: bool
    until: str = ""


@dataclass(frozen=True)
class Share:
    """Give a feature to a share of people, in words: `10%`."""

    name: str
    share: str


@dataclass(frozen=True)
class Configure:
    """Set a feature's setting to what was typed, or back to its default where that is what was said."""

    name: str
    setting: str
    value: str


Switching = Tell | Switch | Share | Configure


@dataclass(frozen=True)
class _Said:
    """A text, its words as they are compared, and where each begins."""

    text: str
    words: list[str]
    starts: list[int]

    @classmethod
    def of(cls, text: str, most: int) -> "_Said":
        places = [(heard(text[start:end]), start) for start, end in islice(grammar.spans(text), most + 1)]
        told = [one for at, one in enumerate(places) if not (at in (1, 2) and one[0] == "the")]  # turn the weather off
        return cls(text, [word for word, _ in told], [start for _, start in told])

    def rest(self, at: int) -> str:
        """Return the text from the word of this number on, as it was typed."""
        return self.text[self.starts[at] :].strip() if at < len(self.starts) else ""


def switching_of(text: str, features: Container[str]) -> Switching | None:
    """Return what is asked about features, where a message is nothing else."""
    said = _Said.of(text, MOST)
    if not 0 < len(said.words) <= MOST:
        return None
    head, *rest = said.words
    if head in HEADS:
        return _after_features(said, rest, features)
    if head in ("enable", "disable") and len(rest) == 1 and rest[0] in features:
        return Switch(rest[0], head == "enable")
    if head in ("turn", "switch") and (found := _switch(said, 1)) and found.name in features:
        return found if not found.until or heard(found.until.split()[0]) in WHILE else None
    return None


def setting_of(text: str, features: Mapping[str, Feature]) -> Switching | None:
    """Return what `config NAME …` asks, where NAME is a feature's and what follows is nothing, or one of its settings."""
    said = _Said.of(text, MOST)
    if len(said.words) < 2 or said.words[0] != "config" or said.words[1] not in features:  # noqa: PLR2004
        return None
    name = said.words[1]
    if len(said.words) == 2:  # noqa: PLR2004
        return Tell("features", name)
    known = {_plain(setting): setting for setting in _shapes(features[name])}
    for end in range(len(said.words), 2, -1):
        if setting := known.get(_plain("_".join(said.words[2:end]))):
            value = grammar.unquoted(said.rest(end))
            return Configure(name, setting, value) if value else Tell("features", name)
    return None


def shape_of(feature: Feature, setting: str) -> Json:
    """Return what a feature's schema says of a setting."""
    shape = _shapes(feature).get(setting)
    return shape if isinstance(shape, dict) else {}


def _after_features(said: _Said, rest: list[str], features: Container[str]) -> Switching | None:
    if not rest:
        return Tell("features") if said.words[0] == "features" else None
    if found := _share(said) or _switch(said, 1):
        return found
    if len(rest) == 1 and (said.words[0] == "features" or rest[0] in features):
        return Tell("features", rest[0])
    return None


def _switch(said: _Said, at: int) -> Switch | None:
    """Read `on weather`, `weather on`, with what follows."""
    for name, state in _pairs(said.words[at : at + 2]):
        if state in ("on", "off") and name not in ("on", "off"):
            return Switch(name, state == "on", said.rest(at + 2))
    return None


def _share(said: _Said) -> Share | None:
    for name, word in _pairs(said.words[1:3]):
        if word == "share" and name != "share":
            return Share(name, said.rest(3))
    return None


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    if len(words) == 2:  # noqa: PLR2004
        yield words[1], words[0]
        yield words[0], words[1]


def _shapes(feature: Feature) -> Json:
    properties = feature.manifest.settings_schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _plain(setting: str) -> str:
    return heard(setting).replace("-", "_").replace(" ", "_")
