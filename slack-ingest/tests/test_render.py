"""Neutral blocks as Block Kit, within its limits (reliability F5)."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_contracts.blocks import (
    Block,
    ButtonsBlock,
    Choice,
    ChoicesBlock,
    ContextBlock,
    FieldsBlock,
    ImageBlock,
    LabelledValue,
    MenuBlock,
    PictureBlock,
    TableBlock,
    TextBlock,
)
from jeeves_sandbox.blocks import check
from slack_ingest import render
from support.pictures import png

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


def test_a_paragraph_that_escaping_makes_too_long_loses_nothing() -> None:
    words = "x" + "<&>" * 999 + "  "
    shown = render.blocks([TextBlock(text=words)])
    texts = [block["text"]["text"] for block in shown]
    assert [block["type"] for block in shown] == ["section"] * 5
    assert max(map(len, texts)) <= 3000
    assert "".join(texts) == render.text(words)
    assert not [part for part in texts if part.rpartition("&")[2].count(";") != 1]  # none is cut within an entity


def test_a_paragraph_of_nothing_that_is_seen_is_none() -> None:
    assert render.blocks([TextBlock(text="\u200b")]) == []


def test_a_small_line_is_a_context() -> None:
    (shown,) = render.blocks([ContextBlock(text=HOSTILE)])
    assert shown == {"type": "context", "elements": [{"type": "mrkdwn", "text": ESCAPED}]}


FORECAST = TableBlock(header=["Day", "°C", ""], rows=[["Mon", "12", "☔"], ["<b> & c", "", "東京"]])


def test_a_table_is_slack_s_own_once_in_a_message() -> None:
    first, second = render.blocks([FORECAST, FORECAST])
    assert [[cell["text"] for cell in row] for row in first["rows"]] == [
        ["Day", "°C", " "],
        ["Mon", "12", "☔"],
        ["<b> & c", " ", "東京"],  # as it stands: no markup is read in it
    ]
    assert {cell["type"] for row in first["rows"] for cell in row} == {"raw_text"}
    assert second["type"] == "rich_text"
    (plain,) = render.blocks([FORECAST], with_tables=False)
    assert plain == second
    text = plain["elements"][0]["elements"][0]["text"]
    assert text.splitlines() == ["Day      °C", "Mon      12  ☔", "<b> & c      東京"]


MENU = MenuBlock(
    choices=[Choice(label="Not what I meant", command="not what i meant X"), Choice(label="Report", command="report X")]
)


def test_a_menu_stands_beside_the_last_paragraph_that_has_room() -> None:
    choose = ChoicesBlock(prompt="Which?", choices=[Choice(label="Paris", command="paris")])
    first, second, chosen = render.blocks([TextBlock(text="one"), TextBlock(text="two"), choose, MENU])
    assert "accessory" not in first
    assert chosen["accessory"]["type"] == "static_select"
    menu = second["accessory"]
    assert (menu["type"], menu["action_id"]) == ("overflow", "jeeves:3")
    assert [(option["text"]["text"], option["value"]) for option in menu["options"]] == [
        ("Not what I meant", "not what i meant X"), ("Report", "report X"),
    ]  # fmt: skip


def test_a_menu_without_a_paragraph_stands_alone() -> None:
    (row,) = render.blocks([MENU])
    assert [element["type"] for element in row["elements"]] == ["overflow"]
    image = ImageBlock(url="https://example.com/a.png", alt="a")
    assert [block["type"] for block in render.blocks([image, MENU])] == ["image", "actions"]


@pytest.mark.parametrize(
    "choices", [[Choice(label="one", command="x")], [Choice(label=str(n), command="x" * 151) for n in range(2)]]
)
def test_a_menu_that_slack_would_not_have_becomes_buttons(choices: list[Choice]) -> None:
    text, row = render.blocks([TextBlock(text="text"), MenuBlock(choices=choices)])
    assert "accessory" not in text
    assert [element["type"] for element in row["elements"]] == ["button"] * len(choices)


def test_a_picture_is_shown_where_slack_has_it_and_else_told() -> None:
    chart = PictureBlock.of(png(8, 8), HOSTILE)
    shown, told = render.blocks([chart, chart], pictures={0: "F0CHART"})
    assert shown == {"type": "image", "slack_file": {"id": "F0CHART"}, "alt_text": HOSTILE}  # no markup is read in it
    assert told == {"type": "context", "elements": [{"type": "mrkdwn", "text": ESCAPED}]}
    assert render.blocks([chart]) == [told]


def test_what_is_pressed_can_tell_its_thread() -> None:
    shown = render.marked(
        render.blocks([TextBlock(text="x"), ButtonsBlock(buttons=[Choice(label="a", command="a")]), MENU]), "1.2"
    )
    assert shown[0]["accessory"]["action_id"] == "jeeves:2@1.2"
    assert shown[1]["elements"][0]["action_id"] == "jeeves:1.0@1.2"


def test_a_menu_whose_commands_are_too_long_becomes_buttons() -> None:
    choices = [Choice(label=f"No. {number}", command="x" * 151) for number in range(60)]
    prompt, *rows = render.blocks([ChoicesBlock(prompt="Which?", choices=choices)])
    assert prompt["type"] == "section"
    assert [len(row["elements"]) for row in rows] == [25, 25, 10]


def test_what_was_changed_and_its_undo_are_shown_below_any_number_of_blocks() -> None:
    long = ChoicesBlock(prompt="Which?", choices=[Choice(label="a", command="x" * 151)] * 100)
    undo = ButtonsBlock(buttons=[Choice(label="Undo", command="undo")])
    shown = render.blocks([*[long] * 38, ContextBlock(text="a → b"), undo])
    assert len(shown) == 50
    assert [block["type"] for block in shown[-2:]] == ["context", "actions"]
    assert shown[-1]["elements"][0]["value"] == "undo"
    assert render.fitting([{"late": True}, *shown])[-1] == shown[-1]


LABELS = st.text(min_size=1, max_size=150)
CHOICES = st.builds(Choice, label=LABELS, command=st.text(min_size=1, max_size=1500))
BLOCKS = st.one_of(
    st.builds(TextBlock, text=st.text(st.sampled_from("<&>x"), min_size=1, max_size=3000)),
    st.builds(FieldsBlock, fields=st.lists(st.builds(LabelledValue, label=LABELS), min_size=1, max_size=10)),
    st.builds(ButtonsBlock, buttons=st.lists(CHOICES, min_size=1, max_size=5)),
    st.builds(ChoicesBlock, prompt=LABELS, choices=st.lists(CHOICES, min_size=1, max_size=100)),
    st.builds(ContextBlock, text=st.text(st.sampled_from("<&>x"), min_size=1, max_size=2000)),
    st.builds(MenuBlock, choices=st.lists(CHOICES, min_size=1, max_size=5)),
    st.integers(1, 6).flatmap(
        lambda columns: st.builds(
            TableBlock,
            header=st.lists(st.text(max_size=60), min_size=columns, max_size=columns),
            rows=st.lists(st.lists(st.text(max_size=60), min_size=columns, max_size=columns), min_size=1, max_size=24),
        )
    ),
)


@given(st.lists(BLOCKS, max_size=40))
def test_nothing_is_beyond_slacks_limits(neutral: list[Any]) -> None:
    shown = render.blocks(neutral)
    assert len(shown) <= 50
    assert sum(block["type"] == "table" for block in shown) <= 1
    names = [element["action_id"] for block in shown for element in pressable(block)]
    assert len(set(names)) == len(names)
    for block in shown:
        for element in pressable(block):
            for one in [element, *element.get("options", [])]:
                assert len(one["text"]["text"] if "text" in one else "") <= 75
                assert len(one.get("value", "")) <= (2000 if one is element else 150)
        if block["type"] == "section" and "text" in block:
            assert len(block["text"]["text"]) <= 3000
        for field in block.get("fields", []):
            assert len(field["text"]) <= 2000


def pressable(block: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in [*block.get("elements", []), block.get("accessory", {})] if "action_id" in one]


WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
SPOKEN = st.builds(Choice, label=WORDS, command=WORDS)
READABLE = st.one_of(
    st.builds(TextBlock, text=WORDS),
    st.builds(ContextBlock, text=WORDS),
    st.builds(MenuBlock, choices=st.lists(SPOKEN, min_size=1, max_size=5)),
    st.builds(ButtonsBlock, buttons=st.lists(SPOKEN, min_size=1, max_size=5)),
    st.builds(ChoicesBlock, prompt=WORDS, choices=st.lists(SPOKEN, min_size=1, max_size=9)),
    st.builds(
        TableBlock, header=st.just(["a", ""]), rows=st.lists(st.tuples(WORDS, st.just("")).map(list), min_size=1, max_size=9)
    ),
)


@given(st.lists(READABLE, min_size=1, max_size=12), st.booleans())
def test_a_slack_that_looks_closely_takes_them(neutral: list[Any], with_tables: bool) -> None:
    check(render.marked(render.blocks(neutral, with_tables=with_tables), "1764000000.000001"))


@pytest.mark.parametrize("kind", get_args(get_args(Block)[0]))
def test_no_kind_of_block_is_forgotten(kind: type) -> None:
    assert kind in render.RENDERED
