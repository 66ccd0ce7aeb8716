"""Which blocks Slack takes, by its documented limits and those that people met."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_sandbox import blocks
from jeeves_sandbox.errors import SlackError

RECORDED = Path(__file__).parents[3] / "slack-ingest/tests/payloads/rich_text"
Json = dict[str, Any]


def plain(words: str = "x") -> Json:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str = "x") -> Json:
    return {"type": "mrkdwn", "text": words}


def section(**parts: Any) -> Json:
    return {"type": "section", **parts}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(**parts: Any) -> Json:
    return {"type": "button", "text": plain(), "action_id": "a", **parts}


def menu(kind: str, options: int, **parts: Any) -> Json:
    choices = [{"text": plain(f"{n}"), "value": f"{n}"} for n in range(options)]
    return {"type": kind, "action_id": "m", "options": choices, **parts}


def table(*rows: list[str], **parts: Any) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows], **parts}


def refused(value: object) -> SlackError:
    with pytest.raises(SlackError) as error:
        blocks.check(value)
    return error.value


TAKEN: list[list[Json]] = [
    [],
    [section(text=mrkdwn("x" * 3000))],
    [section(fields=[plain("x" * 1000)] * 10)],
    [section(text=plain(), accessory=menu("overflow", 5))],
    [section(text=plain(), accessory=menu("static_select", 100, placeholder=plain("Choose…")))],
    [actions(*[button(action_id=f"{n}", value="x" * 500) for n in range(25)])],
    [actions(button(style="danger", url="https://example.org"), menu("overflow", 1))],
    [{"type": "context", "elements": [mrkdwn(), {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "x"}]}],
    [{"type": "image", "image_url": "https://example.org/x.png", "alt_text": "x", "title": plain()}],
    [table(["Day", "Low"], [" ", "−1 °C"], column_settings=[None, {"align": "right"}])],
    [table(*[["x"] * 20] * 100)],
    [{"type": "header", "text": plain("x" * 150)}, {"type": "divider"}, {"type": "markdown", "text": "# x"}],
]
WRONG: list[tuple[Any, str, str]] = [
    (["x"], "unsupported type", "/blocks/0"),
    ([{"type": "video"}], "unsupported type: video", "/blocks/0"),
    ([{}], "unsupported type", "/blocks/0"),
    ([{"type": "divider"}] * 51, "no more than 50 items", "/blocks"),
    ([section()], "missing required field", "/blocks/0"),
    ([section(text=mrkdwn("x" * 3001))], "must be less than 3001 characters", "/blocks/0/text/text"),
    ([section(text=mrkdwn(""))], "must be more than 0 characters", "/blocks/0/text/text"),
    ([section(text=mrkdwn("  "))], "must be more than 0 characters", "/blocks/0/text/text"),
    ([section(text="x")], "must be a text object", "/blocks/0/text"),
    ([section(text=mrkdwn(1))], "must provide a string", "/blocks/0/text/text"),
    ([section(fields=[mrkdwn()] * 11)], "no more than 10 items", "/blocks/0/fields"),
    ([section(fields=[mrkdwn("x" * 2001)])], "must be less than 2001 characters", "/blocks/0/fields/0/text"),
    ([section(fields=[])], "no fewer than 1 items", "/blocks/0/fields"),
    ([section(text=plain(), accessory={"type": "datepicker"})], "unsupported type: datepicker", "/blocks/0/accessory"),
    ([actions()], "no fewer than 1 items", "/blocks/0/elements"),
    ([actions(*[button(action_id=f"{n}") for n in range(26)])], "no more than 25 items", "/blocks/0/elements"),
    ([actions(button(), button())], "action_id already exists", "/blocks/0/elements/1/action_id"),
    ([actions(button(text=plain("x" * 76)))], "must be less than 76 characters", "/blocks/0/elements/0/text/text"),
    ([actions(button(text=mrkdwn()))], "must be a text object of type plain_text", "/blocks/0/elements/0/text"),
    ([actions(button(value="x" * 2001))], "must be less than 2001 characters", "/blocks/0/elements/0/value"),
    ([actions(button(style="loud"))], "must be primary or danger", "/blocks/0/elements/0/style"),
    ([actions(menu("overflow", 6))], "no more than 5 items", "/blocks/0/elements/0/options"),
    ([actions(menu("static_select", 101))], "no more than 100 items", "/blocks/0/elements/0/options"),
    ([actions(menu("overflow", 0))], "no fewer than 1 items", "/blocks/0/elements/0/options"),
    ([actions({"type": "overflow", "options": [{"text": plain("x" * 76), "value": "x" * 151}]})], "151 characters", "/value"),
    ([{"type": "context", "elements": [mrkdwn()] * 11}], "no more than 10 items", "/blocks/0/elements"),
    ([{"type": "image", "image_url": "https://example.org"}], "must provide a string", "/blocks/0/alt_text"),
    ([table(["x"] * 21)], "no more than 20 items", "/blocks/0/rows/0"),
    ([table(*[["x"]] * 101)], "no more than 100 items", "/blocks/0/rows"),
    ([table([""])], "must be more than 0 characters", "/blocks/0/rows/0/0/text"),
    ([{"type": "table", "rows": [["x"]]}], "must be a raw_text or rich_text", "/blocks/0/rows/0/0"),
    ([table(["x"], column_settings=[{"align": "up"}])], "must be a column setting", "/blocks/0/column_settings/0"),
    ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters", "/blocks/0/text/text"),
    ([{"type": "divider", "block_id": "x"}] * 2, "block_id already exists", "/blocks/1/block_id"),
    ([{"type": "rich_text"}], "must be an array", "/blocks/0/elements"),
]


@pytest.mark.parametrize("good", TAKEN, ids=range(len(TAKEN)))
def test_what_slack_takes_is_taken(good: list[Json]) -> None:
    blocks.check(good)


@pytest.mark.parametrize(("bad", "words", "where"), WRONG, ids=range(len(WRONG)))
def test_what_slack_refuses_is_refused_with_its_words_and_where(bad: Any, words: str, where: str) -> None:
    error = refused(bad)
    assert error.code == "invalid_blocks"
    told = error.answer["response_metadata"]["messages"]
    assert any(words in line and f"{where}]" in line for line in told), told
    assert error.answer["errors"][0] in told[0]


@pytest.mark.parametrize("value", ["[]", {}, 1, {"type": "section"}])
def test_blocks_are_a_list(value: object) -> None:
    assert refused(value).code == "invalid_blocks_format"


def test_one_table_is_enough() -> None:
    assert refused([table(["x"]), table(["y"])]).code == "invalid_attachments"


def test_all_blocks_together_have_a_limit() -> None:
    long = [section(text=mrkdwn("x" * 3000)) for _ in range(4)]
    blocks.check(long)
    assert refused([*long, section(text=mrkdwn("x" * 1300))]).code == "msg_blocks_too_long"


@pytest.mark.parametrize("file", sorted(RECORDED.glob("*.json")), ids=lambda file: str(file.name))
def test_recorded_rich_text_is_taken(file: Path) -> None:
    blocks.check([json.loads(file.read_bytes())])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "text", "elements"]), inner),
    max_leaves=8,
)
KINDS = st.sampled_from([*blocks.BY_TYPE, "button", "overflow", "plain_text", "raw_text"])
KEYS = ["text", "fields", "accessory", "elements", "rows", "options", "value", "block_id", "action_id", "column_settings"]
BLOCK = st.recursive(
    JSON,
    lambda inner: st.fixed_dictionaries({"type": KINDS}, optional={key: inner | st.lists(inner, max_size=2) for key in KEYS}),
    max_leaves=12,
)


@given(st.lists(BLOCK, max_size=3) | JSON)
def test_whatever_comes_is_taken_or_refused(value: Any) -> None:
    with contextlib.suppress(SlackError):
        blocks.check(value)
