"""What a person said, in plain words (S25, S26)."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slack_ingest.plain import spoken, words_of
from support.slack_events import rich

BOT = "U0JEEVES"
ME: dict[str, Any] = {"type": "user", "user_id": BOT}
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
PAYLOADS = Path(__file__).parent / "payloads"


def said(*elements: dict[str, Any]) -> str:
    return spoken(words_of({"blocks": rich(*elements)}, BOT))


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def fallback(words: str) -> str:
    return spoken(words_of({"text": words}, BOT))


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ([ME, text(" weather in Paris")], "weather in Paris"),
        ([ME, text("\u00a0weather\u2003in Paris ")], "weather in Paris"),
        ([ME, text(", weather")], "weather"),
        ([ME, text(": weather")], "weather"),
        ([ME, text(" :wave: weather")], ":wave: weather"),
        ([text("weather in Paris "), ME], "weather in Paris"),  # EDGE 19: mentioned last
        ([text("weather "), ME, text(" in Paris")], "weather in Paris"),
        ([ME, text(" "), ME, text(" weather")], "weather"),
        ([ME, text(" say hi to "), ME], "say hi to"),  # EDGE 19: mentioned twice
        ([text("weather "), ME, text(" London "), ME], "weather London"),
        ([ME, text(" weather "), ME, text(" in "), ME, text(" Paris")], "weather in Paris"),
        ([ME, text(", "), ME, text(": weather")], "weather"),
        ([ME, text(" ask "), {"type": "user", "user_id": "U1"}, text(" or "), ME], "ask <@U1> or"),
        ([ME, text(" " + WALES)], WALES),
        ([ME, text(" a" + WALES[1:] + "b" + WALES)], "ab" + WALES),  # tags show nothing but after an emoji
        ([ME, text(" \U0001f3f4" + "\U000e0061" * 99 + "\U000e007f")], "\U0001f3f4"),
        ([ME, text(" \U0001f3f4\U000e0067 x \U000e0001y")], "\U0001f3f4 x y"),
        ([ME], ""),
        ([ME, text("   ")], ""),
        ([{**ME, "style": {"bold": True}}, text(" weather")], "weather"),
        ([text(f"weather <@{BOT}>", style={"code": True})], f"weather <@{BOT}>"),
        ([ME, text(" ask "), {"type": "user", "user_id": "U1"}], "ask <@U1>"),
        ([ME, text(" in "), {"type": "channel", "channel_id": "C1"}], "in <#C1>"),
        ([ME, {"type": "link", "url": "https://a.b/?x=1&amp;y=2"}], "https://a.b/?x=1&y=2"),  # EDGE 16
        ([ME, {"type": "link", "url": "http://x.y", "text": "x.y"}], "x.y"),
        ([ME, {"type": "emoji", "name": "wave", "unicode": "1f44b"}], ":wave:"),
        ([ME, {"type": "emoji", "name": "wave", "skin_tone": 3}], ":wave::skin-tone-3:"),  # EDGE 21
        ([ME, {"type": "emoji", "name": "wave::skin-tone-2"}], ":wave::skin-tone-2:"),
        ([ME, {"type": "broadcast", "range": "channel"}], "@channel"),
        ([ME, {"type": "usergroup", "usergroup_id": "S1"}], "<!subteam^S1>"),
        ([ME, {"type": "color", "value": "#ff0000"}], "#ff0000"),
        ([ME, {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1 January"}], "1 January"),
        ([ME, {"type": "hologram", "text": "x"}, text(" weather")], "weather"),  # EDGE 20
        ([ME, text(" a < b & c &amp; d")], "a < b & c &amp; d"),  # EDGE 16: blocks are not escaped
        ([ME, text(" nul\x00 bell\x07 zero\u200bwidth \ud800half \u202ertl\ufeff")], "nul bell zerowidth half rtl"),
        ([ME, text(" \u0645\u06cc\u200c\u062e")], "\u0645\u06cc\u200c\u062e"),  # joiners belong to the script
        ([ME, text(" wea\u200dther")], "weather"),
        ([ME, text(" one\r\ntwo\u2028three")], "one\ntwo\nthree"),
        ([ME, text(" " + "x" * 50_000)], "x" * 40_000),
        ([ME, text(" \u05d0\u05d1 \u05d2")], "\u05d0\u05d1 \u05d2"),  # right to left
    ],
)
def test_words_come_from_rich_text(elements: list[dict[str, Any]], words: str) -> None:  # S25, S26
    assert said(*elements) == words


def test_lists_quotes_and_code_keep_their_lines() -> None:  # S25, EDGE 18
    listed = {
        "type": "rich_text_list",
        "style": "bullet",
        "indent": 0,
        "elements": [{"type": "rich_text_section", "elements": [text(words)]} for words in ("one", "two")],
    }
    parts = [
        {"type": "rich_text_section", "elements": [ME, text(" remember\n")]},
        listed,
        {"type": "rich_text_quote", "elements": [text("said")]},
        {"type": "rich_text_preformatted", "elements": [text("x = 1\ny = 2")]},
        {"type": "rich_text_unheard_of", "elements": [text("lost")]},
    ]
    blocks = [{"type": "rich_text", "elements": parts[:2]}, {"type": "divider"}, {"type": "rich_text", "elements": parts[2:]}]
    assert spoken(words_of({"blocks": blocks, "text": "other"}, BOT)) == "remember\none\ntwo\nsaid\nx = 1\ny = 2"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (f"<@{BOT}>\u00a0weather Paris", "weather Paris"),
        (f"<@{BOT}|jeeves> weather", "weather"),
        (f"<@{BOT}>", ""),
        ("weather", "weather"),  # no mention: nothing is cut (pitfalls P20)
        ("a &lt; b &amp; c &amp;lt; d", "a < b & c &lt; d"),  # EDGE 16: once
        ("weather in <!channel>", "weather in @channel"),
        ("<!here|here> <@U1|Label With Space> <#C1|general> <#C1|>", "@here <@U1> <#C1> <#C1>"),  # EDGE 17
        ("<!subteam^S1|@team> <!date^1^{date}|1 January>", "<!subteam^S1> 1 January"),
        ("<https://a.b/?x=1&amp;y|a.b> <http://c.d/?x=1&amp;y=2> <mailto:a@b.c|a@b.c>", "a.b http://c.d/?x=1&y=2 a@b.c"),
        ("&lt;!everyone&gt;", "<!everyone>"),
        ("5 < 6 > 4 <", "5  6  4 <"),
    ],
)
def test_words_come_from_the_text_where_there_are_no_blocks(raw: str, words: str) -> None:  # S26
    assert fallback(raw) == words


def test_blocks_without_words_leave_the_text() -> None:  # EDGE 20
    nothing: list[Any] = [None, [], {}, "x", [{"type": "rich_text"}], [{"type": "rich_text", "elements": None}], [None, 1]]
    for blocks in nothing:
        assert spoken(words_of({"blocks": blocks, "text": "weather"}, BOT)) == "weather"


@pytest.mark.parametrize("file", sorted((PAYLOADS / "rich_text").glob("*.json")), ids=lambda file: str(file.name))
def test_recorded_rich_text_is_read_without_markup_of_ours(file: Path) -> None:
    words = spoken(words_of({"blocks": [json.loads(file.read_bytes())]}, BOT))
    assert words
    assert "\x00" not in words


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
KINDS = ["rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "text", "link", "emoji", "user", "date", "x"]
KEYS = ["elements", "text", "url", "name", "user_id", "skin_tone", "fallback", "style"]
ELEMENT = st.recursive(
    JSON,
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from(KINDS) | JSON}, optional={key: inner | st.lists(inner, max_size=3) for key in KEYS}
    ),
    max_leaves=20,
)


@given(st.fixed_dictionaries({}, optional={"blocks": st.lists(ELEMENT, max_size=3) | JSON, "text": JSON}))
@settings(deadline=None, max_examples=300)
def test_whatever_json_comes_it_is_read_without_a_crash(event: dict[str, Any]) -> None:
    words = spoken(words_of(event, BOT))
    assert len(words) <= 40_000
    words.encode()  # no lone surrogate
    assert "\x00" not in words
