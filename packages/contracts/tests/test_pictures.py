"""Pictures and files that travel along: what they must be, and how large they may be."""

import base64
import json

import pytest
from pydantic import ValidationError

from jeeves_contracts.actions import PICTURES, ActionAnswer, File, Reply
from jeeves_contracts.blocks import PictureBlock

HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def png(width: int = 1, height: int = 1, more: bytes = b"\x08\x02\0\0\0crc!") -> bytes:
    return HEAD + width.to_bytes(4) + height.to_bytes(4) + more


def test_a_picture_comes_out_as_it_went_in() -> None:
    answer = ActionAnswer(messages=[Reply(text="x", blocks=[PictureBlock.of(png(4096, 4096), "a chart")])])
    (block,) = ActionAnswer.from_bytes(answer.to_bytes()).messages[0].blocks
    assert isinstance(block, PictureBlock)
    assert (block.content, block.alt) == (png(4096, 4096), "a chart")
    whole = PictureBlock.of(png() + b"x" * (300_000 - len(png())), "x")
    assert len(whole.content) == 300_000


@pytest.mark.parametrize(
    "content",
    [
        b"", b"GIF89a" + b"x" * 60, HEAD, png(more=b""), png(0, 1), png(1, 0), png(4097, 1), png(1, 2**31),
        HEAD.replace(b"IHDR", b"IDAT") + b"\1" * 30, png() + b"x" * 300_000, b"<svg/>" * 20,
    ],
)  # fmt: skip
def test_what_is_no_small_png_is_none(content: bytes) -> None:
    with pytest.raises(ValidationError):
        PictureBlock.of(content, "x")


@pytest.mark.parametrize("spoil", [lambda text: text[:-1], lambda text: text + "!", lambda text: text[:20] + "\n" + text[20:]])
def test_a_picture_is_whole(spoil: object) -> None:
    text = base64.b64encode(png() * 2).decode()
    body = {"messages": [{"text": "x", "blocks": [{"type": "picture", "png": spoil(text), "alt": "x"}]}]}  # type: ignore[operator]
    with pytest.raises(ValidationError):
        ActionAnswer.from_bytes(json.dumps(body))


def test_a_message_has_few_pictures() -> None:
    picture = PictureBlock.of(png(), "x")
    assert len(Reply(text="x", blocks=[picture] * PICTURES).blocks) == PICTURES
    with pytest.raises(ValidationError):
        Reply(text="x", blocks=[picture] * (PICTURES + 1))


def test_a_file_comes_out_as_it_went_in() -> None:
    file = File.of("all-of-it.json", bytes(range(256)) * 2812)
    assert File.from_bytes(file.to_bytes()).content == bytes(range(256)) * 2812
    assert len(File.of("x", b"x" * 720_000).content) == 720_000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("", "eA=="), ("../x", "eA=="), (".hidden", "eA=="), ("a/b", "eA=="), ("a b", "eA=="), ("x\n", "eA=="),
        ("x" * 101, "eA=="),
        ("x", ""), ("x", "="), ("x", "eA="), ("x", "e"), ("x", "eA==eA=="), ("x", "e-_="), ("x", "A" * 960_004),
    ],
)  # fmt: skip
def test_what_is_no_file_is_none(name: str, data: str) -> None:
    with pytest.raises(ValidationError):
        File(name=name, data=data)
