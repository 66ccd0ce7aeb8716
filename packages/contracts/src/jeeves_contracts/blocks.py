"""Platform-neutral blocks: what an action may show beside its text. Each sender renders them in its platform's own way."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from jeeves_contracts.base import Contract

Short = Annotated[str, Field(min_length=1, max_length=150)]


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
    TextBlock | ContextBlock | FieldsBlock | TableBlock | ImageBlock | ButtonsBlock | ChoicesBlock | MenuBlock,
    Field(discriminator="type"),
]
