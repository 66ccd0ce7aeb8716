"""Which Block Kit Slack takes, and what it complains of: its documented limits, and those that people met.

https://docs.slack.dev/reference/block-kit/blocks
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from jeeves_sandbox.errors import Json, SlackError

BLOCKS = 50
TOTAL = 13_200  # characters of all blocks; not documented (slackapi/bolt-js issue 2509)
SHOWN_ERRORS = 10
ACCESSORIES = ("button", "static_select", "overflow", "image")
INTERACTIVE = ("button", "static_select", "overflow")
UNSEEN = ("type", "value", "action_id", "block_id", "style")  # of what is counted, for nobody reads it
FILE_ID = re.compile(r"F[A-Z0-9]{8,}", re.ASCII)
ALIGNED = ("left", "center", "right")
Wrong = Iterator[tuple[str, str]]  # a complaint, and where


def check(blocks: object, shows: Callable[[str], bool] = lambda _: False) -> None:
    """Raise SlackError for blocks that Slack would not take. `shows`: whether a file, by its id, is a picture that is there."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    wrong = [*_message(blocks), *_files(blocks, shows)]
    if wrong:
        lines = [f"{words} [json-pointer:{where}]" for words, where in wrong[:SHOWN_ERRORS]]
        raise SlackError("invalid_blocks", errors=lines, response_metadata={"messages": [f"[ERROR] {line}" for line in lines]})
    if sum(block.get("type") == "table" for block in blocks) > 1:
        raise SlackError("invalid_attachments", response_metadata={"messages": ["[ERROR] only_one_table_allowed"]})
    if _length(blocks) > TOTAL:
        raise SlackError("msg_blocks_too_long")


def _message(blocks: list[Any]) -> Wrong:
    if len(blocks) > BLOCKS:
        yield f"no more than {BLOCKS} items allowed", "/blocks"
        return
    ids: set[object] = set()
    for index, block in enumerate(blocks):
        where = f"/blocks/{index}"
        kind = str(block.get("type")) if isinstance(block, dict) else ""
        checker = BY_TYPE.get(kind)
        if checker is None:
            yield f"unsupported type: {kind}", where
            continue
        name = block.get("block_id")
        if name is not None:
            yield from _string(name, f"{where}/block_id", 255)
            if str(name) in ids:
                yield "block_id already exists", f"{where}/block_id"
            ids.add(str(name))
        yield from checker(block, where)


def _files(blocks: list[Any], shows: Callable[[str], bool]) -> Wrong:
    """Complain of pictures that are not there, nor yet there: where in an accessory or in a small line, too."""
    for index, block in enumerate(block for block in blocks if isinstance(block, dict)):
        elements = block.get("elements")
        small = elements if isinstance(elements, list) else []
        parts = [
            ("", block),
            ("/accessory", block.get("accessory")),
            *((f"/elements/{at}", one) for at, one in enumerate(small)),
        ]
        for where, part in parts:
            file = part.get("slack_file") if isinstance(part, dict) and part.get("type") == "image" else None
            name = file.get("id") if isinstance(file, dict) else None
            if isinstance(name, str) and FILE_ID.fullmatch(name) and not shows(name):
                yield "invalid slack file", f"/blocks/{index}{where}/slack_file"


def _string(value: object, where: str, most: int, least: int = 1) -> Wrong:
    if not isinstance(value, str):
        yield "must provide a string", where
    elif len(value.strip()) < least:
        yield f"must be more than {least - 1} characters", where
    elif len(value) > most:
        yield f"must be less than {most + 1} characters", where


def _items(value: object, where: str, most: int, least: int = 1) -> Wrong:
    if not isinstance(value, list):
        yield "must be an array", where
    elif len(value) < least:
        yield f"no fewer than {least} items allowed", where
    elif len(value) > most:
        yield f"no more than {most} items allowed", where


def _text(value: object, where: str, most: int, *kinds: str) -> Wrong:
    kinds = kinds or ("plain_text", "mrkdwn")
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield f"must be a text object of type {' or '.join(kinds)}", where
    else:
        yield from _string(value.get("text"), f"{where}/text", most)


def _each(value: object, where: str, most: int, check_one: Callable[[Any, str], Wrong]) -> Wrong:
    wrong = list(_items(value, where, most))
    yield from wrong
    if not wrong and isinstance(value, list):
        for index, item in enumerate(value):
            yield from check_one(item, f"{where}/{index}")


def _section(block: Json, where: str) -> Wrong:
    if "text" not in block and "fields" not in block:
        yield "missing required field: text or fields", where
    if "text" in block:
        yield from _text(block["text"], f"{where}/text", 3000)
    if "fields" in block:
        yield from _each(block["fields"], f"{where}/fields", 10, lambda one, at: _text(one, at, 2000))
    if "accessory" in block:
        yield from _element(block["accessory"], f"{where}/accessory", ACCESSORIES)


def _context(block: Json, where: str) -> Wrong:
    def one(element: Any, at: str) -> Wrong:
        if isinstance(element, dict) and element.get("type") == "image":
            return _image(element, at)
        return _text(element, at, 3000)

    return _each(block.get("elements"), f"{where}/elements", 10, one)


def _actions(block: Json, where: str) -> Wrong:
    yield from _each(block.get("elements"), f"{where}/elements", 25, lambda one, at: _element(one, at, INTERACTIVE))
    elements = block.get("elements")
    names = [e.get("action_id") for e in elements if isinstance(e, dict)] if isinstance(elements, list) else []
    for index, name in enumerate(names):
        if name is not None and name in names[:index]:
            yield "action_id already exists", f"{where}/elements/{index}/action_id"


def _image(block: Json, where: str) -> Wrong:
    if "slack_file" in block and "image_url" in block:
        yield "must provide either image_url or slack_file", where
    elif "slack_file" in block:
        file = block["slack_file"]
        if not isinstance(file, dict) or set(file) != {"id"}:
            yield "must provide the id of a file", f"{where}/slack_file"
        elif not isinstance(file["id"], str) or not FILE_ID.fullmatch(file["id"]):
            yield f"input must match regex pattern: ^{FILE_ID.pattern}$", f"{where}/slack_file/id"
    else:
        yield from _string(block.get("image_url"), f"{where}/image_url", 3000)
    yield from _string(block.get("alt_text"), f"{where}/alt_text", 2000)
    if "title" in block:
        yield from _text(block["title"], f"{where}/title", 2000, "plain_text")


def _table(block: Json, where: str) -> Wrong:
    wrong = list(_items(block.get("rows"), f"{where}/rows", 100))
    yield from wrong
    for index, row in enumerate([] if wrong else block["rows"]):
        yield from _each(row, f"{where}/rows/{index}", 20, _cell)
    for index, setting in enumerate(block.get("column_settings") or []):
        if setting is not None and (not isinstance(setting, dict) or setting.get("align", "left") not in ALIGNED):
            yield "must be a column setting", f"{where}/column_settings/{index}"


def _cell(cell: Any, where: str) -> Wrong:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if kind == "rich_text":
        yield from _items(cell.get("elements"), f"{where}/elements", 1000)
    elif kind != "raw_text":
        yield "must be a raw_text or rich_text", where
    elif not isinstance(cell.get("text"), str) or not cell["text"]:
        yield "must be more than 0 characters", f"{where}/text"  # a blank will do


def _element(element: Any, where: str, kinds: tuple[str, ...]) -> Wrong:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in kinds:
        yield f"unsupported type: {kind}", where
        return
    if kind == "image":
        yield from _image(element, where)
        return
    if "action_id" in element:
        yield from _string(element["action_id"], f"{where}/action_id", 255)
    yield from (_button if kind == "button" else _menu)(element, where)


def _button(element: Json, where: str) -> Wrong:
    yield from _text(element.get("text"), f"{where}/text", 75, "plain_text")
    if "value" in element:
        yield from _string(element["value"], f"{where}/value", 2000)
    if "url" in element:
        yield from _string(element["url"], f"{where}/url", 3000)
    if element.get("style", "primary") not in ("primary", "danger"):
        yield "must be primary or danger", f"{where}/style"


def _menu(element: Json, where: str) -> Wrong:
    if "placeholder" in element:
        yield from _text(element["placeholder"], f"{where}/placeholder", 150, "plain_text")
    most = 5 if element["type"] == "overflow" else 100
    yield from _each(element.get("options"), f"{where}/options", most, _option)


def _option(option: Any, where: str) -> Wrong:
    if not isinstance(option, dict):
        yield "must be an option", where
        return
    yield from _text(option.get("text"), f"{where}/text", 75, "plain_text")
    yield from _string(option.get("value"), f"{where}/value", 150)
    if "description" in option:
        yield from _text(option["description"], f"{where}/description", 75, "plain_text")


BY_TYPE: dict[str, Callable[[Json, str], Wrong]] = {
    "section": _section,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "table": _table,
    "divider": lambda _block, _where: iter(()),
    "header": lambda block, where: _text(block.get("text"), f"{where}/text", 150, "plain_text"),
    "markdown": lambda block, where: _string(block.get("text"), f"{where}/text", 12_000),
    "rich_text": lambda block, where: _items(block.get("elements"), f"{where}/elements", 1000),
}


def _length(value: object) -> int:
    if isinstance(value, dict):
        return sum(_length(part) for name, part in value.items() if name not in UNSEEN)
    if isinstance(value, list):
        return sum(map(_length, value))
    return len(value) if isinstance(value, str) else 0
