"""The values of settings against their schema: told in sentences that never repeat a value, for it may be a secret."""

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from pydantic_core import to_json

from jeeves_contracts.base import Json
from users_service.domain.facts import is_plain
from users_service.domain.settings_schema import check_shape, compiled, is_bearable, shapes

VALUES = 16_000  # bytes of all settings together
STEPS = 20_000  # of a check, about a tenth of a second: a schema of a few lines can ask for millions
SENTENCES = {
    "enum": "it is one of: {value}",
    "const": "it is {value}",
    "minimum": "it is at least {value}",
    "maximum": "it is at most {value}",
    "exclusiveMinimum": "it is more than {value}",
    "exclusiveMaximum": "it is less than {value}",
    "multipleOf": "it is a multiple of {value}",
    "minLength": "it has at least {value} characters",
    "maxLength": "it has at most {value} characters",
    "minItems": "it has at least {value} entries",
    "maxItems": "it has at most {value} entries",
    "uniqueItems": "no entry is there twice",
    "pattern": "it looks like {value}",
    "format": "it is written as a {value}",
    "type": "it is {value}",
}
KINDS = {
    "boolean": "on or off",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "array": "a list",
    "object": "a group of values",
}


def check(schema: Json) -> None:
    """Raise ValueError with a sentence for a schema that no feature may have, also one that its own defaults break."""
    check_shape(schema)
    defaults = {name: shape["default"] for name, shape in shapes(schema).items() if "default" in shape}
    for name, words in broken(schema, defaults).items():
        raise ValueError(f"its own default of {name} breaks it: {words}")


def in_words(named: Iterable[str]) -> str:
    """Return kinds of values as people say them; nothing for those that they do not type."""
    return " or ".join(KINDS[kind] for kind in named if kind in KINDS)


class Work:
    """What the checks of one question may take, in steps."""

    def __init__(self) -> None:
        self._left = STEPS

    def take(self, steps: int) -> None:
        """Raise TooMuchError when all of it is used."""
        self._left -= steps
        if self._left < 0:
            raise TooMuchError


class TooMuchError(Exception):
    """A schema asks for more steps than a check may take."""


_work: ContextVar[Work] = ContextVar("work")


def broken(schema: Json, values: Json, work: Work | None = None) -> dict[str, str]:
    """Return a sentence for each setting that breaks the schema: by its name, `` for all of them together.

    One that is missing breaks nothing: settings are made one after the other. `work` is what is left for it.
    """
    known = shapes(schema)
    wrong = {name: "there is no such setting" for name in values if name not in known}
    if len(to_json(values)) > VALUES or not is_plain(values):
        return {"": f"settings have at most {VALUES} bytes, and only numbers that can be written down"}
    wrong |= {name: "it is too deep, or too large a number" for name, one in values.items() if not is_bearable(one)}
    if wrong:
        return wrong
    validator = _validator()(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    _work.set(work or Work())
    try:
        found = sorted(validator.iter_errors(values), key=lambda error: [str(part) for part in error.absolute_path])
    except TooMuchError:
        return dict.fromkeys(values, "what its schema asks for takes too long to check")
    for error in found:
        if error.absolute_path or error.validator not in ("required", "additionalProperties", "unevaluatedProperties"):
            wrong.setdefault(str(error.absolute_path[0]) if error.absolute_path else "", _sentence(error))
    return wrong


def _sentence(error: ValidationError) -> str:
    value: Any = error.validator_value
    if error.validator == "type":
        value = in_words([value] if isinstance(value, str) else value)
    if isinstance(value, list):
        value = ", ".join("true" if one is True else "false" if one is False else str(one) for one in value)
    place = "".join(f"[{part}]" for part in list(error.absolute_path)[1:])
    words = SENTENCES.get(str(error.validator), "it breaks the rule `{rule}` of its schema")
    return (f"at {place}: " if place else "") + words.format(value=str(value)[:200], rule=error.validator)


@lru_cache(maxsize=1)
def _validator() -> Any:
    """JSON Schema whose checks are counted, and whose patterns are matched in time that grows with the text alone."""
    every = {**Draft202012Validator.VALIDATORS, "pattern": _pattern}
    return extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {name: _counted(name, check) for name, check in every.items()}
    )


def _counted(name: str, check: Callable[..., Iterable[ValidationError] | None]) -> Callable[..., Iterator[ValidationError]]:
    def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        _work.get().take(_steps(name, value, instance))
        yield from check(validator, value, instance, schema) or ()

    return counted


def _steps(name: str, value: Any, instance: Any) -> int:
    """Return how much there is to compare, as far as a keyword does so by itself."""
    if name == "uniqueItems" and isinstance(instance, list):
        return 1 + len(instance) ** 2 // 64
    return 1 + len(value) if name == "enum" and isinstance(value, list) else 1


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not compiled(pattern).isinstance_python(instance):
        yield ValidationError("no match", validator="pattern", validator_value=pattern)
