"""Platform-neutral blocks: what an action may show beside its text. Each sender renders them in its platform's own way."""

import base64
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from jeeves_contracts.base import Contract

Short = Annotated[str, Field(min_length=1, max_length=150)]
BEGINNING = 44  # characters of base64: a PNG's signature, and its first chunk, which tells width and height
SIDE = 4096  # pixels of a picture's longer side


class TextBlock(Contract):
    """A paragraph. Backticks mark what is to be typed; nothing else is markup."""

    type: Literal["text"] = "text"
    text: str = Field(min_length=1, max_length=3000)


class ContextBlock(Contract):
    """A small line below the rest: a source, a receipt."""

    type: Literal["context"] = "context"
    text: str = Field(min_length=1, max_length=2000)


class LabelledValue(Contract):
    """A label with its value."""

    label: Short
    value: str = Field(max_length=1000)


class FieldsBlock(Contract):
    """A small table of labels and values."""

    type: Literal["fields"] = "fields"
    fields: list[LabelledValue] = Field(min_length=1, max_length=10)


Cell = Annotated[str, Field(max_length=60)]


class TableBlock(Contract):
    """A small table with a header. Every row has as many cells as the header."""

    type: Literal["table"] = "table"
    header: list[Cell] = Field(min_length=1, max_length=6)
    rows: list[list[Cell]] = Field(min_length=1, max_length=24)

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("every row of a table has as many cells as its header")
        return self


class ImageBlock(Contract):
    """A picture at a public https address."""

    type: Literal["image"] = "image"
    url: str = Field(pattern=r"^https://", max_length=3000)
    alt: Short


class PictureBlock(Contract):
    """A picture that travels along: a PNG of at most 300,000 bytes and 4096 pixels a side, in base64.

    `alt` says what it shows: to who cannot see it, and in its place where a platform would not have it.
    """

    type: Literal["picture"] = "picture"
    png: str = Field(pattern=r"^iVBORw0KGgo[A-Za-z0-9+/]+={0,2}$", min_length=BEGINNING, max_length=400_000)
    alt: Short

    @model_validator(mode="after")
    def _begins_as_a_png_does(self) -> Self:
        """Only the header is read: nobody unpacks on the way what strangers packed."""
        head = base64.b64decode(self.png[:BEGINNING])
        width, height = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
        if len(self.png) % 4 or head[8:16] != b"\0\0\0\rIHDR" or not (0 < width <= SIDE and 0 < height <= SIDE):
            raise ValueError(f"a picture is a PNG, at most {SIDE} pixels wide and high, in base64")
        return self

    @classmethod
    def of(cls, png: bytes, alt: str) -> Self:
        """Return a picture of a PNG's bytes. Raises pydantic.ValidationError when they are none, or too many."""
        return cls(png=base64.b64encode(png).decode(), alt=alt)

    @property
    def content(self) -> bytes:
        """The PNG's bytes."""
        return base64.b64decode(self.png)


class Choice(Contract):
    """A thing to press: as if the person had typed `command`."""

    label: Short
    command: str = Field(min_length=1, max_length=1500)
    style: Literal["plain", "primary", "danger"] = "plain"


class ButtonsBlock(Contract):
    """Up to five buttons in a row."""

    type: Literal["buttons"] = "buttons"
    buttons: list[Choice] = Field(min_length=1, max_length=5)


class ChoicesBlock(Contract):
    """A list to choose one from."""

    type: Literal["choices"] = "choices"
    prompt: Short
    choices: list[Choice] = Field(min_length=1, max_length=100)


class MenuBlock(Contract):
    """Up to five things to choose from that stay out of the way until somebody looks for them: the ⋯ beside a message."""

    type: Literal["menu"] = "menu"
    choices: list[Choice] = Field(min_length=1, max_length=5)


Block = Annotated[
    TextBlock | ContextBlock | FieldsBlock | TableBlock | ImageBlock | PictureBlock | ButtonsBlock | ChoicesBlock | MenuBlock,
    Field(discriminator="type"),
]
