"""Answers of one message, which most are."""

from collections.abc import Mapping

from jeeves_contracts.actions import ActionAnswer, Reply, Visibility
from jeeves_contracts.base import Json
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, PictureBlock, TextBlock

PARAGRAPH = 3000  # characters of a text block


def say(
    text: str,
    *,
    buttons: Mapping[str, str] | None = None,
    picture: bytes | None = None,
    alt: str = "",
    memo: Json | None = None,
    visibility: Visibility = "channel",
) -> ActionAnswer:
    """Return an answer of one message.

    `buttons`: label → what pressing it says for the person, at most five. `picture`: a PNG of at most 300,000 bytes, shown
    below the text, and `alt`: what it shows, for who cannot see it. `memo` comes back with what is said next.

    Raises pydantic.ValidationError for a picture that is none, or has no `alt`.
    """
    blocks: list[Block] = []
    if buttons or picture is not None:
        blocks += [TextBlock(text=text[at : at + PARAGRAPH]) for at in range(0, len(text), PARAGRAPH)]
    if picture is not None:
        blocks.append(PictureBlock.of(picture, alt))
    if buttons:
        blocks.append(ButtonsBlock(buttons=[Choice(label=label, command=command) for label, command in buttons.items()]))
    return ActionAnswer(messages=[Reply(text=text, blocks=blocks, visibility=visibility)], memo=memo or {})
