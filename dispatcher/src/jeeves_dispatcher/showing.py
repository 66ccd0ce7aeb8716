"""Replies with something to press: their text alone makes sense, their blocks hold it too."""

from collections.abc import Iterator, Sequence

from jeeves_contracts.actions import Reply, Visibility
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, ChoicesBlock, MenuBlock, TextBlock
from jeeves_dispatcher.words import words

SPOKEN = 1_500  # characters of what a button says
LABEL = 75  # characters of what it shows
PARAGRAPH = 3_000  # characters of a text block
ROW = 5  # buttons
LONGEST = 12_000  # characters of a text that gets blocks; a longer one is shown as it is
BLOCKS = 36  # of a reply that gets a menu: a receipt, too, has to find room
QUOTED = 80  # characters of what was said that are repeated


def pressing(command: str, label: str = "") -> Choice:
    """Return a choice that says `command`, and reads so where it has no other label."""
    return Choice(label=shortened(label or command, LABEL), command=command)


def replying(text: str, choices: Sequence[Choice] = (), *, visibility: Visibility = "channel") -> Reply:
    """Return a reply of words with up to five buttons below them. More than that are a list to choose from."""
    if not choices:
        return Reply(text=text, visibility=visibility)
    row: Block = ButtonsBlock(buttons=list(choices))
    if len(choices) > ROW:
        row = ChoicesBlock(prompt=words("choose"), choices=list(choices[:100]))
    return Reply(text=text, blocks=[*paragraphs(text), row], visibility=visibility)


def with_menu(reply: Reply, choices: Sequence[Choice]) -> Reply:
    """Return a reply with a ⋯ menu. One that is too long for it stays as it is."""
    blocks: list[Block] = list(reply.blocks) or (list(paragraphs(reply.text)) if len(reply.text) <= LONGEST else [])
    if not 0 < len(blocks) <= BLOCKS:
        return reply
    return reply.model_copy(update={"blocks": [*blocks, MenuBlock(choices=list(choices))]})


def paragraphs(text: str) -> Iterator[TextBlock]:
    """Yield a text as blocks, parted at the end of a line where one is near, else at a blank."""
    while text := text.strip("\n"):
        part = text[:PARAGRAPH]
        if len(text) > PARAGRAPH:
            ends = [part.rfind(mark, PARAGRAPH // 2) for mark in ("\n", " ")]
            part = part[: next((end for end in ends if end > 0), PARAGRAPH)]
        text = text[len(part) :]
        if part.strip():
            yield TextBlock(text=part)


def shortened(text: str, longest: int = QUOTED) -> str:
    """Return a text as one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def coded(text: str) -> str:
    """Return a text as what is to be typed."""
    return f"`{text.replace('`', chr(39))}`"
