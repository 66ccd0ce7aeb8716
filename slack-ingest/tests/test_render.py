"""Neutral blocks as Block Kit, within its limits (reliability F5)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, ChoicesBlock, FieldsBlock, ImageBlock, LabelledValue, TextBlock
from slack_ingest import render

HOSTILE = "<!channel> & <@U1> a<b"
ESCAPED = "&lt;!channel&gt; &amp; &lt;@U1&gt; a&lt;b"


def test_words_from_outside_are_escaped_once() -> None:  # P27
    assert render.text(HOSTILE) == ESCAPED
    assert render.text("&amp;") == "&amp;amp;"
    assert render.text("nul\x00 half\u202e") == "nul half"


@given(st.text(st.sampled_from("&<>ab"), max_size=60), st.integers(5, 60))
def test_a_text_is_cut_between_entities(words: str, limit: int) -> None:
    cut = render.text(words, limit)
    assert len(cut) <= limit
    back = cut.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert words.startswith(back)
    assert len(cut) > limit - 5 or back == words


def test_a_text_of_more_than_40000_characters_is_cut() -> None:
    assert len(render.text("&" * 40_000)) == 40_000


def test_each_block_has_its_form() -> None:
    neutral: list[Block] = [
        TextBlock(text=HOSTILE),
        FieldsBlock(fields=[LabelledValue(label="<now>", value=HOSTILE)]),
        ImageBlock(url="https://example.com/a.png", alt="a <map>"),
        ButtonsBlock(buttons=[Choice(label="Yes", command="do it", style="primary"), Choice(label="No", command="leave it")]),
        ChoicesBlock(prompt="Which <one>?", choices=[Choice(label="Paris", command="weather in Paris")]),
    ]
    text, fields, image, buttons, menu = render.blocks(neutral)
    assert text == {"type": "section", "text": {"type": "mrkdwn", "text": ESCAPED}}
    assert fields["fields"] == [{"type": "mrkdwn", "text": f"*&lt;now&gt;*\n{ESCAPED}"}]
    assert image == {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a <map>"}
    yes, no = buttons["elements"]
    assert (yes["value"], yes["style"], yes["action_id"]) == ("do it", "primary", "jeeves:3.0")
    assert (no["text"], "style" in no) == ({"type": "plain_text", "text": "No"}, False)
    assert menu["text"]["text"] == "Which &lt;one&gt;?"
    assert menu["accessory"]["type"] == "static_select"
    assert menu["accessory"]["options"] == [{"text": {"type": "plain_text", "text": "Paris"}, "value": "weather in Paris"}]


def test_a_menu_whose_commands_are_too_long_becomes_buttons() -> None:
    choices = [Choice(label=f"No. {number}", command="x" * 151) for number in range(60)]
    prompt, *rows = render.blocks([ChoicesBlock(prompt="Which?", choices=choices)])
    assert prompt["type"] == "section"
    assert [len(row["elements"]) for row in rows] == [25, 25, 10]


LABELS = st.text(min_size=1, max_size=150)
CHOICES = st.builds(Choice, label=LABELS, command=st.text(min_size=1, max_size=1500))
BLOCKS = st.one_of(
    st.builds(TextBlock, text=st.text(st.sampled_from("<&>x"), min_size=1, max_size=3000)),
    st.builds(FieldsBlock, fields=st.lists(st.builds(LabelledValue, label=LABELS), min_size=1, max_size=10)),
    st.builds(ButtonsBlock, buttons=st.lists(CHOICES, min_size=1, max_size=5)),
    st.builds(ChoicesBlock, prompt=LABELS, choices=st.lists(CHOICES, min_size=1, max_size=100)),
)


@given(st.lists(BLOCKS, max_size=40))
def test_nothing_is_beyond_slacks_limits(neutral: list[Any]) -> None:
    shown = render.blocks(neutral)
    assert len(shown) <= 50
    limits = {"section": 3000, "button": 75, "option": 75}
    for block in shown:
        if "text" in block:
            assert len(block["text"]["text"]) <= limits["section"]
        for field in block.get("fields", []):
            assert len(field["text"]) <= 2000
        elements = block.get("elements", [])
        assert len(elements) <= 25
        assert len({element["action_id"] for element in elements}) == len(elements)
        for button in elements:
            assert len(button["text"]["text"]) <= limits["button"]
            assert len(button["value"]) <= 2000
        for option in block.get("accessory", {}).get("options", []):
            assert len(option["value"]) <= 150
            assert len(option["text"]["text"]) <= limits["option"]


@pytest.mark.parametrize("kind", [TextBlock, FieldsBlock, ImageBlock, ButtonsBlock, ChoicesBlock])
def test_no_kind_of_block_is_forgotten(kind: type) -> None:
    assert kind in render.RENDERED
