"""What is put to the replies of an answer before they are stored: a receipt with its Undo, a first greeting."""

from collections.abc import Sequence

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, ContextBlock, MenuBlock, TextBlock
from users_service.words import words

TEXT = 40_000  # characters of a reply's text
BLOCKS = 40  # of a reply
PARAGRAPH = 3000  # characters of a text block
SMALL = 2000  # characters of a small line
LINES, LINE = 10, 300  # lines of a receipt, characters of each


def with_receipt(
    replies: Sequence[Reply], lines: Sequence[str], reference: str, *, personal: bool, locale: str | None
) -> list[Reply]:
    """Put what was changed, and how to take it back, to the last reply; a reply of its own where there is none, or no room.

    `personal`: others need not read it, so nothing of the answer is shown to the channel.
    """
    text = _small(lines, locale)
    undo = Choice(label=words("undo", locale), command=f"undo {reference}")
    receipt: list[Block] = [ContextBlock(text=text), ButtonsBlock(buttons=[undo])]
    *others, last = replies or [Reply(text=words("done", locale))]
    blocks = last.blocks or paragraphs(last.text)
    if len(blocks) + len(receipt) > BLOCKS:
        others.append(last)
        last = Reply(text=words("done", locale), visibility=last.visibility)
        blocks = paragraphs(last.text)
    at = len(blocks) - isinstance(blocks[-1], MenuBlock)  # what is out of the way stays last
    told = last.model_copy(
        update={"text": f"{last.text[: TEXT - len(text) - 1]}\n{text}", "blocks": [*blocks[:at], *receipt, *blocks[at:]]}
    )
    return [private(reply) if personal else reply for reply in (*others, told)]


def _small(lines: Sequence[str], locale: str | None) -> str:
    """Return lines as they fit into a small line of a reply, and how many more there are."""
    shown: list[str] = []
    room = SMALL - LINE  # for how many more there are
    for line in lines[:LINES]:
        cut = line if len(line) <= LINE else line[: LINE - 1] + "…"
        room -= len(cut) + 1
        if room < 0:
            break
        shown.append(cut)
    left = len(lines) - len(shown)
    return "\n".join([*shown, *([words("receipt.more", locale, number=left)] if left else [])])


def private(reply: Reply) -> Reply:
    """Return a reply that only its person sees."""
    return reply.model_copy(update={"visibility": "ephemeral"}) if reply.visibility == "channel" else reply


def paragraphs(text: str) -> list[Block]:
    """Return a text as blocks."""
    return [TextBlock(text=text[start : start + PARAGRAPH]) for start in range(0, len(text), PARAGRAPH)]


def greeted(replies: Sequence[Reply], locale: str | None) -> list[Reply]:
    """Let the first reply begin with a greeting."""
    first, *rest = replies
    hello = words("greeting", locale)
    blocks = [TextBlock(text=hello), *first.blocks] if 0 < len(first.blocks) < BLOCKS else first.blocks
    return [first.model_copy(update={"text": f"{hello}\n{first.text}"[:TEXT], "blocks": blocks}), *rest]
