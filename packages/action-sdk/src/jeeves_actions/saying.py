"""Answers of one message, which most are."""

from collections.abc import Mapping

from jeeves_contracts.actions import ActionAnswer, Reply, Visibility
from jeeves_contracts.base import Json
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, TextBlock

PARAGRAPH = 3000  # characters of a text block


def say(
    text: str, *, buttons: Mapping[str, str] | None = None, memo: Json | None = None, visibility: Visibility = "channel"
) -> ActionAnswer:
    """Return an answer of one message.

    `buttons`: label → what pressing it says for the person, at most five. `memo` comes back with what is said next.
    """
    blocks: list[Block] = []
    if buttons:
        blocks += [TextBlock(text=text[at : at + PARAGRAPH]) for at in range(0, len(text), PARAGRAPH)]
        blocks.append(ButtonsBlock(buttons=[Choice(label=label, command=command) for label, command in buttons.items()]))
    return ActionAnswer(messages=[Reply(text=text, blocks=blocks, visibility=visibility)], memo=memo or {})
