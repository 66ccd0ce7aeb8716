"""Neutral blocks as Block Kit, within Slack's limits; words from outside escaped once.

https://docs.slack.dev/reference/block-kit/blocks
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jeeves_contracts.blocks import (
    Block,
    ButtonsBlock,
    ChoicesBlock,
    ContextBlock,
    FieldsBlock,
    ImageBlock,
    MenuBlock,
    PictureBlock,
    TableBlock,
    TextBlock,
)
from slack_ingest import elements, tables
from slack_ingest.interactions import MARKED
from slack_ingest.plain import LIMIT, clean

BLOCKS = 50  # in a message
LAST = 3  # of them that are never left out: what was changed, and its Undo, stand there
SECTION = 3000  # characters of a section's text
FIELD = 2000
ALT = 2000
ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
HALF_ENTITY = re.compile(r"&[a-z]{0,3}$")
Json = dict[str, Any]


def text(words: str, limit: int = LIMIT) -> str:
    """Return words for a place where Slack reads markup: nothing in them pings or links, and at most `limit` characters."""
    escaped = clean(words).translate(ESCAPED)
    return escaped if len(escaped) <= limit else HALF_ENTITY.sub("", escaped[:limit])


def blocks(neutral: list[Block], *, with_tables: bool = True, pictures: Mapping[int, str] | None = None) -> list[Json]:
    """Return blocks for Slack, no more than it takes. `with_tables`: whether it takes its own table.

    `pictures`: Slack's ids of uploaded pictures by the places of their blocks; of others only their words are shown.
    """
    shown: list[Json] = []
    for index, block in enumerate(neutral):
        if isinstance(block, TableBlock) and not with_tables:
            shown.append(tables.preformatted(block))
        elif isinstance(block, PictureBlock) and pictures and index in pictures:
            shown.append({"type": "image", "slack_file": {"id": pictures[index]}, "alt_text": clean(block.alt)[:ALT]})
        else:
            shown += list(RENDERED[type(block)](block, index, shown))
    return fitting(shown)


def fitting(shown: list[Json]) -> list[Json]:
    """Return as many blocks as a message may have: where there are more, some before the last ones are left out."""
    return shown if len(shown) <= BLOCKS else [*shown[: BLOCKS - LAST], *shown[-LAST:]]


def context(words: str) -> Json:
    """Return a small line."""
    return {"type": "context", "elements": [_mrkdwn(words)]}


def marked(shown: list[Json], thread: str) -> list[Json]:
    """Let everything that can be pressed tell its thread: of a press in an ephemeral message Slack does not."""
    for block in shown:
        for element in (*block.get("elements", ()), block.get("accessory", {})):
            if "action_id" in element:
                element["action_id"] += MARKED + thread
    return shown


def _text(block: TextBlock, _: int, __: list[Json]) -> Iterator[Json]:
    """A paragraph; several, where escaping makes it longer than one may be."""
    rest = text(block.text)
    while rest:
        part = rest if len(rest) <= SECTION else HALF_ENTITY.sub("", rest[:SECTION])
        yield {"type": "section", "text": {"type": "mrkdwn", "text": part}}
        rest = rest[len(part) :]


def _context(block: ContextBlock, _: int, __: list[Json]) -> Iterator[Json]:
    yield context(block.text)


def _fields(block: FieldsBlock, _: int, __: list[Json]) -> Iterator[Json]:
    yield {
        "type": "section",
        "fields": [{"type": "mrkdwn", "text": f"*{text(f.label)}*\n{text(f.value, FIELD - 800)}"} for f in block.fields],
    }


def _table(block: TableBlock, _: int, shown: list[Json]) -> Iterator[Json]:
    """A message may have one table."""
    yield tables.preformatted(block) if any(one["type"] == "table" for one in shown) else tables.table(block)


def _image(block: ImageBlock, _: int, __: list[Json]) -> Iterator[Json]:
    yield {"type": "image", "image_url": block.url, "alt_text": clean(block.alt)[:ALT]}


def _picture(block: PictureBlock, _: int, __: list[Json]) -> Iterator[Json]:
    """What a picture would have shown, where it cannot be."""
    yield context(block.alt)


def _buttons(block: ButtonsBlock, index: int, _: list[Json]) -> Iterator[Json]:
    yield from elements.rows(block.buttons, index)


def _choices(block: ChoicesBlock, index: int, _: list[Json]) -> Iterator[Json]:
    """A list; where a command is too long for it, a button for each."""
    section: Json = {"type": "section", "text": _mrkdwn(block.prompt)}
    select = elements.select(block.choices, index)
    yield {**section, "accessory": select} if select else section
    if not select:
        yield from elements.rows(block.choices, index)


def _menu(block: MenuBlock, index: int, shown: list[Json]) -> Iterator[Json]:
    """A ⋯ beside the last paragraph that has nothing beside it yet; else below; where it cannot be one, buttons."""
    menu = elements.overflow(block.choices, index)
    free = next((one for one in reversed(shown) if one["type"] == "section" and "accessory" not in one), None)
    if menu and free is not None:
        free["accessory"] = menu
    elif menu:
        yield {"type": "actions", "elements": [menu]}
    else:
        yield from elements.rows(block.choices, index)


def _mrkdwn(words: str) -> Json:
    return {"type": "mrkdwn", "text": text(words, SECTION)}


RENDERED: dict[type[Any], Callable[[Any, int, list[Json]], Iterator[Json]]] = {
    TextBlock: _text,
    ContextBlock: _context,
    FieldsBlock: _fields,
    TableBlock: _table,
    ImageBlock: _image,
    PictureBlock: _picture,
    ButtonsBlock: _buttons,
    ChoicesBlock: _choices,
    MenuBlock: _menu,
}
