"""Answers of one message: their words, picture and buttons, in this order."""

import pytest
from pydantic import ValidationError

from jeeves_actions import say
from jeeves_contracts.blocks import PictureBlock
from support.pictures import png


def test_words_alone_are_no_blocks() -> None:
    (message,) = say("hello").messages
    assert (message.text, message.blocks) == ("hello", [])


def test_a_picture_stands_below_the_words_and_above_the_buttons() -> None:
    (message,) = say("Here", picture=png(), alt="A chart", buttons={"More": "more"}).messages
    assert message.text == "Here"
    words, picture, _ = message.blocks
    assert [block.type for block in message.blocks] == ["text", "picture", "buttons"]
    assert isinstance(picture, PictureBlock)
    assert (words.model_dump()["text"], picture.content, picture.alt) == ("Here", png(), "A chart")


@pytest.mark.parametrize(("picture", "alt"), [(png(), ""), (b"GIF89a", "A chart"), (b"", "A chart"), (png() * 3000, "A chart")])
def test_a_picture_is_a_small_png_that_is_told_in_words(picture: bytes, alt: str) -> None:
    with pytest.raises(ValidationError):
        say("Here", picture=picture, alt=alt)
