"""Settings as people type them: read by what their schema says, and never guessed."""

import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pydantic import JsonValue

from jeeves_contracts.base import Json
from users_service.domain.settings_schema import DEPTH, LARGEST, followed, kinds, shapes
from users_service.domain.settings_values import Work, broken, in_words

YES, NO = ("on", "yes", "true"), ("off", "no", "false")
DIGITS = 19  # of a number that is typed
LISTED = 200  # characters of the values that there are
CHOICES = 100  # of shapes in one that are looked at


def coerced(schema: Json, name: str, text: str) -> JsonValue:
    """Return the value that a text means for a setting.

    Raises ValueError with a sentence where it is no setting, or the text none of its values.
    """
    shape = shapes(schema).get(name)
    if shape is None:
        raise ValueError("there is no such setting")
    said, first, work = text.strip(), "", Work()
    for one in _looked_at(schema, shape):
        for value in _readings(one, said):
            wrong = broken(schema, {name: value}, work).get(name)
            if wrong is None:
                return value
            first = first or wrong
    raise ValueError(first or _wanted(schema, shape))


def _alternatives(schema: Json, shape: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    """Return the shape, and those that it chooses from."""
    yield shape
    for key in ("anyOf", "oneOf", "allOf"):
        for one in shape.get(key, ()) if depth else ():
            if isinstance(one, dict):
                yield from _alternatives(schema, followed(schema, one), depth - 1)


def _looked_at(schema: Json, shape: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return islice(_alternatives(schema, shape, DEPTH), CHOICES)


def _readings(shape: Mapping[str, Any], said: str) -> Iterator[JsonValue]:
    """Return what a text may mean, the likeliest first."""
    for value in [*shape.get("enum", ()), *([shape["const"]] if "const" in shape else [])]:
        if written(value).casefold() == said.casefold():
            yield value
    named = set(kinds(shape))
    if "boolean" in named and said.casefold() in YES + NO:
        yield said.casefold() in YES
    if named & {"integer", "number"} and (whole := _whole(said)) is not None:
        yield whole
    if "number" in named and (number := _number(said)) is not None:
        yield number
    if "string" in named:
        yield said


def _whole(said: str) -> int | None:
    digits = said.removeprefix("-")
    if len(digits) > DIGITS or not digits.isascii() or not digits.isdecimal():
        return None
    value = int(said)
    return value if abs(value) < LARGEST else None


def _number(said: str) -> float | None:
    if len(said) > 2 * DIGITS or not said.isascii() or "_" in said:
        return None
    try:
        value = float(said)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def written(value: Any) -> str:
    """Return one of a setting's choices as it is typed."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _wanted(schema: Json, shape: Mapping[str, Any]) -> str:
    named: dict[str, None] = {}
    for one in _looked_at(schema, shape):
        if "enum" in one:
            return "it is one of: " + ", ".join(map(written, one["enum"]))[:LISTED]
        named |= dict.fromkeys(kind for kind in kinds(one) if kind not in ("array", "object"))
    plain = in_words(named)
    return f"it is {plain}" if plain else "it can be changed through the API only"
