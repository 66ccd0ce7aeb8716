"""Plain words: what can be typed and read, without Slack's markup, odd spaces and characters that nobody sees."""

import re

from slack_ingest.body import text_at
from slack_ingest.rich_text import MARK, words_of_blocks

LIMIT = 40_000  # characters of a message, Slack's own
ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
ENTITY = re.compile("|".join(ENTITIES))
MARKUP = re.compile(r"<([^<>]*)>")
VOCATIVE = re.compile(r"\A[,:](?=\s|\Z)")  # "@Jeeves, weather"; but ":wave: weather"
NEWLINE = re.compile("\r\n?|[\x85\u2028\u2029]")
SPACE = re.compile(r"[^\S\n]")
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
    "|(?<![^\x00-\x7f])[\u200c\u200d]"  # joiners belong to scripts that are not ASCII, and to emoji
    # Flags of regions are an emoji and tags, the last of which ends it: https://unicode.org/reports/tr51/#Emoji_Tag_Sequences
    "|([\u2600-\u27bf\U0001f000-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007e]{1,16}\U000e007f)"
)


def words_of(event: object, own_user: str | None) -> str:
    """Return the words of a message, each mention of Jeeves a MARK: from its rich text, else from its `text`."""
    blocks = event.get("blocks") if isinstance(event, dict) else None
    words = words_of_blocks(blocks, own_user)
    return words if words.strip() else unwrap(text_at(event, "text"), own_user)


def unwrap(text: str, own_user: str | None) -> str:
    """Turn Slack's `text` into what was typed: entities unescaped once, `<…|label>` unwrapped."""
    words, end = [], 0
    for found in MARKUP.finditer(text := text.replace(MARK, "")):
        words += [unescape(text[end : found.start()]), _unwrapped(found[1], own_user)]
        end = found.end()
    return "".join([*words, unescape(text[end:])])


def unescape(text: str) -> str:
    """Undo Slack's escaping of the three control characters, once."""
    return ENTITY.sub(lambda found: ENTITIES[found[0]], text)


def spoken(words: str) -> str:
    """Return words as said to Jeeves: its mentions taken out, wherever they are, and what is not seen."""
    parts = [clean(part) for part in words.split(MARK)]
    told = parts.pop(0).lstrip()
    for part in parts:
        if not told:  # it addresses
            told = VOCATIVE.sub("", part.lstrip()).lstrip()
        else:
            told += part[1:] if told[-1].isspace() and part[:1].isspace() else part
    return told.strip()[:LIMIT]


def clean(text: str) -> str:
    """Fold every Unicode space to a blank and drop what is not seen: control characters, zero widths, lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    return UNSEEN.sub(lambda found: found[1] or "", SPACE.sub(" ", NEWLINE.sub("\n", text)))


def _unwrapped(inner: str, own_user: str | None) -> str:
    target, _, label = inner.partition("|")
    label = unescape(label)
    if own_user and target == f"@{own_user}":
        return MARK
    if target.startswith(("@", "#", "!subteam^")):
        return f"<{target}>"
    if target.startswith("!date^"):
        return label
    if target.startswith("!"):
        return f"@{target[1:]}" if target in ("!here", "!channel", "!everyone") else label
    return label or unescape(target)
