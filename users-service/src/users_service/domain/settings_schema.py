"""The schema of a feature's settings: JSON Schema 2020-12, which its action wrote and nobody trusts."""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from pydantic_core import SchemaError as PatternError
from pydantic_core import SchemaValidator, core_schema, to_json

from jeeves_contracts.base import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BYTES, DEPTH, SETTINGS = 20_000, 10, 50  # of a schema, and how many settings it has
PATTERNS = 50  # of a schema: each may take 20 ms to be compiled
LARGEST = 2**63  # of a whole number that every database and language can hold
#: What leads out of a schema, or by which it could mean something else than it says.
ABROAD = ("$id", "$dynamicRef", "$dynamicAnchor", "$anchor", "$vocabulary", "patternProperties", "propertyNames")


def check_shape(schema: Json) -> None:
    """Raise ValueError with a sentence for a schema that no feature may have. An empty one means: no settings."""
    if not schema:
        return
    _check_size(schema)
    pairs = list(_pairs(schema))
    if sum(name == "pattern" for name, _ in pairs) > PATTERNS:
        raise ValueError(f"it has at most {PATTERNS} patterns")
    for name, value in pairs:
        _check_word(schema, name, value)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        place = ".".join(map(str, error.absolute_path))
        raise ValueError(f"it is no JSON Schema 2020-12{f', at {place}' if place else ''}") from None


def _check_size(schema: Json) -> None:
    if len(to_json(schema)) > BYTES or depth(schema) > DEPTH:
        raise ValueError(f"a schema has at most {BYTES} bytes, and {DEPTH} levels")
    if not is_bearable(schema):
        raise ValueError("its numbers can be written down, and whole ones are below 2^63")
    if schema.get("$schema", DIALECT) != DIALECT or schema.get("type") != "object":
        raise ValueError("it is a JSON Schema 2020-12 of an object")
    properties = schema.get("properties", {})
    if not isinstance(properties, dict) or len(properties) > SETTINGS or not all(map(_is_name, properties)):
        raise ValueError(f"its properties are at most {SETTINGS}, each with a name of letters, digits, - and _")


def _check_word(schema: Json, name: str, value: Any) -> None:
    if name in ABROAD:
        raise ValueError(f"it may not use {name}")
    if name == "$ref":
        _target(schema, value)
    if name == "pattern" and isinstance(value, str):
        compiled(value)


def shapes(schema: Json) -> dict[str, dict[str, Any]]:
    """Return what is said of each setting, references followed."""
    properties = schema.get("properties")
    known = properties.items() if isinstance(properties, dict) else ()
    return {name: followed(schema, shape) if isinstance(shape, dict) else {} for name, shape in known}


def followed(schema: Json, shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part of a schema with what it refers to."""
    if "$ref" not in shape:
        return dict(shape)
    return {**_target(schema, shape["$ref"]), **{name: value for name, value in shape.items() if name != "$ref"}}


def kinds(shape: Mapping[str, Any]) -> list[str]:
    """Return the kinds of value that a shape names."""
    kind = shape.get("type", ())
    return [kind] if isinstance(kind, str) else [one for one in kind if isinstance(one, str)]


def secrets(schema: Json) -> frozenset[str]:
    """Return the settings that are never told: `writeOnly`, or written as a password."""
    return frozenset(
        name for name, shape in shapes(schema).items() if shape.get("writeOnly") is True or shape.get("format") == "password"
    )


def missing(schema: Json, values: Json) -> list[str]:
    """Return the settings that have to be made and are not."""
    required = schema.get("required")
    return [name for name in required if isinstance(name, str) and name not in values] if isinstance(required, list) else []


@lru_cache(maxsize=256)
def compiled(pattern: str) -> SchemaValidator:
    """Return a pattern that is matched in time that grows with the text alone. Raises ValueError."""
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except PatternError:
        raise ValueError("a pattern in it cannot be read: no look-around, no back references") from None


def _target(schema: Json, ref: Any) -> dict[str, Any]:
    """Return what a reference inside the schema leads to. Raises ValueError.

    It leads no further: a few that lead to each other would be a schema of any size, or without an end.
    """
    found: Any = schema
    if not isinstance(ref, str) or not ref.startswith("#/"):
        raise ValueError("its references lead to a part of itself, such as #/$defs/unit")
    for part in ref.removeprefix("#/").split("/"):
        found = found.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise ValueError(f"the reference {ref[:100]} leads nowhere")  # noqa: TRY004 - as all that is wrong with a schema
    if any(name == "$ref" for name, _ in _pairs(found)):
        raise ValueError(f"the reference {ref[:100]} leads to another one")
    return found


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield name, one
            yield from _pairs(one)
    elif isinstance(value, list):
        for one in value:
            yield from _pairs(one)


def depth(value: Any) -> int:
    """Return how many levels a value has."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0)


def is_bearable(value: Any) -> bool:
    """Say whether everybody who reads a value can hold its numbers, and go down its levels."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    small = abs(value) < LARGEST if isinstance(value, int) else math.isfinite(value) if isinstance(value, float) else True
    return small and depth(value) <= DEPTH and all(map(is_bearable, inner))


def _is_name(name: str) -> bool:
    return 0 < len(name) <= 64 and name.isascii() and name.replace("-", "a").replace("_", "a").isalnum()  # noqa: PLR2004
