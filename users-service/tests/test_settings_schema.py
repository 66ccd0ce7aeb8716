"""Settings as they are typed mean what their schema says, or nothing (S5)."""

import contextlib
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.dice import SCHEMA
from users_service.domain.coercion import coerced
from users_service.domain.settings_schema import missing, secrets
from users_service.domain.settings_values import broken, check

UNIT = {"type": "string", "enum": ["metric", "imperial"]}
MADE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "unit": {"$ref": "#/$defs/unit"},
        "days": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
        "level": {"enum": [1, 2.5, True, "high"]},
        "hidden": {"type": "string", "format": "password"},
        "names": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    },
    "required": ["unit"],
    "$defs": {"unit": UNIT},
}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("sides", " 12 ", 12),
        ("loud", "ON", True),
        ("loud", "no", False),
        ("weight", "2", 2),
        ("weight", "-0.5", -0.5),
        ("colour", "Blue", "blue"),
        ("label", "a b", "a b"),
    ],
)
def test_a_text_is_read_by_the_kind_of_its_setting(name: str, text: str, value: Any) -> None:
    found = coerced(SCHEMA, name, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("unit", "IMPERIAL", "imperial"), ("days", "3", 3), ("level", "2.5", 2.5), ("level", "true", True), ("level", "1", 1)],
)
def test_references_and_choices_are_followed(name: str, text: str, value: Any) -> None:
    check(MADE)
    found = coerced(MADE, name, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("sides", "six", "it is a whole number"),
        ("sides", "１２", "it is a whole number"),
        ("sides", "9" * 400, "it is a whole number"),
        ("sides", "101", "it is at most 100"),
        ("weight", "nan", "it is a number"),
        ("weight", "1e999", "it is a number"),
        ("loud", "perhaps", "it is on or off"),
        ("nosuch", "1", "there is no such setting"),
    ],
)
def test_what_a_text_cannot_mean_is_told_in_a_sentence(name: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        coerced(SCHEMA, name, text)


def test_what_is_no_text_can_be_set_through_the_api_only() -> None:
    with pytest.raises(ValueError, match="through the API only"):
        coerced(MADE, "names", "a, b")
    assert broken(MADE, {"names": ["a", "b"]}) == {}
    assert broken(MADE, {"names": ["a", 2]}) == {"names": "at [1]: it is a text"}


@given(st.sampled_from(sorted(SCHEMA["properties"])), st.text(max_size=60))
def test_whatever_is_typed_becomes_a_value_that_the_schema_allows_or_is_refused(name: str, text: str) -> None:
    with contextlib.suppress(ValueError):
        assert broken(SCHEMA, {name: coerced(SCHEMA, name, text)}) == {}


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_whole_numbers_come_through_as_they_are(number: int) -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"n": {"type": "integer"}}}
    assert coerced(schema, "n", str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_through_as_they_are(number: float) -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"n": {"type": "number"}}}
    assert coerced(schema, "n", str(number)) == number


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=9))
def test_no_value_breaks_the_check_of_values(value: Any) -> None:
    assert isinstance(broken(SCHEMA, dict.fromkeys(SCHEMA["properties"], value)), dict)


SCHEMAS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda one: (
        st.lists(one, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "properties", "$ref", "items", "enum", "pattern", "anyOf", "default", "required", "a"]),
            one,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(SCHEMAS, SCHEMAS)
def test_a_schema_is_good_or_refused_whatever_it_is(properties: Any, more: Any) -> None:
    schema: dict[str, Any] = {"type": "object", "properties": properties, "$defs": more}
    with contextlib.suppress(ValueError):
        check(schema)
        assert isinstance(broken(schema, {"a": "x"}), dict)


def test_a_pattern_cannot_take_for_ever() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}}
    check(schema)
    assert broken(schema, {"a": "a" * 10_000 + "b"}) == {"a": "it looks like ^(a+)+$"}


def test_secrets_and_what_is_missing_are_known() -> None:
    assert (set(secrets(SCHEMA)), set(secrets(MADE))) == ({"key"}, {"hidden"})
    assert (missing(MADE, {}), missing(MADE, {"unit": "metric"})) == (["unit"], [])


HOSTILE: dict[str, dict[str, Any]] = {  # all of them in a few kilobytes
    "references": {
        "$defs": {"u": {"allOf": [{"minimum": 0}] * 250}},
        "properties": {"a": {"type": "array", "items": {"allOf": [{"$ref": "#/$defs/u"}] * 250}}},
    },
    "choices": {"properties": {"a": {"type": "array", "items": {"enum": [str(n) for n in range(1500)]}}}},
    "comparisons": {"properties": {"a": {"type": "array", "uniqueItems": True}}},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_schema_that_asks_for_millions_of_steps_is_not_followed(name: str) -> None:
    schema: dict[str, Any] = {"type": "object", **HOSTILE[name]}
    check(schema)
    values = [n if n % 2 else str(n) for n in range(2000)]
    assert broken(schema, {"a": values}) == {"a": "what its schema asks for takes too long to check"}
    assert broken(schema, {"a": []}) == {}


def test_a_text_is_not_read_by_more_shapes_than_a_schema_can_mean() -> None:
    shapes = {"anyOf": [{"type": "string", "maxLength": 0}] * 200}
    schema: dict[str, Any] = {
        "type": "object",
        "$defs": {"u": shapes},
        "properties": {"a": {"anyOf": [*[{"$ref": "#/$defs/u"}] * 50, {"const": "last"}]}},
    }
    check(schema)
    began = time.thread_time()
    with pytest.raises(ValueError, match="its schema"):
        coerced(schema, "a", "x")
    assert time.thread_time() - began < 5  # a hundred thousand readings, each of ten thousand steps


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2**63, -(10**400)])
def test_a_schema_with_a_number_that_not_everybody_can_hold_is_refused(number: float) -> None:
    for shape in ({"type": "number", "minimum": number}, {"enum": [1, number]}, {"type": "string", "maxLength": number}):
        with pytest.raises(ValueError, match="its numbers"):
            check({"type": "object", "properties": {"a": shape}})


def test_a_schema_has_no_more_patterns_than_can_be_compiled_at_once() -> None:
    many = [{"pattern": "a" * n} for n in range(51)]
    check({"type": "object", "properties": {"a": {"allOf": many[1:]}}})
    with pytest.raises(ValueError, match="at most 50 patterns"):
        check({"type": "object", "properties": {"a": {"allOf": many}}})


def test_of_many_choices_a_sentence_tells_a_few() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"a": {"enum": [str(n) for n in range(1500)]}}}
    with pytest.raises(ValueError, match="it is one of: 0, 1, 2") as told:
        coerced(schema, "a", "x")
    assert len(str(told.value)) < 250
