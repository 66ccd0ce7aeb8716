"""From what a person types to what Slack makes of it: rich text for the blocks, escaped markup for `text`."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jeeves_sandbox.errors import Json

FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
STYLES = {"`": "code", "*": "bold", "_": "italic", "~": "strike"}
RANGES = ("here", "channel", "everyone")
TOKEN = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|(?P<link>https?://[^\s<>]*[^\s<>.,;:!?)\]'\"])"
    r"|(?P<emoji>:[a-z0-9_+'-]{1,50}:)"
    r"|(?P<named>(?<![\w@#])[@#][\w-]+)"
    r"|(?P<styled>(?<!\w)(?P<mark>[*_~])(?=\S)[^\n]*?(?<=\S)(?P=mark)(?!\w))",
)


@dataclass(frozen=True)
class Names:
    """What may be named: people by `@name`, channels by `#name`, in any case; each with its id."""

    people: Mapping[str, str]
    channels: Mapping[str, str]


def rich_text(typed: str, names: Names) -> list[Json]:
    """Return the blocks of a message."""
    elements: list[Json] = []
    end = 0
    for fence in FENCE.finditer(typed):
        elements += _section(typed[end : fence.start()], names)
        if fence[1]:
            elements.append({"type": "rich_text_preformatted", "border": 0, "elements": [{"type": "text", "text": fence[1]}]})
        end = fence.end()
    elements += _section(typed[end:], names)
    return [{"type": "rich_text", "elements": elements or [{"type": "rich_text_section", "elements": []}]}]


def markup(blocks: list[Json]) -> str:
    """Return the `text` that says the same as rich text."""
    parts = [_lines(part) for block in blocks for part in block["elements"]]
    return "".join(parts).strip("\n")


def _section(typed: str, names: Names) -> list[Json]:
    elements = list(_inline(typed.strip("\n"), names))
    return [{"type": "rich_text_section", "elements": elements}] if elements else []


def _inline(typed: str, names: Names, style: str | None = None) -> Iterator[Json]:
    end = 0
    for found in TOKEN.finditer(typed):
        element = list(_element(found, names))
        if element:
            yield from _plain(typed[end : found.start()], style)
            yield from ({**one, "style": {**one.get("style", {}), style: True}} if style else one for one in element)
            end = found.end()
    yield from _plain(typed[end:], style)


def _plain(words: str, style: str | None) -> Iterator[Json]:
    if words:
        yield {"type": "text", "text": words, **({"style": {style: True}} if style else {})}


def _element(found: re.Match[str], names: Names) -> Iterator[Json]:
    word = found[0]
    if found["code"]:
        yield {"type": "text", "text": word[1:-1], "style": {"code": True}}
    elif found["link"]:
        yield {"type": "link", "url": word}
    elif found["emoji"]:
        yield {"type": "emoji", "name": word[1:-1]}
    elif found["styled"]:
        yield from _inline(word[1:-1], names, STYLES[found["mark"]])
    elif word[1:].casefold() in RANGES and word[0] == "@":
        yield {"type": "broadcast", "range": word[1:].casefold()}
    elif word[0] == "@" and (person := names.people.get(word[1:].casefold())):
        yield {"type": "user", "user_id": person}
    elif word[0] == "#" and (channel := names.channels.get(word[1:].casefold())):
        yield {"type": "channel", "channel_id": channel}


def _lines(part: Json) -> str:
    words = "".join(map(_spelt, part["elements"]))
    return f"\n```{words}```\n" if part["type"] == "rich_text_preformatted" else words


def _spelt(element: Json) -> str:
    kind = element["type"]
    if kind == "text":
        words = html.escape(element["text"], quote=False)
    else:
        words = {
            "link": f"<{html.escape(element.get('url', ''), quote=False)}>",
            "emoji": f":{element.get('name')}:",
            "user": f"<@{element.get('user_id')}>",
            "channel": f"<#{element.get('channel_id')}>",
            "broadcast": f"<!{element.get('range')}>",
        }[kind]
    for mark, style in STYLES.items():
        if element.get("style", {}).get(style):
            words = f"{mark}{words}{mark}"
    return words
