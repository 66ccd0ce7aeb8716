"""Tables: Slack's own, of which a message may have one, else columns of a fixed width.

https://docs.slack.dev/reference/block-kit/blocks/table-block
"""

import unicodedata
from typing import Any

from jeeves_contracts.blocks import TableBlock
from slack_ingest.plain import clean

GAP = "  "  # between columns
Json = dict[str, Any]


def table(block: TableBlock) -> Json:
    """Return Slack's table block. A cell may not be empty."""
    rows = [[{"type": "raw_text", "text": clean(cell).strip() or " "} for cell in row] for row in (block.header, *block.rows)]
    return {"type": "table", "rows": rows}


def preformatted(block: TableBlock) -> Json:
    """Return the same in letters of one width."""
    rows = [[" ".join(clean(cell).split()) for cell in row] for row in (block.header, *block.rows)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = [GAP.join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows]
    text = {"type": "text", "text": "\n".join(line.rstrip() for line in lines) or " "}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [text]}]}


def _width(cell: str) -> int:
    """Return how many columns of a terminal a text takes: East Asian letters take two, what is put on others none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in cell
    )
