"""What Slack makes of what a person types."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_sandbox.typed import Names, markup, rich_text

NAMES = Names({"ana": "U0ANA", "jeeves": "U0JEEVES"}, {"travel": "C0TRAVEL"})
Json = dict[str, Any]
JEEVES: Json = {"type": "user", "user_id": "U0JEEVES"}


def text(words: str, *styles: str) -> Json:
    return {"type": "text", "text": words, **({"style": dict.fromkeys(styles, True)} if styles else {})}


@pytest.mark.parametrize(
    ("typed", "elements", "said"),
    [
        ("weather in Paris", [text("weather in Paris")], "weather in Paris"),
        ("@Jeeves weather", [JEEVES, text(" weather")], "<@U0JEEVES> weather"),
        ("@jeeves, help", [JEEVES, text(", help")], "<@U0JEEVES>, help"),
        ("ask @ANA", [text("ask "), {"type": "user", "user_id": "U0ANA"}], "ask <@U0ANA>"),
        ("me@jeeves.example", [text("me@jeeves.example")], "me@jeeves.example"),
        ("@nobody #nowhere", [text("@nobody #nowhere")], "@nobody #nowhere"),
        ("in #Travel", [text("in "), {"type": "channel", "channel_id": "C0TRAVEL"}], "in <#C0TRAVEL>"),
        ("@here", [{"type": "broadcast", "range": "here"}], "<!here>"),
        ("<!channel> a & b", [text("<!channel> a & b")], "&lt;!channel&gt; a &amp; b"),
        ("see https://a.b/?x=1&y=2.", [text("see "), {"type": "link", "url": "https://a.b/?x=1&y=2"}, text(".")],
         "see <https://a.b/?x=1&amp;y=2>."),
        (":wave: hi", [{"type": "emoji", "name": "wave"}, text(" hi")], ":wave: hi"),
        ("at 18:00 or 19:00", [text("at 18:00 or 19:00")], "at 18:00 or 19:00"),
        ("`@Jeeves` *b* _i_ ~s~", [text("@Jeeves", "code"), text(" "), text("b", "bold"), text(" "), text("i", "italic"),
                                   text(" "), text("s", "strike")], "`@Jeeves` *b* _i_ ~s~"),
        ("*_both_*", [text("both", "italic", "bold")], None),
        ("2*3*4 and snake_case_name", [text("2*3*4 and snake_case_name")], "2*3*4 and snake_case_name"),
        ("*@Jeeves* help", [{**JEEVES, "style": {"bold": True}}, text(" help")], "*<@U0JEEVES>* help"),
        ("one\ntwo", [text("one\ntwo")], "one\ntwo"),
        ("naïve 東京 🌧", [text("naïve 東京 🌧")], "naïve 東京 🌧"),
    ],
)  # fmt: skip
def test_words_become_rich_text_and_escaped_markup(typed: str, elements: list[Json], said: str | None) -> None:
    blocks = rich_text(typed, NAMES)
    assert blocks == [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}]
    assert said is None or markup(blocks) == said


def test_a_fenced_block_stands_by_itself() -> None:
    (block,) = rich_text("before\n```\nx = 1\n@Jeeves\n```\nafter", NAMES)
    first, fence, last = block["elements"]
    assert fence == {"type": "rich_text_preformatted", "border": 0, "elements": [text("x = 1\n@Jeeves")]}
    assert (first["elements"], last["elements"]) == ([text("before")], [text("after")])
    assert markup([block]) == "before\n```x = 1\n@Jeeves```\nafter"


@given(st.text(alphabet="ab*_~`@#:<>&\n 1eJvs.", max_size=60))
def test_no_typed_word_is_lost(typed: str) -> None:
    def words(value: Any) -> str:
        if isinstance(value, list):
            return "".join(map(words, value))
        if isinstance(value, dict):
            return words(value.get("elements")) + str(value.get("text", "")) + str(value.get("name", ""))
        return ""

    kept = [c for c in typed if c.isalnum()]
    assert [c for c in words(rich_text(typed, NAMES)) if c.isalnum()] == kept
