"""Words out of `rich_text` blocks, in which Slack has split a message already: mentions, links, emoji, lists.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/
"""

from collections.abc import Callable, Iterator

from slack_ingest.body import items_at, text_at

MARK = "\x00"  # stands for a mention of Jeeves; in nobody's words, for NUL is dropped from them
SECTIONS = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")


def words_of_blocks(blocks: object, own_user: str | None) -> str:
    """Return the words of all rich text: a line for each section and list item. Unknown blocks and elements are skipped."""
    rich = [block for block in items_at(blocks) if text_at(block, "type") == "rich_text"]
    return "\n".join(_inline(part, own_user).removesuffix("\n") for block in rich for part in _parts(block))


def _parts(block: object) -> Iterator[object]:
    """The sections of a block, those of its lists among them. Lists lie flat beside each other, however deep they look."""
    for element in items_at(block, "elements"):
        if text_at(element, "type") == "rich_text_list":
            yield from items_at(element, "elements")
        elif text_at(element, "type") in SECTIONS:
            yield element


def _inline(section: object, own_user: str | None) -> str:
    words = []
    for element in items_at(section, "elements"):
        if own_user and text_at(element, "type") == "user" and text_at(element, "user_id") == own_user:
            words.append(MARK)
        elif spell := SPELLED.get(text_at(element, "type")):
            words.append(spell(element).replace(MARK, ""))
    return "".join(words)


def _link(element: object) -> str:
    # Blocks are not escaped, but for some addresses in them.
    return text_at(element, "text") or text_at(element, "url").replace("&amp;", "&")


def _emoji(element: object) -> str:
    name, tone = text_at(element, "name"), element.get("skin_tone") if isinstance(element, dict) else None
    if isinstance(tone, int) and "::" not in name:
        name = f"{name}::skin-tone-{tone}"
    return f":{name}:" if name else ""


def _named(before: str, key: str, after: str) -> Callable[[object], str]:
    def spell(element: object) -> str:
        name = text_at(element, key)
        return f"{before}{name}{after}" if name else ""

    return spell


SPELLED: dict[str, Callable[[object], str]] = {
    "text": _named("", "text", ""),
    "link": _link,
    "emoji": _emoji,
    "user": _named("<@", "user_id", ">"),
    "channel": _named("<#", "channel_id", ">"),
    "usergroup": _named("<!subteam^", "usergroup_id", ">"),
    "team": _named("<@", "team_id", ">"),
    "broadcast": _named("@", "range", ""),
    "color": _named("", "value", ""),
    "date": _named("", "fallback", ""),
}
