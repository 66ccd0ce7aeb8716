"""Neutral blocks as Block Kit, within Slack's limits; words from outside escaped once.

https://docs.slack.dev/reference/block-kit/blocks
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, ChoicesBlock, FieldsBlock, ImageBlock, TextBlock
from slack_ingest.interactions import OURS
from slack_ingest.plain import LIMIT, clean
from slack_ingest.words import say

BLOCKS = 50  # in a message
SECTION = 3000  # characters of a section's text
FIELD = 2000
ALT = 2000
LABEL = 75  # of a button, and of an option
OPTION = 150  # characters of an option's value; a button's may have 2,000
ROW = 25  # buttons in an actions block
ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
HALF_ENTITY = re.compile(r"&[a-z]{0,3}$")
Json = dict[str, Any]


def text(words: str, limit: int = LIMIT) -> str:
    """Return words for a place where Slack reads markup: nothing in them pings or links, and at most `limit` characters."""
    escaped = clean(words).translate(ESCAPED)
    return escaped if len(escaped) <= limit else HALF_ENTITY.sub("", escaped[:limit])


def blocks(neutral: list[Block]) -> list[Json]:
    """Return blocks for Slack; what is beyond its limit of 50 is left out."""
    return [one for index, block in enumerate(neutral) for one in RENDERED[type(block)](block, index)][:BLOCKS]


def _text(block: TextBlock, _: int) -> Iterator[Json]:
    yield {"type": "section", "text": _mrkdwn(block.text)}


def _fields(block: FieldsBlock, _: int) -> Iterator[Json]:
    yield {
        "type": "section",
        "fields": [{"type": "mrkdwn", "text": f"*{text(f.label)}*\n{text(f.value, FIELD - 800)}"} for f in block.fields],
    }


def _image(block: ImageBlock, _: int) -> Iterator[Json]:
    yield {"type": "image", "image_url": block.url, "alt_text": clean(block.alt)[:ALT]}


def _buttons(block: ButtonsBlock, index: int) -> Iterator[Json]:
    yield from _rows(block.buttons, index)


def _choices(block: ChoicesBlock, index: int) -> Iterator[Json]:
    """A menu; where a command is too long for an option's value, a button for each."""
    section: Json = {"type": "section", "text": _mrkdwn(block.prompt)}
    if any(len(choice.command) > OPTION for choice in block.choices):
        yield section
        yield from _rows(block.choices, index)
        return
    options = [{"text": _plain(choice.label, LABEL), "value": choice.command} for choice in block.choices]
    menu = {"type": "static_select", "placeholder": _plain(say("choose"), LABEL), "options": options}
    yield {**section, "accessory": {**menu, "action_id": f"{OURS}{index}"}}


def _rows(choices: list[Choice], index: int) -> Iterator[Json]:
    buttons = [_button(choice, f"{OURS}{index}.{number}") for number, choice in enumerate(choices)]
    for start in range(0, len(buttons), ROW):
        yield {"type": "actions", "elements": buttons[start : start + ROW]}


def _button(choice: Choice, action_id: str) -> Json:
    button: Json = {
        "type": "button",
        "text": _plain(choice.label, LABEL),
        "value": choice.command,
        "action_id": action_id,
    }
    return button if choice.style == "plain" else {**button, "style": choice.style}


def _mrkdwn(words: str) -> Json:
    return {"type": "mrkdwn", "text": text(words, SECTION)}


def _plain(words: str, limit: int) -> Json:
    """Plain text, which Slack shows as it stands."""
    return {"type": "plain_text", "text": clean(words)[:limit]}


RENDERED: dict[type[Any], Callable[[Any, int], Iterator[Json]]] = {
    TextBlock: _text,
    FieldsBlock: _fields,
    ImageBlock: _image,
    ButtonsBlock: _buttons,
    ChoicesBlock: _choices,
}
